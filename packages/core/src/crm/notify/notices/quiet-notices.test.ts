import { afterEach, beforeEach, expect, it } from 'vitest';
import { type MailCatcher, mailCatcher } from '../../../../test-support/mail-catcher.js';
import { emailAt, leadToTell, noticeStore, send, smsAt } from '../../../../test-support/notice-desk.js';
import { type OtherSystem, otherSystem } from '../../../../test-support/other-system.js';
import { loanLead, type TestStore } from '../../../../test-support/store.js';
import { sqlite } from '../../../storage/sqlite.js';
import type { NoticeBook, NoticeRule } from './notice-book.js';
import type { Notification } from './notification.js';

let mail: MailCatcher;
let provider: OtherSystem;
let desk: TestStore;

const words = { language: 'en', text: 'About {{lead.number}}.' } as const;
const rule = (name: string, change: Partial<NoticeRule>): NoticeRule => ({
  ...{ name, event: 'lead.created', to: { kind: 'person' }, channels: ['sms'], template: 'about', ...change },
});
const book: NoticeBook = {
  templates: [
    { name: 'about', channel: 'sms', ...words, dlt: { templateId: '1207161234567890123', senderId: 'ACMELN' } },
    { name: 'about', channel: 'email', ...words, subject: 'News' },
  ],
  rules: [
    rule('offer', { purpose: 'marketing' }),
    rule('receipt', {}),
    rule('alarm', { urgent: true, to: { kind: 'address', phone: '+14155550100' } }),
    rule('tell-owner', { event: 'lead.assigned', to: { kind: 'owner' }, channels: ['email'] }),
  ],
  quietHours: [
    // Commercial messages only from 10:00 to 21:00 in India.
    { channel: 'sms', purpose: 'marketing', from: '21:00', to: '10:00', timeZone: 'Asia/Kolkata' },
    { channel: 'sms', from: '22:00', to: '07:00' },
    { channel: 'email', from: '22:00', to: '07:00' },
  ],
};

beforeEach(async () => {
  mail = await mailCatcher();
  provider = await otherSystem((_request, response) => response.end());
  const { sms, outbound } = smsAt(provider);
  desk = await noticeStore(sqlite({ file: ':memory:' }), { notify: { email: emailAt(mail), sms }, outbound }, book);
  await desk.admin.consents.wordings.add({ purpose: 'marketing', language: 'en', text: 'You may tell me of offers.' });
});
afterEach(async () => {
  await desk.lms.close();
  await mail[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const told = async (leadId: string): Promise<ReadonlyMap<string, Notification>> =>
  new Map((await desk.admin.notifications.list({ leadId })).notifications.map((each) => [each.rule, each]));

async function interested(): Promise<string> {
  const { id } = await leadToTell(desk.admin);
  await desk.admin.consents.give(id, { purpose: 'marketing', wording: { language: 'en' }, source: 'web' });
  return id;
}

it('what falls into quiet hours waits until they end, each purpose by its own; what is urgent does not', async () => {
  const { admin, clock, lms } = desk;
  // Half past nine in the evening in India.
  clock.advance('690m');
  const id = await interested();
  await send(desk);
  expect((await told(id)).get('offer')).toMatchObject({
    ...{ status: 'waiting', reason: null, heldUntil: '2026-01-16T04:30:00.000Z', attempts: 0 },
  });
  expect((await told(id)).get('receipt')).toMatchObject({ status: 'sent', heldUntil: null });
  expect((await told(id)).get('alarm')).toMatchObject({ status: 'sent' });
  expect(provider.received).toHaveLength(2);
  clock.advance('12h');
  await lms.tick();
  expect((await told(id)).get('offer'), 'half an hour before').toMatchObject({ status: 'waiting' });
  expect((await lms.health()).notifications).toMatchObject({ waiting: 1, held: 1, oldestAt: null, ok: true });
  const finding = (await lms.check()).find(({ name }) => name === 'notifications');
  expect(finding).toMatchObject({ ok: true, message: '1 waiting, 1 of them for the end of quiet hours' });
  const jobs = await admin.jobs.list({ kind: 'notify.send', status: 'waiting' });
  expect(jobs.jobs, 'housekeeping gives no second job').toHaveLength(1);
  clock.advance('30m');
  await lms.tick();
  expect((await told(id)).get('offer')).toMatchObject({ status: 'sent', heldUntil: null, attempts: 1, version: 4 });
  expect(provider.received).toHaveLength(3);
});

it('consent is asked when quiet hours are over, not when they begin', async () => {
  const { admin, clock } = desk;
  clock.advance('690m');
  const id = await interested();
  await send(desk);
  await admin.consents.withdraw(id, { purpose: 'marketing', source: 'call' });
  clock.advance('13h');
  await send(desk);
  expect((await told(id)).get('offer')).toMatchObject({ status: 'suppressed', reason: 'CONSENT_WITHDRAWN' });
});

it('a block of the channel counts whatever the purpose of a rule is, and its purpose stands for the consent of the channel', async () => {
  const { admin } = desk;
  const lead = await admin.leads.create(loanLead());
  await admin.consents.give(lead.id, { purpose: 'marketing', wording: { language: 'en' }, source: 'web' });
  await send(desk);
  expect((await told(lead.id)).get('offer')).toMatchObject({ status: 'sent' });
  expect((await told(lead.id)).get('receipt')).toMatchObject({ reason: 'CONSENT_MISSING' });
  const blocked = await interested();
  await admin.consents.block(blocked, { channel: 'sms', source: 'call' });
  await send(desk);
  expect((await told(blocked)).get('offer')).toMatchObject({ status: 'suppressed', reason: 'CONTACT_BLOCKED' });
});

it('a user’s own quiet hours and choices count for emails, also for what waits already', async () => {
  const { admin, clock, lms } = desk;
  await admin.users.create({ id: 'kiran', name: 'Kiran', roles: ['agent'], email: 'kiran@acme.example' });
  const { preferences } = lms.as({ kind: 'user', id: 'kiran' }).notifications;
  const given = async (): Promise<string> => {
    const { id } = await admin.leads.create(loanLead());
    await admin.leads.assign(id, { to: 'kiran' });
    await send(desk);
    return id;
  };
  await preferences.set({ quietHours: { from: '09:00', to: '12:00' } });
  const first = await given();
  expect((await told(first)).get('tell-owner')).toMatchObject({ heldUntil: '2026-01-15T06:30:00.000Z' });
  // What is off is not sent when it is let go.
  await preferences.set({ choices: { 'tell-owner/email': 'off' } });
  clock.advance('2h');
  await lms.tick();
  expect((await told(first)).get('tell-owner')).toMatchObject({
    status: 'suppressed',
    reason: 'NOTICE_PREFERENCE_OFF',
  });
  const second = await given();
  expect((await told(second)).get('tell-owner')).toMatchObject({ reason: 'NOTICE_PREFERENCE_OFF', attempts: 0 });
  expect((await admin.jobs.list({ kind: 'notify.send', status: 'waiting' })).jobs).toEqual([]);
  await preferences.set({ choices: { 'tell-owner/email': null }, quietHours: 'none' });
  clock.advance('12h');
  const third = await given();
  expect((await told(third)).get('tell-owner'), 'at night, as wanted').toMatchObject({ status: 'sent' });
  expect(mail.caught).toHaveLength(1);
});
