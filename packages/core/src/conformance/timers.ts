import { deepStrictEqual, equal } from 'node:assert/strict';
import type { NewTimer, StoredTimer } from '../foundation/jobs/timers/timer-store.js';
import { type Instant, toInstant } from '../foundation/kernel/index.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, refusalOf, together } from './together.js';

/** Due before whatever else is in the store. */
function longAgo(minutes = 0): Instant {
  return toInstant(Date.UTC(2001, 0, 1) + minutes * 60_000);
}

/** By then no timers are due but those that a case set long ago. */
const soonAfter: Instant = '2002-01-01T00:00:00.000Z';

function sampleTimer(context: ConformanceContext, change: Partial<NewTimer> = {}): NewTimer {
  return {
    key: context.word('sla:timer'),
    id: context.ids.next<'timer'>(),
    dueAt: instantAfter(0),
    working: null,
    event: {
      type: 'timer.fired',
      aggregate: { kind: 'lead', id: context.ids.next<'lead'>(), version: 3 },
      data: { deep: [1, null, 'text'], note: 'संख्या' },
    },
    actor: 'user:asha',
    via: { host: 'desk-7', operatingSystemUser: 'asha' },
    correlationId: context.ids.next<'request'>(),
    setAt: instantAfter(0),
    ...change,
  };
}

function freshTimer(timer: NewTimer): StoredTimer {
  return { ...timer, fireAt: timer.dueAt, attempts: 0, lastError: null, stuck: false };
}

function setTimers(storage: Storage, timers: readonly NewTimer[]): Promise<void> {
  return inUnit(storage, 'ledger', (unit) => storage.timers.set(unit, timers));
}

function takeDue(storage: Storage, limit: number, now: Instant = soonAfter): Promise<readonly StoredTimer[]> {
  return inUnit(storage, 'ledger', (unit) => storage.timers.takeDue(unit, now, limit));
}

function refOf({ key, id }: NewTimer): { readonly key: string; readonly id: string } {
  return { key, id };
}

function keysOf(timers: readonly { readonly key: string }[]): readonly string[] {
  return timers.map(({ key }) => key);
}

async function cancelled(storage: Storage, keys: readonly string[]): Promise<ReadonlySet<string>> {
  return inUnit(storage, 'ledger', (unit) => storage.timers.cancel(unit, keys));
}

