import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLms, type Lms, type NoticeBook, type NoticeTemplate, type Storage } from '../../src/index.js';
import { smsAt } from '../notice-desk.js';
import { type OtherSystem, otherSystem } from '../other-system.js';
import { agent, prepareLead, root } from './leads-of-point.js';
import { matrixKeys } from './matrix-keys.js';
import type { CrashOperation, Subject } from './operation.js';
import type { RawState } from './raw-state.js';

/** What all points of a store have: whoever restores a lead has it told to a telephone of nobody in India. */
const template: NoticeTemplate = {
  ...{ name: 'crash', channel: 'sms', language: 'en', text: 'Back: {{lead.number}}', dlt: null },
};

const agentId = 'asha';
const inApp: NoticeTemplate = {
  ...{ name: 'crash', channel: 'in-app', language: 'en', title: 'Yours: {{lead.number}}', text: 'Call back.' },
};

function bookOf(names: readonly string[] = []): NoticeBook {
  return {
    templates: [template, inApp, ...names.map((name) => ({ ...template, name }))],
    rules: [
      {
        ...{ name: 'crash', event: 'lead.restored', template: 'crash', channels: ['sms'] },
        to: { kind: 'address', phone: '+14155550100' },
      },
      {
        ...{ name: 'crash-user', event: 'lead.assigned', template: 'crash', channels: ['in-app'] },
        to: { kind: 'owner' },
      },
    ],
  };
}

function nameOf({ tag }: Pick<Subject, 'tag'>): string {
  return `of-${tag.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-end`;
}

