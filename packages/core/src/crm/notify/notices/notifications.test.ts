import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CaughtMail, type MailCatcher, mailCatcher } from '../../../../test-support/mail-catcher.js';
import { emailAt, leadToTell, loanNotices, noticeStore, send, smsAt } from '../../../../test-support/notice-desk.js';
import { type OtherSystem, otherSystem } from '../../../../test-support/other-system.js';
import { allShapes, describeShapes } from '../../../../test-support/shapes.js';
import { loanLead, openStore, type TestStore } from '../../../../test-support/store.js';
import type { Storage } from '../../../storage/storage.js';

describeShapes((makeStorage, { anotherHandle }) => {
  let mail: MailCatcher;
  let provider: OtherSystem;
  let storage: Storage;
  let desk: TestStore;
  let settings: Parameters<typeof noticeStore>[1];

  beforeAll(async () => {
    mail = await mailCatcher();
    provider = await otherSystem((_request, response) => response.end('{}'));
    const { sms, outbound } = smsAt(provider);
    settings = { notify: { email: emailAt(mail), sms }, outbound };
    storage = await makeStorage();
    desk = await noticeStore(storage, settings);
  });
  afterAll(async () => {
    await desk.lms.close();
    await mail[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  const outcomes = async (leadId: string): Promise<readonly unknown[]> => {
    const { notifications } = await desk.admin.notifications.list({ leadId });
    return notifications
      .map(({ rule, channel, status, reason, recipient }) => ({ rule, channel, status, reason, recipient }))
      .sort((one, other) => (`${one.rule} ${one.channel}` < `${other.rule} ${other.channel}` ? -1 : 1));
  };
  const mailTo = (address: string): readonly CaughtMail[] => mail.caught.filter(({ to }) => to.includes(address));

  it('the person of a lead is told once by each channel, though two processes hand out and send', async () => {
    const { id, number } = await leadToTell(desk.admin, {
      ...{ fullName: 'Asha <Rao>', email: 'asha.once@example.in', mobile: '9811100001' },
    });
    const other = await openStore(await anotherHandle(storage), undefined, settings);
    await Promise.all([send(desk), send(other)]);
    await other.lms.close();
    const [email, ...more] = mailTo('asha.once@example.in');
    expect(more).toEqual([]);
    expect(email?.raw).toContain(`Subject: We have your enquiry ${number}`);
    expect(email?.raw).toContain('Dear Asha <Rao>, we have your enquiry');
    expect(email?.raw).toContain('Dear Asha &lt;Rao&gt;');
    const told = provider.received.filter(({ body }) => body.includes('919811100001'));
    const [{ id: notification = '' } = {}] = (await storage.notifications.list({ leadId: id, limit: 9 })).filter(
      ({ channel }) => channel === 'sms',
    );
    expect(told.map(({ body }) => JSON.parse(body))).toEqual([
      {
        to: '919811100001',
        message: `Dear Asha <Rao>, we have your enquiry ${number}.`,
        ...{ sender: 'ACMELN', entity: '1201159999999999999', template: '1207161234567890123', ref: notification },
      },
    ]);
    const sent = { rule: 'tell-applicant', status: 'sent', reason: null, recipient: 'person' };
    expect(await outcomes(id)).toEqual([
      { ...sent, channel: 'email' },
      { ...sent, channel: 'sms' },
    ]);
  });

  it('nobody is told without consent, or against a block; once there is one it can be sent again', async () => {
    const { admin } = desk;
    const { id } = await leadToTell(admin, { email: 'ravi.asked@example.in', mobile: '9811100002' }, ['email']);
    await admin.consents.block(id, { channel: 'email', source: 'call' });
    await send(desk);
    const told = { rule: 'tell-applicant', status: 'suppressed', recipient: 'person' };
    expect(await outcomes(id)).toEqual([
      { ...told, channel: 'email', reason: 'CONTACT_BLOCKED' },
      { ...told, channel: 'sms', reason: 'CONSENT_MISSING' },
    ]);
    expect(mailTo('ravi.asked@example.in')).toEqual([]);
    await admin.consents.unblock(id, 'email');
    for (const { id: notification } of (await admin.notifications.list({ leadId: id })).notifications) {
      await admin.notifications.retry(notification);
    }
    await send(desk);
    expect(mailTo('ravi.asked@example.in')).toHaveLength(1);
    expect(await outcomes(id)).toMatchObject([{ status: 'sent' }, { status: 'suppressed' }]);
  });

  it('the words are in the language of the person, where there is a template in it', async () => {
    const { id, number } = await leadToTell(desk.admin, { mobile: '9811100003', city: 'hi-IN' }, ['sms']);
    await send(desk);
    const [told] = provider.received.filter(({ body }) => body.includes('919811100003'));
    expect(JSON.parse(told?.body ?? '{}').message).toContain(`आपका आवेदन ${number} मिला`);
    const { notifications } = await desk.admin.notifications.list({ leadId: id, status: 'sent' });
    expect(notifications).toMatchObject([{ channel: 'sms', language: 'hi', answer: 'HTTP 200' }]);
  });

  it('owners and post boxes are told of moves into stages, by their names', async () => {
    const { admin } = desk;
    await admin.users.create({ id: 'kiran', name: 'Kiran', roles: ['agent'], email: 'kiran@acme.example' });
    const lead = await admin.leads.create(loanLead({ email: 'moved@example.in' }));
    await admin.leads.assign(lead.id, { to: 'kiran' });
    await admin.leads.move(lead.id, { to: 'lost' });
    await send(desk);
    const [toOwner] = mailTo('kiran@acme.example');
    expect(toOwner?.raw).toContain(`Subject: ${lead.number} is Lost`);
    expect(toOwner?.raw).toContain('It was New. Owner: Kiran.');
    expect(mailTo('desk@acme.example')).toHaveLength(1);
    await admin.users.deactivate('kiran');
    await admin.leads.move(lead.id, { to: 'new' });
    await send(desk);
    expect(mailTo('kiran@acme.example')).toHaveLength(1);
    expect(await outcomes(lead.id)).toContainEqual(
      expect.objectContaining({ recipient: 'user:kiran', status: 'suppressed', reason: 'NOTICE_RECIPIENT_GONE' }),
    );
  });

  it('holds no address and no word of what was said, and tells nobody of who was erased', async () => {
    const { admin } = desk;
    const { id } = await leadToTell(admin, { fullName: 'Zarina Quill', email: 'zarina.quill@example.in' });
    await admin.leads.erase(id, { reason: 'person-asked' });
    await send(desk);
    expect(await outcomes(id)).toMatchObject([
      { status: 'suppressed', reason: 'NOTICE_RECIPIENT_GONE' },
      { status: 'suppressed', reason: 'NOTICE_RECIPIENT_GONE' },
    ]);
    const kept = JSON.stringify(await storage.notifications.list({ limit: 200 }));
    const trail = JSON.stringify((await admin.audit.list({ limit: 200 })).rows);
    for (const personal of ['zarina.quill', 'Zarina', 'asha.once', '9811100001', 'Dear']) {
      expect(kept).not.toContain(personal);
      expect(trail).not.toContain(personal);
    }
  });

  it('templates and rules are published whole, by who may, once', async () => {
    const { admin, user } = desk;
    const { version } = await admin.notifications.book();
    expect((await admin.notifications.publish(loanNotices)).version).toBe(version);
    await expect(admin.notifications.publish(loanNotices, { expectedVersion: version + 1 })).rejects.toMatchObject({
      code: 'NOTICES_CONFLICT',
      details: { currentVersion: version },
    });
    const [first, ...rest] = loanNotices.templates;
    if (first === undefined) throw new Error('there is no template');
    const wrong = { ...loanNotices, templates: [{ ...first, text: '{{undefined}}' }, ...rest] };
    await expect(admin.notifications.publish(wrong)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await admin.notifications.book()).version).toBe(version);
    const agent = await user('notices-agent', ['agent']);
    await expect(agent.notifications.book()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    const auditor = await user('notices-auditor', ['auditor']);
    expect((await auditor.notifications.book()).templates).toHaveLength(4);
    await expect(auditor.notifications.publish(loanNotices)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });
}, allShapes);
