import { deepStrictEqual, equal } from 'node:assert/strict';
import { outboxLane, outboxLanes, type StepOutcome } from '../foundation/persistence/index.js';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter, sampleEvent } from './samples.js';
import { inUnit, refusalOf, together } from './together.js';

export const outboxCases: readonly ConformanceCase[] = [
  {
    id: 'outbox/order',
    level: 'MUST',
    title: 'events wait whole, oldest id first whatever the order of writing, bounded, one outbox a home',
    async run(context) {
      const { storage, other } = context;
      for (const home of ['documents', 'ledger'] as const) {
        const before = await storage.outbox.count(home);
        const events = Array.from({ length: 6 }, (_, index) =>
          sampleEvent(context, { sealed: index % 2 === 0 ? null : 'c2VhbGVk', via: null }),
        );
        const [first, second, third, ...rest] = events;
        if (first === undefined || second === undefined || third === undefined) return;
        await inUnit(storage, home, (unit) => storage.outbox.append(unit, rest));
        await inUnit(other, home, (unit) => other.outbox.append(unit, [third, first, second]));
        equal(await other.outbox.count(home), before + 6);
        const mine = (await other.outbox.waiting(home, 10_000)).filter((event) =>
          events.some((own) => own.id === event.id),
        );
        deepStrictEqual(mine, events);
        equal((await other.outbox.waiting(home, 2)).length, 2);
        const otherHome = home === 'documents' ? 'ledger' : 'documents';
        if (!storage.unitOfWork.oneDatabase) {
          const there = await storage.outbox.waiting(otherHome, 10_000);
          equal(
            there.some((event) => events.some((own) => own.id === event.id)),
            false,
          );
        }
        await storage.outbox.remove(
          home,
          events.map((event) => event.id),
        );
        equal(await other.outbox.count(home), before);
      }
    },
  },
  {
    id: 'outbox/remove-race',
    level: 'MUST',
    title: 'two relays that remove the same events, and ids that are not there, do no harm; others stay',
    async run(context) {
      const { storage, other } = context;
      for (const home of ['documents', 'ledger'] as const) {
        const events = Array.from({ length: 20 }, () => sampleEvent(context));
        const kept = sampleEvent(context);
        await inUnit(storage, home, (unit) => storage.outbox.append(unit, [...events, kept]));
        const ids = events.map((event) => event.id);
        await Promise.all([
          storage.outbox.remove(home, ids),
          other.outbox.remove(home, [...ids].reverse()),
          storage.outbox.remove(home, [context.ids.next<'event'>()]),
          other.outbox.remove(home, []),
        ]);
        const left = (await storage.outbox.waiting(home, 10_000)).map((event) => event.id);
        deepStrictEqual(
          left.filter((id) => ids.includes(id) || id === kept.id),
          [kept.id],
        );
        await storage.outbox.remove(home, [kept.id]);
      }
    },
  },
  {
    id: 'outbox/lanes',
    level: 'MUST',
    title:
      'an event is due in the one lane of its aggregate, oldest id first; failed ones when their time has come, stuck ones never',
    async run(context) {
      const { storage, other } = context;
      for (const home of ['documents', 'ledger'] as const) {
        const aggregate = { kind: 'lead', id: context.word('lead'), version: 1 };
        const events = Array.from({ length: 5 }, () => sampleEvent(context, { aggregate }));
        const [first, second, third, fourth, fifth] = events.map(({ id }) => id);
        if (!(first && second && third && fourth && fifth)) return;
        await inUnit(storage, home, (unit) => storage.outbox.append(unit, [...events].reverse()));
        const due = async (millis: number): Promise<readonly (readonly [string, number])[]> => {
          const lanes = await Promise.all(
            Array.from({ length: outboxLanes }, (_, lane) => other.outbox.due(home, lane, instantAfter(millis), 1_000)),
          );
          const own = lanes.map((lane) => lane.filter(({ event }) => event.aggregate.id === aggregate.id));
          deepStrictEqual(
            own.map(({ length }) => length > 0),
            own.map((_, lane) => lane === outboxLane(aggregate.id)),
            'lanes that give the events',
          );
          return own.flat().map(({ event, attempts }) => [event.id, attempts] as const);
        };
        deepStrictEqual(
          await due(0),
          [first, second, third, fourth, fifth].map((id) => [id, 0]),
        );
        await storage.outbox.postpone(home, [
          { id: second, attempts: 1, error: 'INTERNAL', dueAt: instantAfter(10) },
          { id: third, attempts: 8, error: 'STORE_FAILED', dueAt: null },
          { id: context.ids.next<'event'>(), attempts: 1, error: 'INTERNAL', dueAt: null },
        ]);
        deepStrictEqual(
          await due(9),
          [first, fourth, fifth].map((id) => [id, 0]),
        );
        deepStrictEqual(await due(10), [
          [first, 0],
          [second, 1],
          [fourth, 0],
          [fifth, 0],
        ]);
        await storage.outbox.remove(home, [first, second, third, fourth, fifth]);
      }
    },
  },
  {
    id: 'outbox/backlog',
    level: 'MUST',
    title:
      'the backlog counts what waits, is tried again and is stuck, and knows the oldest; stuck events can be tried again',
    async run(context) {
      const { storage, other } = context;
      for (const home of ['documents', 'ledger'] as const) {
        const before = await other.outbox.backlog(home);
        const events = Array.from({ length: 4 }, (_, index) => sampleEvent(context, { at: instantAfter(index) }));
        const [first, second, third, fourth] = events;
        if (!(first && second && third && fourth)) return;
        await inUnit(storage, home, (unit) => storage.outbox.append(unit, events));
        await storage.outbox.postpone(home, [
          { id: first.id, attempts: 8, error: 'INTERNAL', dueAt: null },
          { id: third.id, attempts: 2, error: 'STORE_CONFLICT', dueAt: instantAfter(99) },
        ]);
        const backlog = await other.outbox.backlog(home);
        equal(backlog.waiting, before.waiting + 3);
        equal(backlog.retrying, before.retrying + 1);
        equal(backlog.stuck, before.stuck + 1);
        if (before.waiting + before.stuck === 0) {
          equal(backlog.oldestAt, second.at);
          equal(backlog.lastError, 'INTERNAL');
        }
        equal(await storage.outbox.retryStuck(home, 10_000), before.stuck + 1);
        const lane = outboxLane(first.aggregate.id);
        const due = await other.outbox.due(home, lane, instantAfter(0), 10_000);
        equal(due.find(({ event }) => event.id === first.id)?.attempts, 0);
        await storage.outbox.remove(
          home,
          events.map(({ id }) => id),
        );
        deepStrictEqual(await other.outbox.count(home), before.waiting + before.stuck);
      }
    },
  },
  {
    id: 'outbox/turns',
    level: 'MUST',
    title: 'a turn is had by one caller at a time and is free again when its work ends or fails; names do not meet',
    async run(context) {
      const { storage, other } = context;
      const [name, another] = [context.word('turn').slice(0, 40), context.word('beside').slice(0, 40)];
      const seen: boolean[] = [];
      const taken = await storage.turns.alone(name, async () => {
        seen.push(await other.turns.alone(name, async () => undefined));
        seen.push(await storage.turns.alone(name, async () => undefined));
        seen.push(await other.turns.alone(another, async () => undefined));
      });
      deepStrictEqual([taken, ...seen], [true, false, false, true]);
      const failed = await refusalOf(
        other.turns.alone(name, async () => {
          throw new Error('the work failed');
        }),
        'the failure of the work',
      );
      equal(failed instanceof Error && failed.message, 'the work failed');
      equal(await storage.turns.alone(name, async () => undefined), true);
    },
  },
  {
    id: 'outbox/step-outcomes',
    level: 'MUST',
    title: 'the outcome of an event and step is kept once, whoever comes at the same time, and read back whole',
    async run(context) {
      const { storage, other } = context;
      const [done, refused] = [context.ids.next<'event'>(), context.ids.next<'event'>()];
      const step = context.word('step');
      const outcomes: readonly StepOutcome[] = [
        { eventId: done, step, outcome: 'done', code: null, reason: null, at: instantAfter(1) },
        {
          eventId: refused,
          step,
          outcome: 'refused',
          code: 'USER_INACTIVE',
          reason: 'आशा has left',
          at: instantAfter(2),
        },
      ];
      const writers = await together(context, 6, (store) =>
        inUnit(store, 'ledger', async (unit) => {
          const found = await store.stepOutcomes.find(unit, step, [done, refused]);
          if (found.length > 0) return false;
          await store.stepOutcomes.insert(unit, outcomes);
          return true;
        }),
      );
      equal(writers.filter(Boolean).length, 1, 'writers that inserted');
      const found = await other.stepOutcomes.find(null, step, [refused, done, context.ids.next<'event'>()]);
      deepStrictEqual(
        [...found].sort((left, right) => (left.at < right.at ? -1 : 1)),
        outcomes,
      );
      deepStrictEqual(await storage.stepOutcomes.find(null, context.word('step'), [done]), []);
    },
  },
];
