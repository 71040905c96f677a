import { deepStrictEqual, equal } from 'node:assert/strict';
import type { StoredSchedule } from '../foundation/jobs/schedules/schedule-store.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, refusalOf, together } from './together.js';

function sampleSchedule(context: ConformanceContext, change: Partial<StoredSchedule> = {}): StoredSchedule {
  return {
    name: context.word('nightly'),
    plan: '0 2 * * * in Asia/Kolkata',
    kind: 'acme.sync',
    nextAt: instantAfter(0),
    lastDue: null,
    lastAt: null,
    lastJob: null,
    version: 1,
    ...change,
  };
}

function saved(storage: Storage, schedule: StoredSchedule, expected: number): Promise<boolean> {
  return inUnit(storage, 'ledger', (unit) => storage.schedules.save(unit, schedule, expected));
}

async function found(storage: Storage, name: string): Promise<StoredSchedule | undefined> {
  return (await storage.schedules.find([name]))[0];
}

export const scheduleCases: readonly ConformanceCase[] = [
  {
    id: 'schedules/once',
    level: 'MUST',
    title:
      'of 8 callers that save the same version of a schedule at once, new or not, one does, and it is as that one wrote it',
    async run(context) {
      const { name } = sampleSchedule(context);
      const round = async (version: number): Promise<void> => {
        const written = await together(context, 8, async (storage, caller) => {
          const lastJob = context.ids.next<'job'>();
          const schedule = sampleSchedule(context, {
            name,
            version,
            lastJob,
            lastDue: instantAfter(caller),
            lastAt: instantAfter(caller + 1),
          });
          return (await saved(storage, schedule, version - 1)) ? schedule : null;
        });
        const winners = written.filter((each) => each !== null);
        equal(winners.length, 1, 'callers that saved it');
        deepStrictEqual(await found(context.other, name), winners[0]);
      };
      await round(1);
      await round(2);
    },
  },
  {
    id: 'schedules/with-the-unit',
    level: 'MUST',
    title: 'a schedule that was saved in a unit that fails stands as before',
    async run(context) {
      const { storage } = context;
      const before = sampleSchedule(context);
      equal(await saved(storage, before, 0), true, 'saved');
      const failing = storage.unitOfWork.run('ledger', async (unit) => {
        equal(await storage.schedules.save(unit, { ...before, version: 2, nextAt: instantAfter(9) }, 1), true, 'saved');
        throw new Error('the unit fails');
      });
      await refusalOf(failing, 'the error of the unit');
      deepStrictEqual(await found(storage, before.name), before);
    },
  },
  {
    id: 'schedules/list',
    level: 'MUST',
    title: 'schedules are listed by name, page by page, and found by name alone',
    async run(context) {
      const names = ['a', 'b', 'c'].map((letter) => context.word(`list-${letter}`)).sort();
      for (const name of names) equal(await saved(context.storage, sampleSchedule(context, { name }), 0), true, name);
      const listed: string[] = [];
      for (let after = ''; ; ) {
        const [next] = await context.other.schedules.list({ after, limit: 1 });
        if (next === undefined) break;
        after = next.name;
        listed.push(after);
      }
      deepStrictEqual(
        listed.filter((name) => names.includes(name)),
        names,
      );
      const [first = '', , third = ''] = names;
      const some = await context.other.schedules.find([third, first, context.word('nobody')]);
      deepStrictEqual(some.map(({ name }) => name).sort(), [first, third]);
    },
  },
  {
    id: 'schedules/trim',
    level: 'MUST',
    title: 'schedules that were due before a time are forgotten, the longest due first, up to the limit',
    async run(context) {
      const [oldest, older, kept] = [1, 2, 3].map((day) =>
        sampleSchedule(context, { nextAt: `2001-01-0${day}T00:00:00.000Z` }),
      );
      if (oldest === undefined || older === undefined || kept === undefined) throw new Error('three schedules');
      for (const schedule of [older, kept, oldest]) await saved(context.storage, schedule, 0);
      const names = [oldest.name, older.name, kept.name];
      const left = async (): Promise<readonly string[]> =>
        (await context.other.schedules.find(names)).map(({ name }) => name).sort();
      equal(await context.storage.schedules.trim(kept.nextAt, 1), 1, 'forgotten');
      deepStrictEqual(await left(), [older.name, kept.name].sort());
      equal(await context.storage.schedules.trim(kept.nextAt, 10), 1, 'forgotten');
      deepStrictEqual(await left(), [kept.name]);
      await context.storage.schedules.trim('2001-02-01T00:00:00.000Z', 10);
    },
  },
];
