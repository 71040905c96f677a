import { afterEach, beforeEach, expect, it } from 'vitest';
import { type MailCatcher, mailCatcher } from '../../../../test-support/mail-catcher.js';
import { emailAt, noticeStore, send } from '../../../../test-support/notice-desk.js';
import { loanLead, type TestStore } from '../../../../test-support/store.js';
import type { LeadId } from '../../../foundation/kernel/index.js';
import { sqlite } from '../../../storage/sqlite.js';
import type { Storage } from '../../../storage/storage.js';
import type { NoticeBook, NoticeRecipient, NoticeRule } from './notice-book.js';
import type { NoticeEventType } from './notice-events.js';

let mail: MailCatcher;
let storage: Storage;
let desk: TestStore;

const tells = (event: NoticeEventType, to: NoticeRecipient, name: string): NoticeRule => ({
  ...{ name, event, to, channels: ['email'], template: 'about' },
});
const book: NoticeBook = {
  templates: [
    {
      ...{ name: 'about', channel: 'email', language: 'en', subject: 'About {{lead.number}}' },
      text: 'It is <{{person.name|nobody}}>.',
    },
  ],
  rules: [
    tells('lead.created', { kind: 'role', role: 'partner' }, 'tell-partners'),
    tells('lead.created', { kind: 'role', role: 'auditor' }, 'tell-auditors'),
    tells('lead.assigned', { kind: 'owner' }, 'tell-owner'),
    tells('lead.task_completed', { kind: 'team', team: 'north' }, 'tell-team'),
    tells('lead.deleted', { kind: 'address', email: 'desk@acme.example' }, 'tell-of-deleted'),
    {
      ...tells('lead.restored', { kind: 'address', email: 'desk@acme.example' }, 'tell-nobody'),
      productLines: ['demat'],
    },
  ],
};

beforeEach(async () => {
  mail = await mailCatcher();
  storage = sqlite({ file: ':memory:' });
  desk = await noticeStore(storage, { notify: { email: emailAt(mail) } }, book);
});
afterEach(async () => {
  await desk.lms.close();
  await mail[Symbol.asyncDispose]();
});

const outcomes = async (leadId: string): Promise<readonly string[]> =>
  (await desk.admin.notifications.list({ leadId })).notifications
    .map(({ recipient, status, reason }) => `${recipient} ${status} ${reason}`)
    .sort();
const words = (address: string): string | undefined =>
  mail.caught.find(({ to }) => to.includes(address))?.raw.match(/It is <(.*)>/)?.[1];

it('users are told of leads that they may see, with the names that they see', async () => {
  const { admin, lms } = desk;
  const partner = { name: 'Desk', roles: ['partner'] } as const;
  await admin.users.create({ id: 'beta-desk', ...partner, partner: 'beta', email: 'beta-desk@beta.example' });
  await admin.users.create({ id: 'kavi', name: 'Kavi', roles: ['auditor'], email: 'kavi@acme.example' });
  const both = ['agent', 'auditor'] as const;
  await admin.users.create({ id: 'mira', name: 'Mira', roles: both, email: 'mira@acme.example' });
  const { id } = await admin.leads.create(loanLead({ fullName: 'Zarina Quillfeather' }));
  await send(desk);
  expect(await outcomes(id)).toEqual([
    'user:beta-desk suppressed LEAD_NOT_FOUND',
    'user:kavi sent null',
    'user:mira sent null',
  ]);
  for (const user of ['kavi', 'mira']) {
    const seen = await lms.as({ kind: 'user', id: user }).leads.get(id);
    const { email } = await admin.users.get(user);
    expect(words(email ?? ''), user).toBe(seen.name);
  }
  expect(words('mira@acme.example')).not.toContain('Quillfeather');
});

it('nobody is told by a rule of what happened before it was published', async () => {
  const { admin, clock, lms } = desk;
  const old = await admin.leads.create(loanLead());
  clock.advance('1m');
  const to = { kind: 'address', email: 'desk@acme.example' } as const;
  await admin.notifications.publish({ ...book, rules: [...book.rules, tells('lead.created', to, 'tell-desk')] });
  clock.advance('1m');
  const { id } = await admin.leads.create(loanLead());
  await lms.tick();
  expect((await admin.notifications.list({ leadId: old.id })).notifications).toEqual([]);
  expect((await admin.notifications.list({ leadId: id })).notifications).toMatchObject([{ bookVersion: 2 }]);
});

it('a lead that is handed on at once is told to each by what happened, and to who may not see it any more not at all', async () => {
  const { admin } = desk;
  for (const id of ['kiran', 'ravi']) {
    await admin.users.create({ id, name: id, roles: ['agent'], email: `${id}@acme.example` });
  }
  const { id } = await admin.leads.create(loanLead());
  await admin.leads.assign(id, { to: 'kiran' });
  await admin.leads.assign(id, { to: 'ravi' });
  await send(desk);
  expect(await outcomes(id)).toEqual(['user:kiran suppressed LEAD_NOT_FOUND', 'user:ravi sent null']);
});

it('of a lead that is deleted a post box is told; of other product lines than those of a rule nobody', async () => {
  const { admin } = desk;
  const { id } = await admin.leads.create(loanLead());
  await admin.leads.delete(id);
  await send(desk);
  await admin.leads.restore(id);
  await send(desk);
  expect(await outcomes(id)).toEqual(['address sent null']);
});

it('what happens to a lead of which nothing is known yet is told when it is', async () => {
  const { admin, clock, lms } = desk;
  const id = (await admin.leads.create(loanLead())).id as LeadId;
  await admin.leads.delete(id);
  await storage.unitOfWork.run('ledger', (unit) => storage.facts.remove(unit, [id]));
  await lms.tick();
  const { consumers } = await admin.events.consumers();
  expect(consumers).toContainEqual(expect.objectContaining({ name: 'lms.notify', lastError: 'READ_MODELS_BEHIND' }));
  await admin.store.rebuildFacts();
  clock.advance('1h');
  await send(desk);
  expect(await outcomes(id)).toEqual(['address sent null']);
});