/** An id that no other point has. */
function idOf({ tag }: Pick<Subject, 'tag'>): string {
  const digest = createHash('sha256').update(tag).digest('hex');
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-9${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** A store that may send to a provider on this machine, which knows repeats. What a worker that was killed had in hand is soon another's. */
function senderTo(storage: Storage, there: OtherSystem): Promise<Lms> {
  const { sms, outbound } = smsAt(there, { knowsRepeats: true });
  const jobs = { leaseMillis: 400, heartbeatMillis: 200 };
  return createLms({ storage, key: matrixKeys, notify: { sms }, outbound, jobs, events: { leaseMillis: 1_000 } });
}

function toldOf({ audit }: RawState, eventType: string, id: string | undefined): number {
  return audit.filter((row) => row.eventType === eventType && row.aggregateId === id).length;
}

function booksWith({ noticeBooks }: RawState, name: string): RawState['noticeBooks'] {
  return noticeBooks.filter(({ book }) => book.includes(`"${name}"`));
}

/** Keys of the messages that came in, which outlive the process that was cut. */
function cameIn({ output }: Subject): readonly string[] {
  return existsSync(output) ? readFileSync(output, 'utf8').trim().split('\n') : [];
}

/** Two notices in the inbox of the agent, of two leads that only this point knows. */
function readingOf(name: string, read: (lms: Lms, ids: readonly string[]) => Promise<unknown>): CrashOperation {
  return {
    name,
    async prepare({ damage }, subject) {
      const ids = ['one', 'two'].map((part) => idOf({ tag: `${subject.tag} ${part}` }));
      const at = new Date().toISOString();
      await damage(
        ids.map(
          (id) =>
            `INSERT INTO inbox_notices (user_id, id, event_type, rule, lead_id, book_version, details, made_at) VALUES ('${agentId}', '${id}', 'lead.assigned', 'crash-user', '${id}', 1, '{"at":"${at}"}', '${at}')`,
        ),
      );
      return ids;
    },
    async run(lms, { leads }) {
      await read(lms, leads);
    },
    signs: ({ inboxNotices }, { leads }) => ({
      'both are read': inboxNotices.filter(({ id, readAt }) => leads.includes(id) && readAt !== null).length === 2,
    }),
    alone: true,
  };
}

/** Templates and rules, and what is done to notifications. */
export const noticeOperations: readonly CrashOperation[] = [
  {
    name: 'publish notices',
    // The first to publish has more to do.
    async prepare({ lms }) {
      await lms.as(root).notifications.publish(bookOf());
      return [];
    },
    async run(lms, subject) {
      await lms.as(root).notifications.publish(bookOf([nameOf(subject)]));
    },
    signs(state, subject) {
      const own = booksWith(state, nameOf(subject));
      const told = state.audit.filter(
        ({ eventType, aggregateVersion }) => eventType === 'notices.published' && aggregateVersion === own[0]?.version,
      );
      return { 'the version, once': own.length === 1, 'its row of the trail': told.length === 1 };
    },
    alone: true,
  },
  {
    name: 'tell somebody',
    async prepare({ lms }, subject) {
      await lms.as(root).notifications.publish(bookOf());
      const id = await prepareLead({ lms }, subject);
      await lms.as(root).leads.delete(id);
      return [id];
    },
    async run(_lms, { leads: [leadId = ''], output }, { storage }) {
      await using there = await otherSystem(({ headers }, response) => {
        appendFileSync(output, `${headers['idempotency-key']}\n`);
        response.end();
      });
      const sender = await senderTo(storage, there);
      const me = sender.as(root);
      if ((await me.leads.get(leadId)).deletedAt !== null) await me.leads.restore(leadId);
      for (let rounds = 0; rounds < 60; rounds += 1) {
        await sender.tick();
        const { notifications } = await me.notifications.list({ leadId });
        if (notifications.length > 0 && notifications.every(({ status }) => status === 'sent')) return;
        await sleep(50);
      }
    },
    signs: ({ notifications }, { leads: [leadId] }) => {
      const own = notifications.filter((each) => each.leadId === leadId);
      return { 'one notification, sent': own.length === 1 && own[0]?.status === 'sent' };
    },
    inParts: true,
    async look(_lms, subject) {
      const keys = new Set(cameIn(subject));
      return keys.size <= 1 ? [] : [`one event came in under several keys: ${[...keys].join(' ')}`];
    },
    alone: true,
  },
  {
    name: 'tell a user',
    async prepare({ lms }, subject) {
      await lms.as(root).notifications.publish(bookOf());
      return [await prepareLead({ lms }, subject)];
    },
    async run(_lms, { leads: [leadId = ''] }, { storage }) {
      await using there = await otherSystem((_request, response) => response.end());
      const sender = await senderTo(storage, there);
      const me = sender.as(root);
      if ((await me.leads.get(leadId)).ownerId !== agentId) await me.leads.assign(leadId, { to: agentId });
      for (let rounds = 0; rounds < 60; rounds += 1) {
        await sender.tick();
        if ((await me.notifications.list({ leadId })).notifications.length > 0) return;
        await sleep(50);
      }
    },
    signs: (state, { leads: [leadId] }) => {
      const [told, ...others] = state.notifications.filter((each) => each.leadId === leadId);
      return {
        'one notification, sent': told?.status === 'sent' && others.length === 0,
        'one notice in the inbox': state.inboxNotices.filter((each) => each.leadId === leadId).length === 1,
        'its row of the trail': toldOf(state, 'notification.sent', told?.id) === 1,
      };
    },
    alone: true,
  },
  readingOf('read notices', (lms, ids) => lms.as(agent).notifications.inbox.markRead(ids)),
  readingOf('read all notices', (lms) => lms.as(agent).notifications.inbox.markAllRead()),
  {
    name: 'set preferences',
    async prepare({ lms }, subject) {
      const id = `user-${nameOf(subject)}`;
      await lms.as(root).users.create({ id, name: 'Somebody', roles: ['agent'] });
      return [id];
    },
    async run(lms, { leads: [user = ''] }) {
      await lms.as(root).notifications.preferences.set({ choices: { 'lead.assigned/email': 'off' } }, { user });
    },
    signs: (state, { leads: [user] }) => ({
      'the preferences, once': state.noticePreferences.some((each) => each.userId === user && each.version === 1),
      'their row of the trail': toldOf(state, 'notification.preferences_set', user) === 1,
    }),
  },
  {
    name: 'test a template',
    async run(_lms, _subject, { storage }) {
      await using there = await otherSystem((_request, response) => response.end());
      const sender = await senderTo(storage, there);
      const { notifications } = sender.as(root);
      await notifications.publish(bookOf());
      await notifications.test({ channel: 'sms', to: '+14155550100', template: 'crash' });
    },
    // A caller who heard nothing tests again.
    signs: (state) => ({
      'a row of the trail': state.audit.some(({ eventType }) => eventType === 'notification.tested'),
    }),
    inParts: true,
    alone: true,
  },
  // Last, as it leaves jobs that whoever tells somebody would do.
  {
    name: 'send a notification again',
    async prepare({ lms, damage }, subject) {
      await lms.as(root).notifications.publish(bookOf());
      const id = idOf(subject);
      // Housekeeping forgets what is older.
      const at = new Date().toISOString();
      await damage([
        `INSERT INTO notifications (id, event_id, event_type, rule, recipient, channel, lead_id, book_version, details, status, reason, attempts, edition, version, made_at, updated_at) VALUES ('${id}', '${id}', 'lead.restored', 'crash', 'address', 'sms', '${id}', 1, '{"at":"${at}"}', 'failed', 'NOTICE_REFUSED', 3, 1, 5, '${at}', '${at}')`,
      ]);
      return [id];
    },
    async run(lms, { leads: [id = ''] }) {
      await lms.as(root).notifications.retry(id);
    },
    signs: (state, { leads: [id = ''] }) => ({
      'it waits': state.notifications.some((each) => each.id === id && each.status === 'waiting'),
      'its job, once':
        state.jobs.filter(({ dedupeKey, status }) => dedupeKey === id && status === 'waiting').length === 1,
      'its row of the trail': toldOf(state, 'notification.retried', id) === 1,
    }),
    alone: true,
  },
];
