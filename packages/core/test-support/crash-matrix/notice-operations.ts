import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLms, type Lms, type NoticeBook, type NoticeTemplate, type Storage } from '../../src/index.js';
import { smsAt } from '../notice-desk.js';
import { type OtherSystem, otherSystem } from '../other-system.js';
import { prepareLead, root } from './leads-of-point.js';
import { matrixKeys } from './matrix-keys.js';
import type { CrashOperation, Subject } from './operation.js';
import type { RawState } from './raw-state.js';

/** What all points of a store have: whoever restores a lead has it told to a telephone of nobody in India. */
const template: NoticeTemplate = {
  ...{ name: 'crash', channel: 'sms', language: 'en', text: 'Back: {{lead.number}}', dlt: null },
};

function bookOf(names: readonly string[] = []): NoticeBook {
  return {
    templates: [template, ...names.map((name) => ({ ...template, name }))],
    rules: [
      {
        ...{ name: 'crash', event: 'lead.restored', template: 'crash', channels: ['sms'] },
        to: { kind: 'address', phone: '+14155550100' },
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
        `INSERT INTO notifications (id, event_id, event_type, rule, recipient, channel, lead_id, book_version, details, status, reason, attempts, made_at, updated_at) VALUES ('${id}', '${id}', 'lead.restored', 'crash', 'address', 'sms', '${id}', 1, '{"at":"${at}"}', 'failed', 'NOTICE_REFUSED', 3, '${at}', '${at}')`,
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
