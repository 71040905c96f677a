import { afterAll, beforeAll, expect, it } from 'vitest';
import { noticeStore } from '../../../../test-support/notice-desk.js';
import { allShapes, describeShapes } from '../../../../test-support/shapes.js';
import { loanLead, openStore, type TestStore } from '../../../../test-support/store.js';
import type { FeedEvent } from '../../../index.js';
import type { Storage } from '../../../storage/storage.js';
import type { NoticeBook } from '../notices/index.js';

/** Tells owners of what they are given, and everybody of the north and all agents of what is made. */
const book: NoticeBook = {
  templates: [
    {
      ...{ name: 'yours', channel: 'in-app', language: 'en', title: 'Yours: {{lead.number}}' },
      text: '{{person.name|Nobody}} waits for you, {{recipient.name}}.',
    },
    { name: 'yours', channel: 'in-app', language: 'hi', title: '{{lead.number}} आपका है', text: 'फ़ोन करें।' },
  ],
  rules: [
    { name: 'tell-owner', event: 'lead.assigned', to: { kind: 'owner' }, channels: ['in-app'], template: 'yours' },
    {
      ...{ name: 'tell-agents', event: 'lead.stage_changed', to: { kind: 'role', role: 'agent' } },
      ...{ channels: ['in-app'], template: 'yours' },
    },
  ],
};

