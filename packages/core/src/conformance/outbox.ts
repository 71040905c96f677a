import { deepStrictEqual, equal } from 'node:assert/strict';
import type { ConformanceCase } from './conformance-case.js';
import { sampleEvent } from './samples.js';
import { inUnit } from './together.js';

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
];