export const timerCases: readonly ConformanceCase[] = [
  {
    id: 'timers/fire-once',
    level: 'MUST',
    title: 'of 8 callers that take 200 due timers at once each timer goes to one, as it was set, and is gone then',
    async run(context) {
      const timers = Array.from({ length: 200 }, () => sampleTimer(context, { dueAt: longAgo() }));
      await setTimers(context.storage, timers);
      const taken = await together(context, 8, async (storage) => {
        const mine: StoredTimer[] = [];
        for (let got = await takeDue(storage, 10); got.length > 0; got = await takeDue(storage, 10)) mine.push(...got);
        return mine;
      });
      const all = taken.flat();
      equal(all.length, 200, 'timers taken');
      const byKey = new Map(all.map((timer) => [timer.key, timer]));
      for (const timer of timers) deepStrictEqual(byKey.get(timer.key), freshTimer(timer));
      deepStrictEqual(await takeDue(context.other, 10), []);
    },
  },
  {
    id: 'timers/order',
    level: 'MUST',
    title: 'due timers are taken in the order of their time, up to the limit, and never before it',
    async run(context) {
      const [first, second, third] = [1, 2, 3].map((minutes) => sampleTimer(context, { dueAt: longAgo(minutes) }));
      if (first === undefined || second === undefined || third === undefined) throw new Error('three timers');
      await setTimers(context.storage, [third, first, second]);
      equal(await context.other.timers.anyDue(first.dueAt), true, 'due to the millisecond');
      deepStrictEqual(keysOf(await takeDue(context.other, 2, second.dueAt)), [first.key, second.key]);
      deepStrictEqual(keysOf(await takeDue(context.storage, 2, second.dueAt)), []);
      equal(await context.storage.timers.anyDue(second.dueAt), false, 'a timer before its time');
      deepStrictEqual(keysOf(await takeDue(context.storage, 2)), [third.key]);
    },
  },
  {
    id: 'timers/with-the-unit',
    level: 'MUST',
    title: 'a timer that was taken in a unit that fails is still to fire, and one set or cancelled in it is as before',
    async run(context) {
      const { storage } = context;
      const [kept, never] = [sampleTimer(context, { dueAt: longAgo() }), sampleTimer(context)];
      await setTimers(storage, [kept]);
      const failing = storage.unitOfWork.run('ledger', async (unit) => {
        equal((await storage.timers.takeDue(unit, soonAfter, 500)).length, 1, 'taken');
        await storage.timers.set(unit, [never]);
        throw new Error('the unit fails');
      });
      await refusalOf(failing, 'the error of the unit');
      equal(await storage.timers.get(null, never.key), null);
      deepStrictEqual(keysOf(await takeDue(storage, 10)), [kept.key]);
    },
  },
  {
    id: 'timers/replace',
    level: 'MUST',
    title:
      'setting a timer again replaces it with its failures: the setting before can neither be taken nor rescheduled',
    async run(context) {
      const { storage } = context;
      const before = sampleTimer(context, { dueAt: longAgo() });
      const after = sampleTimer(context, { key: before.key, dueAt: instantAfter(60_000) });
      await setTimers(storage, [before]);
      const attempt = {
        key: before.key,
        id: before.id,
        fireAt: soonAfter,
        attempts: 3,
        lastError: 'INTERNAL',
        stuck: true,
      };
      await inUnit(storage, 'ledger', (unit) => storage.timers.reschedule(unit, [attempt]));
      await setTimers(context.other, [after]);
      deepStrictEqual(await storage.timers.get(null, before.key), freshTimer(after));
      await inUnit(storage, 'ledger', (unit) => storage.timers.reschedule(unit, [attempt]));
      deepStrictEqual(await inUnit(storage, 'ledger', (unit) => storage.timers.take(unit, [before])), []);
      deepStrictEqual(await takeDue(storage, 10), []);
      deepStrictEqual(await storage.timers.get(null, before.key), freshTimer(after));
      deepStrictEqual(await inUnit(storage, 'ledger', (unit) => storage.timers.take(unit, [after])), [
        freshTimer(after),
      ]);
    },
  },
  {
    id: 'timers/cancel-or-fire',
    level: 'MUST',
    title: 'of callers that cancel a timer and callers that fire it at once one has it',
    async run(context) {
      const timers = Array.from({ length: 20 }, () => sampleTimer(context, { dueAt: longAgo() }));
      await setTimers(context.storage, timers);
      const keys = keysOf(timers);
      const had = await together(context, 6, async (storage, caller) => {
        if (caller % 3 !== 0) return keysOf(await takeDue(storage, 7));
        return [...(await cancelled(storage, keys.slice(caller, caller + 14)))];
      });
      const left = keysOf(await takeDue(context.storage, 500));
      deepStrictEqual([...had.flat(), ...left].sort(), [...keys].sort());
    },
  },
  {
    id: 'timers/set-or-fire',
    level: 'MUST',
    title: 'a timer that is set again while it fires has fired and is set, or is only set',
    async run(context) {
      const timers = Array.from({ length: 20 }, () => sampleTimer(context, { dueAt: longAgo() }));
      const again = timers.map(({ key }) => sampleTimer(context, { key, dueAt: instantAfter(0) }));
      await setTimers(context.storage, timers);
      const taken = await together(context, 4, async (storage, caller) => {
        if (caller % 2 === 0) return keysOf(await takeDue(storage, 7));
        await setTimers(storage, again.slice((caller - 1) * 5, (caller - 1) * 5 + 10));
        return [];
      });
      const fired = taken.flat();
      equal(new Set(fired).size, fired.length, 'timers that fired twice');
      for (const timer of again) {
        deepStrictEqual(await context.other.timers.get(null, timer.key), freshTimer(timer));
      }
    },
  },
  {
    id: 'timers/cancel',
    level: 'MUST',
    title: 'cancelling tells which keys still had a timer, stuck ones too, and these never fire',
    async run(context) {
      const { storage } = context;
      const [waiting, stuck] = [1, 2].map(() => sampleTimer(context, { dueAt: longAgo() }));
      if (waiting === undefined || stuck === undefined) throw new Error('two timers');
      await setTimers(storage, [waiting, stuck]);
      const attempt = {
        key: stuck.key,
        id: stuck.id,
        fireAt: stuck.dueAt,
        attempts: 8,
        lastError: 'INTERNAL',
        stuck: true,
      };
      await inUnit(storage, 'ledger', (unit) => storage.timers.reschedule(unit, [attempt]));
      const keys = [waiting.key, stuck.key, context.word('sla:none')];
      deepStrictEqual([...(await cancelled(context.other, keys))].sort(), [waiting.key, stuck.key].sort());
      deepStrictEqual([...(await cancelled(storage, keys))], []);
      deepStrictEqual(await takeDue(storage, 10), []);
    },
  },
  {
    id: 'timers/move',
    level: 'MUST',
    title:
      'timers on working time are found by the version that gave their moment, and of 8 callers one moves each, once; those that changed meanwhile stay',
    async run(context) {
      const { storage } = context;
      const calendar = context.word('office');
      const spanOf = (version: number) => ({ calendar, version, from: instantAfter(0), millis: 7_200_000 });
      const [first, second, tried, set] = [1, 1, 2, 2].map((version, at) =>
        sampleTimer(context, {
          key: context.word(`sla:move-${at}`),
          dueAt: instantAfter(at),
          working: spanOf(version),
        }),
      );
      if (first === undefined || second === undefined || tried === undefined || set === undefined)
        throw new Error('four timers');
      await setTimers(storage, [set, tried, second, first]);
      deepStrictEqual(await context.other.timers.countedBefore(calendar, 2, 2), [first, second].map(freshTimer));
      deepStrictEqual(keysOf(await context.other.timers.countedBefore(calendar, 3, 3)), keysOf([first, second, tried]));
      deepStrictEqual(await storage.timers.countedBefore(calendar, 1, 10), []);
      deepStrictEqual(await storage.timers.countedBefore(context.word('office'), 9, 10), []);

      const moves = [first, second, tried, set].map(({ key, id, working }) => ({
        key,
        id,
        before: { version: working?.version ?? 0, attempts: 0 },
        version: 3,
        dueAt: instantAfter(60_000),
        fireAt: instantAfter(60_000),
      }));
      const attempt = { ...refOf(tried), fireAt: soonAfter, attempts: 1, lastError: 'INTERNAL', stuck: false };
      await inUnit(storage, 'ledger', (unit) => storage.timers.reschedule(unit, [attempt]));
      const replaced = sampleTimer(context, { key: set.key, dueAt: instantAfter(9), working: spanOf(2) });
      await setTimers(storage, [replaced]);
      const moved = await together(context, 8, (handle) =>
        inUnit(handle, 'ledger', (unit) => handle.timers.move(unit, moves)),
      );
      equal(
        moved.reduce((sum, count) => sum + count, 0),
        2,
        'timers moved',
      );
      const atThree = { dueAt: instantAfter(60_000), working: spanOf(3) };
      deepStrictEqual(await storage.timers.get(null, first.key), freshTimer({ ...first, ...atThree }));
      deepStrictEqual(await storage.timers.get(null, tried.key), { ...freshTimer(tried), ...attempt });
      deepStrictEqual(await storage.timers.get(null, set.key), freshTimer(replaced));
      await cancelled(storage, keysOf([first, second, tried, set]));
    },
  },
  {
    id: 'timers/next-calendar',
    level: 'MUST',
    title:
      'the calendars on which timers wait are told one after the other by slug, each once, with the oldest version that a timer was counted by',
    async run(context) {
      const { storage } = context;
      const before = context.word('office');
      const [first, second] = [`${before}-a`, `${before}-b`];
      const settings = [
        [second, 4],
        [first, 7],
        [first, 3],
        [first, 9],
      ] as const;
      const timers = settings.map(([calendar, version]) =>
        sampleTimer(context, { working: { calendar, version, from: instantAfter(0), millis: 7_200_000 } }),
      );
      await setTimers(storage, [...timers, sampleTimer(context)]);
      const next = (after: string) => context.other.timers.nextCalendar(after);
      deepStrictEqual(await next(before), { calendar: first, oldestVersion: 3 });
      deepStrictEqual(await next(first), { calendar: second, oldestVersion: 4 });
      await cancelled(storage, keysOf(timers.slice(0, 3)));
      deepStrictEqual(await next(before), { calendar: first, oldestVersion: 9 });
      deepStrictEqual(await next('zzzzzzzzzzzz'), null);
      await cancelled(storage, keysOf(timers));
    },
  },
  {
    id: 'timers/count-before',
    level: 'MUST',
    title:
      'timers that an older version of their calendar has counted are counted, stuck or not, and those of the version itself are not',
    async run(context) {
      const { storage } = context;
      const calendar = context.word('count');
      const timers = [1, 1, 2, 3].map((version) =>
        sampleTimer(context, { working: { calendar, version, from: instantAfter(0), millis: 7_200_000 } }),
      );
      await setTimers(storage, [...timers, sampleTimer(context)]);
      const [first] = timers;
      if (first === undefined) throw new Error('a timer');
      const { key, id, dueAt } = first;
      const stuck = { key, id, fireAt: dueAt, attempts: 8, lastError: 'INTERNAL', stuck: true };
      await inUnit(storage, 'ledger', (unit) => storage.timers.reschedule(unit, [stuck]));
      const counts = [1, 2, 3, 4].map((version) => context.other.timers.countBefore(calendar, version));
      deepStrictEqual(await Promise.all(counts), [0, 2, 3, 4]);
      await cancelled(storage, keysOf(timers));
    },
  },
  {
    id: 'timers/set-aside',
    level: 'MUST',
    title:
      'a timer that failed is due when it is tried next, a stuck one never; both are read back, listed and counted',
    async run(context) {
      const { storage } = context;
      const prefix = context.word('sla:aside');
      const [late, stuck] = ['a', 'b'].map((end) =>
        sampleTimer(context, { key: `${prefix}-${end}`, dueAt: longAgo() }),
      );
      if (late === undefined || stuck === undefined) throw new Error('two timers');
      await setTimers(storage, [late, stuck]);
      const tried = { attempts: 2, lastError: 'STORE_CONFLICT' };
      const lateTry = { key: late.key, id: late.id, ...tried, fireAt: longAgo(5), stuck: false };
      const stuckTry = { key: stuck.key, id: stuck.id, ...tried, fireAt: stuck.dueAt, stuck: true };
      await inUnit(storage, 'ledger', (unit) => storage.timers.reschedule(unit, [lateTry, stuckTry]));
      deepStrictEqual(await context.other.timers.get(null, late.key), { ...late, ...lateTry });
      equal(await storage.timers.anyDue(longAgo(4)), false, 'due before its next try');
      const counts = await storage.timers.counts(soonAfter);
      deepStrictEqual({ ...counts, stuck: counts.stuck > 0 }, { due: 1, stuck: true, oldestFireAt: lateTry.fireAt });
      const after = prefix;
      deepStrictEqual(keysOf(await storage.timers.list({ after, limit: 2 })), [late.key, stuck.key]);
      deepStrictEqual(keysOf(await storage.timers.list({ after: late.key, stuck: true, limit: 1 })), [stuck.key]);
      deepStrictEqual(keysOf(await storage.timers.list({ after, stuck: false, limit: 1 })), [late.key]);
      deepStrictEqual(keysOf(await takeDue(context.other, 10)), [late.key]);
      await cancelled(storage, [stuck.key]);
    },
  },
];
