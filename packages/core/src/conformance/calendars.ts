import { deepStrictEqual, equal } from 'node:assert/strict';
import type { StoredCalendar } from '../foundation/calendars/calendar-store.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, refusalOf, together } from './together.js';

function sampleCalendar(context: ConformanceContext, change: Partial<StoredCalendar> = {}): StoredCalendar {
  return {
    id: context.ids.next<'calendar'>(),
    slug: context.word('office'),
    version: 1,
    body: {
      name: 'मुख्य शाखा',
      timeZone: 'Asia/Kolkata',
      hours: { mon: [['09:30', '18:30']], sat: [['22:00', '06:00']] },
      holidays: [{ date: '2026-01-26', name: 'Republic Day' }],
      specialDays: [{ date: '2026-03-29', name: '', hours: [] }],
    },
    publishedAt: instantAfter(0),
    publishedBy: 'user:asha',
    ...change,
  };
}

function inserted(storage: Storage, calendar: StoredCalendar): Promise<boolean> {
  return inUnit(storage, 'ledger', (unit) => storage.calendars.insert(unit, calendar));
}

export const calendarCases: readonly ConformanceCase[] = [
  {
    id: 'calendars/once',
    level: 'MUST',
    title:
      'of 8 callers that insert the same version of a calendar at once one does, and it is read as that one wrote it',
    async run(context) {
      const { slug, id } = sampleCalendar(context);
      for (const version of [1, 2]) {
        const written = await together(context, 8, async (storage, caller) => {
          const calendar = sampleCalendar(context, { id, slug, version, publishedAt: instantAfter(caller) });
          return (await inserted(storage, calendar)) ? calendar : null;
        });
        const winners = written.filter((each) => each !== null);
        equal(winners.length, 1, 'callers that inserted it');
        deepStrictEqual(await context.other.calendars.get(null, slug, version), winners[0]);
        deepStrictEqual(await context.other.calendars.newest(null, slug), winners[0]);
      }
      equal((await context.storage.calendars.get(null, slug, 1))?.version, 1, 'the version before');
    },
  },
  {
    id: 'calendars/with-the-unit',
    level: 'MUST',
    title: 'a version that was inserted in a unit that fails is not there, and the unit saw it',
    async run(context) {
      const { storage } = context;
      const [before, after] = [sampleCalendar(context), sampleCalendar(context, { version: 2 })];
      const second = { ...after, slug: before.slug };
      equal(await inserted(storage, before), true, 'inserted');
      const failing = storage.unitOfWork.run('ledger', async (unit) => {
        equal(await storage.calendars.insert(unit, second), true, 'inserted');
        deepStrictEqual(await storage.calendars.newest(unit, before.slug), second);
        throw new Error('the unit fails');
      });
      await refusalOf(failing, 'the error of the unit');
      deepStrictEqual(await storage.calendars.newest(null, before.slug), before);
      equal(await storage.calendars.get(null, before.slug, 2), null);
    },
  },
  {
    id: 'calendars/after-losing',
    level: 'MUST',
    title: 'a caller whose version another has inserted finds that one in the same unit, although it had looked before',
    async run(context) {
      const { slug, id } = sampleCalendar(context);
      equal(await inserted(context.storage, sampleCalendar(context, { id, slug })), true, 'inserted');
      const seen = await together(context, 4, (storage, caller) =>
        inUnit(storage, 'ledger', async (unit) => {
          await storage.calendars.newest(unit, slug);
          const calendar = sampleCalendar(context, { id, slug, version: 2, publishedAt: instantAfter(caller) });
          await storage.calendars.insert(unit, calendar);
          return storage.calendars.newest(unit, slug);
        }),
      );
      const winner = await context.other.calendars.newest(null, slug);
      equal(winner?.version, 2, 'the newest version');
      for (const newest of seen) deepStrictEqual(newest, winner);
    },
  },
  {
    id: 'calendars/newest-of-each',
    level: 'MUST',
    title: 'a list has the newest version of each calendar, and no other',
    async run(context) {
      const slugs = await insertedTriangle(context);
      deepStrictEqual(
        (await listed(context, slugs)).toSorted(),
        slugs.map((slug, at) => `${slug} ${at + 1}`),
      );
    },
  },
  {
    id: 'calendars/list',
    level: 'MUST',
    title: 'calendars are listed by slug, page by page',
    async run(context) {
      const slugs = await insertedTriangle(context);
      deepStrictEqual(
        (await listed(context, slugs)).map((line) => line.split(' ')[0]),
        slugs,
      );
    },
  },
  {
    id: 'calendars/versions',
    level: 'MUST',
    title: 'the versions of a calendar are listed from the newest, page by page',
    async run(context) {
      const last = (await insertedTriangle(context))[2] ?? '';
      const versionsOf = async (query: { readonly before?: number; readonly limit: number }) =>
        (await context.other.calendars.versions(last, query)).map(({ version }) => version);
      deepStrictEqual(await versionsOf({ limit: 2 }), [3, 2]);
      deepStrictEqual(await versionsOf({ before: 2, limit: 2 }), [1]);
      deepStrictEqual(await context.other.calendars.versions(context.word('none'), { limit: 2 }), []);
    },
  },
];

/** Three calendars: the first has one version, the second two, the third three. @returns their slugs, in order */
async function insertedTriangle(context: ConformanceContext): Promise<readonly string[]> {
  const slugs = ['a', 'b', 'c'].map((letter) => context.word(`list-${letter}`)).sort();
  for (const [at, slug] of slugs.entries()) {
    const { id } = sampleCalendar(context);
    for (let version = 1; version <= at + 1; version += 1) {
      equal(await inserted(context.storage, sampleCalendar(context, { id, slug, version })), true, slug);
    }
  }
  return slugs;
}

/** What pages of the list say of these calendars, as they come. */
async function listed(context: ConformanceContext, slugs: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let after = ''; ; ) {
    const page = await context.other.calendars.list({ after, limit: 2 });
    lines.push(...page.map(({ slug, version }) => `${slug} ${version}`));
    const last = page.at(-1)?.slug ?? '';
    if (last <= after) break;
    after = last;
  }
  return lines.filter((line) => slugs.includes(line.split(' ')[0] ?? ''));
}