describeShapes((makeStorage, { anotherHandle }) => {
  let storage: Storage;
  let desk: TestStore;
  let kiran: Awaited<ReturnType<TestStore['user']>>;
  let ravi: typeof kiran;

  beforeAll(async () => {
    storage = await makeStorage();
    desk = await noticeStore(storage, { notify: {} }, book);
    kiran = await desk.user('kiran', ['agent']);
    ravi = await desk.user('ravi', ['agent']);
  });
  afterAll(() => desk.lms.close());

  const given = async (to: string, fields: Readonly<Record<string, unknown>> = {}) => {
    desk.clock.advance('1s');
    const lead = await desk.admin.leads.create(loanLead(fields));
    await desk.admin.leads.assign(lead.id, { to });
    return lead;
  };

  it('a user is told once, in the words of the lead as it is now, though two processes hand out', async () => {
    const { id, number } = await given('kiran', { fullName: 'Zarina Quill' });
    const other = await openStore(await anotherHandle(storage), undefined, { notify: {} });
    await Promise.all([desk.lms.tick(), other.lms.tick()]);
    await other.lms.close();
    const { notices } = await kiran.notifications.inbox.list();
    expect(notices).toMatchObject([
      {
        ...{ leadId: id, rule: 'tell-owner', eventType: 'lead.assigned', language: 'en', readAt: null },
        ...{ title: `Yours: ${number}`, text: 'Zarina Quill waits for you, kiran.' },
      },
    ]);
    expect((await ravi.notifications.inbox.list()).notices).toEqual([]);
    const { notifications } = await desk.admin.notifications.list({ leadId: id });
    expect(notifications).toMatchObject([
      { id: notices[0]?.id, channel: 'in-app', recipient: 'user:kiran', status: 'sent', version: 1 },
    ]);
    const { rows } = await desk.admin.audit.list({ eventType: 'notification.sent', limit: 9 });
    expect(rows.filter(({ aggregate }) => aggregate.id === notices[0]?.id)).toHaveLength(1);
    const kept = JSON.stringify(await storage.inbox.list({ userId: 'kiran', unread: false, limit: 9 }));
    expect(kept).not.toContain('Zarina');
  });

  it('each marks its own as read, once; nobody sees or marks another’s', async () => {
    await given('ravi');
    await given('ravi');
    await desk.lms.tick();
    const { inbox } = ravi.notifications;
    const first = await inbox.list({ limit: 1, unread: true });
    const rest = await inbox.list({ limit: 9, unread: true, after: first.next ?? '' });
    const [one, two] = [...first.notices, ...rest.notices].map(({ id }) => id);
    if (one === undefined || two === undefined) throw new Error('nobody was told');
    expect(await kiran.notifications.inbox.markRead([one])).toEqual({ marked: 0 });
    const twice = await Promise.all([inbox.markRead([one, one]), inbox.markRead([one])]);
    expect(twice.map(({ marked }) => marked).sort()).toEqual([0, 1]);
    expect(await inbox.unreadCount()).toEqual({ unread: 1, more: false });
    expect((await inbox.list({ unread: true })).notices.map(({ id }) => id)).toEqual([two]);
    expect(await inbox.markAllRead('2026-01-01T00:00:00.000Z')).toEqual({ marked: 0 });
    expect(await inbox.markAllRead()).toEqual({ marked: 1 });
    expect(await inbox.markAllRead()).toEqual({ marked: 0 });
    await expect(inbox.list({ after: 'x' })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    await expect(inbox.markRead(['x'])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('a role is told of leads that each may see, and a screen hears of its own alone', async () => {
    const { id } = await given('ravi');
    await desk.lms.tick();
    await desk.admin.leads.move(id, { to: 'lost' });
    await desk.lms.tick();
    const outcomes = (await desk.admin.notifications.list({ leadId: id })).notifications
      .filter(({ rule }) => rule === 'tell-agents')
      .map(({ recipient, status, reason }) => `${recipient} ${status} ${reason}`);
    expect(outcomes.sort()).toEqual(['user:kiran suppressed LEAD_NOT_FOUND', 'user:ravi sent null']);
    const heard = async ({ events }: typeof kiran): Promise<readonly FeedEvent[]> => {
      const found: FeedEvent[] = [];
      const watching = { types: ['notification.*'], from: 'beginning', follow: false } as const;
      for await (const item of events.watch(watching)) if (item.kind === 'event') found.push(item.event);
      return found;
    };
    const ofMove = { leadId: id, recipient: 'user:ravi', eventType: 'lead.stage_changed', channel: 'in-app' };
    expect((await heard(ravi)).at(-1)).toMatchObject({ type: 'notification.sent', data: ofMove });
    for (const { type, data } of await heard(kiran)) {
      expect([type, data]).toMatchObject(['notification.sent', { recipient: 'user:kiran' }]);
    }
  });

  it('of a lead that is another’s by now, or erased, nothing is said', async () => {
    const [moved, gone] = [await given('kiran'), await given('kiran')];
    await desk.lms.tick();
    await desk.admin.leads.assign(moved.id, { to: 'ravi' });
    await desk.admin.leads.erase(gone.id, { reason: 'person-asked' });
    const { notices } = await kiran.notifications.inbox.list({ unread: true });
    const said = new Map(notices.map(({ leadId, title, text, reason }) => [leadId, { title, text, reason }]));
    expect(said.get(moved.id)).toEqual({ title: null, text: null, reason: 'LEAD_NOT_FOUND' });
    expect(said.get(gone.id)).toEqual({ title: null, text: null, reason: 'NOTICE_RECIPIENT_GONE' });
  });

  it('is in the language that the user prefers; who prefers not to be told is not, but for what is mandatory', async () => {
    const { preferences } = ravi.notifications;
    await desk.lms.tick();
    await preferences.set({ language: 'hi' });
    const told = await given('ravi');
    await desk.lms.tick();
    expect((await ravi.notifications.inbox.list({ limit: 1 })).notices).toMatchObject([
      { leadId: told.id, language: 'hi', title: `${told.number} आपका है` },
    ]);
    expect(await preferences.set({ choices: { 'lead.assigned/in-app': 'off' } })).toEqual({
      ...{ user: 'ravi', version: 2, language: 'hi', quietHours: null },
      choices: { 'lead.assigned/in-app': 'off' },
    });
    const silent = await given('ravi');
    await desk.lms.tick();
    const [suppressed] = (await desk.admin.notifications.list({ leadId: silent.id })).notifications;
    expect(suppressed).toMatchObject({ status: 'suppressed', reason: 'NOTICE_PREFERENCE_OFF' });
    // Sent again by an admin the preference is asked anew; then it is there at once.
    const again = () => desk.admin.notifications.retry(suppressed?.id ?? '');
    expect(await again()).toMatchObject({ status: 'suppressed', version: 2 });
    await preferences.set({ choices: { 'lead.assigned/in-app': null } });
    expect(await again()).toMatchObject({ status: 'sent', version: 3 });
    expect((await ravi.notifications.inbox.list({ limit: 1, unread: true })).notices).toMatchObject([
      { leadId: silent.id },
    ]);
    await expect(again()).rejects.toMatchObject({ code: 'NOTIFICATION_CONFLICT' });
    await preferences.set({ choices: { '*': 'off' } });
    desk.clock.advance('1m');
    const rules = book.rules.map((rule) => ({ ...rule, mandatory: true }));
    await desk.admin.notifications.publish({ ...book, rules });
    desk.clock.advance('1m');
    const mandatory = await given('ravi');
    await desk.lms.tick();
    expect((await desk.admin.notifications.list({ leadId: mandatory.id })).notifications).toMatchObject([
      { status: 'sent', bookVersion: 2 },
    ]);
  });

  it('only users have an inbox, and only admins set what others prefer', async () => {
    const { notifications } = desk.lms.as({ kind: 'partner', id: 'beta' });
    await expect(notifications.inbox.list()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(notifications.preferences.get()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const off = { choices: { 'tell-owner': 'off' } } as const;
    await expect(kiran.notifications.preferences.set(off, { user: 'ravi' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    expect(await desk.admin.notifications.preferences.set(off, { user: 'kiran' })).toMatchObject({
      ...{ user: 'kiran', version: 1, choices: { 'tell-owner/*': 'off' } },
    });
    expect(await desk.admin.notifications.preferences.set(off, { user: 'kiran' })).toMatchObject({ version: 1 });
    await expect(desk.admin.notifications.preferences.set(off, { user: 'nobody' })).rejects.toMatchObject({
      code: 'USER_NOT_FOUND',
    });
    const wrong = { choices: { 'tell-ownr/email': 'off' } } as const;
    await expect(kiran.notifications.preferences.set(wrong)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('is forgotten in time, read or not', async () => {
    const { inbox } = kiran.notifications;
    expect((await inbox.list()).notices).not.toEqual([]);
    desk.clock.advance('91d');
    await desk.lms.tick();
    expect((await inbox.list()).notices).toEqual([]);
  });
}, allShapes);
