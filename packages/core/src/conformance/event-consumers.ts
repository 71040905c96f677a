import { deepStrictEqual, equal } from 'node:assert/strict';
import type { StoredConsumer } from '../foundation/events/consumer-store.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, refusalOf, together } from './together.js';

function sampleConsumer(context: ConformanceContext, change: Partial<StoredConsumer> = {}): StoredConsumer {
  return {
    name: context.word('my-crm'),
    id: context.ids.next<'consumer'>(),
    position: 0,
    status: 'running',
    fence: 1,
    holder: null,
    leaseUntil: null,
    attempts: 0,
    retryAt: null,
    lastError: null,
    failedPosition: null,
    createdAt: instantAfter(0),
    updatedAt: instantAfter(0),
    ...change,
  };
}

function inserted(storage: Storage, consumer: StoredConsumer): Promise<void> {
  return inUnit(storage, 'ledger', (unit) => storage.eventConsumers.insert(unit, consumer));
}

function saved(storage: Storage, consumer: StoredConsumer, fence: number): Promise<boolean> {
  return inUnit(storage, 'ledger', (unit) => storage.eventConsumers.save(unit, consumer, fence));
}

export const eventConsumerCases: readonly ConformanceCase[] = [
  {
    id: 'event-consumers/claim-once',
    level: 'MUST',
    title:
      'of 12 callers that raise the fence of a consumer from what they read at once, each raises another, none twice',
    async run(context) {
      const consumer = sampleConsumer(context);
      await inserted(context.storage, consumer);
      const fences = await together(context, 12, (storage) =>
        inUnit(storage, 'ledger', async (unit) => {
          const found = await storage.eventConsumers.get(unit, consumer.name);
          if (found === null) throw new Error('the consumer is gone');
          const next = { ...found, fence: found.fence + 1, holder: 'me' };
          return (await storage.eventConsumers.save(unit, next, found.fence)) ? next.fence : 0;
        }),
      );
      const won = fences.filter((fence) => fence > 0);
      equal(new Set(won).size, won.length, 'fences given twice');
      equal((await context.other.eventConsumers.get(null, consumer.name))?.fence, 1 + won.length);
    },
  },
  {
    id: 'event-consumers/fenced',
    level: 'MUST',
    title: 'who has an older fence writes nothing; who has the present one writes all but name, id and creation',
    async run(context) {
      const { storage, other } = context;
      const before = sampleConsumer(context);
      await inserted(storage, before);
      const after: StoredConsumer = {
        ...before,
        position: 9_007_199_254_740_991,
        status: 'stopped',
        fence: 7,
        holder: context.word('worker'),
        leaseUntil: instantAfter(30_000),
        attempts: 3,
        retryAt: instantAfter(5_000),
        lastError: 'CONSUMER_TIMEOUT',
        failedPosition: 12,
        updatedAt: instantAfter(1),
      };
      const disguised = { ...after, id: context.ids.next<'consumer'>(), createdAt: instantAfter(99) };
      equal(await saved(storage, disguised, before.fence), true);
      deepStrictEqual(await other.eventConsumers.get(null, before.name), after);
      equal(await saved(other, before, before.fence), false);
      deepStrictEqual(await storage.eventConsumers.get(null, before.name), after);
      equal(await saved(other, { ...after, position: 5 }, after.fence), true, 'the same fence again');
    },
  },
  {
    id: 'event-consumers/kept',
    level: 'MUST',
    title: 'a consumer whose name is taken is left as it is; consumers are listed by name, and gone once removed',
    async run(context) {
      const { storage, other } = context;
      const prefix = context.word('my-crm');
      const [first, second] = ['a', 'b'].map((end) => sampleConsumer(context, { name: `${prefix}-${end}` }));
      if (first === undefined || second === undefined) throw new Error('two consumers');
      await inserted(storage, second);
      await inserted(storage, first);
      await inserted(other, { ...first, id: context.ids.next<'consumer'>(), position: 5 });
      deepStrictEqual(await other.eventConsumers.list({ after: prefix, limit: 2 }), [first, second]);
      deepStrictEqual(await other.eventConsumers.list({ after: first.name, limit: 1 }), [second]);
      const failing = inUnit(storage, 'ledger', async (unit) => {
        equal(await storage.eventConsumers.remove(unit, first.name), true);
        throw new Error('planned');
      });
      await refusalOf(failing, 'the unit to fail');
      const removed = (): Promise<boolean> =>
        inUnit(other, 'ledger', (unit) => other.eventConsumers.remove(unit, first.name));
      deepStrictEqual([await removed(), await removed()], [true, false]);
      equal(await storage.eventConsumers.get(null, first.name), null);
    },
  },
];
