import type { Lms } from '../../src/index.js';
import { root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject, Subject, Workshop } from './operation.js';
import type { RawState } from './raw-state.js';

async function consume(lms: Lms, { tag }: PreparedSubject): Promise<void> {
  const consumer = await lms.events.consume(tag, async () => undefined, { from: 'beginning' });
  await consumer.stop();
}

/** A consumer of the point, which failed three times at its first event. @returns what the trail calls it */
async function failed({ lms, damage }: Workshop, subject: PreparedSubject): Promise<readonly string[]> {
  await consume(lms, subject);
  await damage([
    `UPDATE event_consumers SET status = 'stopped', attempts = 3, last_error = 'INTERNAL', failed_position = 1 WHERE name = '${subject.tag}'`,
  ]);
  return [];
}

function stands({ consumers }: RawState, tag: string, status: string, position: number, attempts = 0): boolean {
  const own = consumers.filter(({ name }) => name === tag);
  return own.length === 1 && own[0]?.status === status && own[0].position === position && own[0].attempts === attempts;
}

/** Once since it was made, whatever name it has in the trail. */
function toldOnce(state: RawState, eventType: string, tag: string): boolean {
  return toldOnceOf(state, eventType, state.consumers.find(({ name }) => name === tag)?.id);
}

function toldOnceOf({ audit }: RawState, eventType: string, id: string | undefined): boolean {
  return audit.filter((row) => row.eventType === eventType && row.aggregateId === id).length === 1;
}

/** Consumers of events, and what is done to them. */
export const eventOperations: readonly CrashOperation[] = [
  {
    name: 'consume events',
    run: consume,
    signs: (state, { tag }) => ({
      'the consumer, once': stands(state, tag, 'running', 0),
      'its row of the trail': toldOnce(state, 'consumer.registered', tag),
    }),
  },
  {
    name: 'pause a consumer',
    prepare: async ({ lms }, subject) => consume(lms, subject).then(() => []),
    run: async (lms, { tag }) => {
      await lms.as(root).events.pause(tag);
    },
    signs: (state, { tag }) => ({
      'it is paused': stands(state, tag, 'paused', 0),
      'its row of the trail': toldOnce(state, 'consumer.paused', tag),
    }),
  },
  {
    name: 'resume a consumer',
    async prepare({ lms }, subject) {
      await consume(lms, subject);
      await lms.as(root).events.pause(subject.tag);
      return [];
    },
    run: async (lms, { tag }) => {
      await lms.as(root).events.resume(tag);
    },
    signs: (state, { tag }) => ({
      'it runs': stands(state, tag, 'running', 0),
      'its row of the trail': toldOnce(state, 'consumer.resumed', tag),
    }),
  },
  {
    name: 'retry a consumer',
    prepare: failed,
    run: async (lms, { tag }) => {
      await lms.as(root).events.retry(tag);
    },
    signs: (state, { tag }) => ({
      'it runs, as if never tried': stands(state, tag, 'running', 0),
      'its row of the trail': toldOnce(state, 'consumer.retried', tag),
    }),
  },
  {
    name: 'skip an event',
    prepare: failed,
    run: async (lms, { tag }) => {
      await lms.as(root).events.skip(tag);
    },
    doneAlready: ['CONSUMER_CONFLICT'],
    signs: (state, { tag }) => ({
      'it is past the event': stands(state, tag, 'running', 1),
      'its row of the trail': toldOnce(state, 'consumer.skipped', tag),
    }),
  },
  {
    name: 'replay events',
    async prepare({ lms, damage }, subject) {
      await consume(lms, subject);
      await damage([`UPDATE event_consumers SET position = 7 WHERE name = '${subject.tag}'`]);
      return [];
    },
    run: async (lms, { tag }) => {
      await lms.as(root).events.replay(tag, { from: 'beginning' });
    },
    signs: (state, { tag }) => ({
      'it is at the beginning': stands(state, tag, 'running', 0),
      'its row of the trail': toldOnce(state, 'consumer.replayed', tag),
    }),
  },
  {
    name: 'forget a consumer',
    async prepare({ lms }, subject) {
      await consume(lms, subject);
      await lms.settle();
      const { rows } = await lms.as(root).audit.list({ eventType: 'consumer.registered', limit: 500 });
      return rows.filter(({ changes }) => Object(changes).name === subject.tag).map(({ aggregate }) => aggregate.id);
    },
    run: async (lms, { tag }: Subject) => {
      await lms.as(root).events.forget(tag);
    },
    doneAlready: ['CONSUMER_NOT_FOUND'],
    signs: (state, { tag, leads: [id] }) => ({
      'it is gone': state.consumers.every(({ name }) => name !== tag),
      'its row of the trail': toldOnceOf(state, 'consumer.forgotten', id),
    }),
  },
];
