import { type Selectable, sql } from 'kysely';
import type { CalendarBody, CalendarStore, StoredCalendar } from '../../../foundation/calendars/calendar-store.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { compilable, prepare } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { CalendarsTable } from '../tables-calendars.js';

type CalendarRow = Omit<Selectable<CalendarsTable>, 'format'>;

const columns = [
  'slug',
  'version',
  'id',
  'body',
  'published_at',
  'published_by',
] as const satisfies readonly (keyof CalendarRow)[];

export function calendarStore(context: SqlContext): CalendarStore {
  const { flavour } = context;
  const { query } = flavour;
  const calendars = inserter(flavour, 'calendars', columns);
  const get = prepare<{ slug: string; version: number }, CalendarRow>((parameter) =>
    query
      .selectFrom('calendars')
      .select(columns)
      .where('slug', '=', parameter('slug'))
      .where('version', '=', parameter('version')),
  );
  const newest = prepare<{ slug: string }, CalendarRow>((parameter) =>
    query
      .selectFrom('calendars')
      .select(columns)
      .where('slug', '=', parameter('slug'))
      .orderBy('version', 'desc')
      .limit(1),
  );
  const before = prepare<{ slug: string; before: number; limit: number }, CalendarRow>((parameter) =>
    query
      .selectFrom('calendars')
      .select(columns)
      .where('slug', '=', parameter('slug'))
      .where('version', '<', parameter('before'))
      .orderBy('version', 'desc')
      .limit(parameter('limit')),
  );
  // Versions have no gaps: the newest is the one that no other follows.
  const heads = prepare<{ after: string; limit: number }, CalendarRow>((parameter) =>
    compilable(
      flavour,
      sql<CalendarRow>`select ${sql.join(columns.map((column) => sql.ref(column)))} from calendars where slug > ${parameter('after')} and not exists (select 1 from calendars as later where later.slug = calendars.slug and later.version = calendars.version + 1) order by slug limit ${parameter('limit')}`,
    ),
  );
  return {
    insert: (unit, calendar) => calendars.insertOne(connectionOf(unit, 'ledger'), rowOf(calendar)),
    async get(unit, slug, version) {
      const row = await get.first(readerFor(context, unit, 'ledger'), { slug, version });
      return row && calendarOf(row);
    },
    async newest(unit, slug) {
      const row = await newest.first(readerFor(context, unit, 'ledger'), { slug });
      return row && calendarOf(row);
    },
    async list({ after = '', limit }) {
      return (await heads.all(context.reader, { after, limit })).map(calendarOf);
    },
    async versions(slug, { before: end = Number.MAX_SAFE_INTEGER, limit }) {
      return (await before.all(context.reader, { slug, before: end, limit })).map(calendarOf);
    },
  };
}

function rowOf({ body, publishedAt, publishedBy, ...calendar }: StoredCalendar): CalendarRow {
  return { ...calendar, body: writeJson(body), published_at: publishedAt, published_by: publishedBy };
}

function calendarOf({
  body,
  published_at: publishedAt,
  published_by: publishedBy,
  ...row
}: CalendarRow): StoredCalendar {
  return { ...row, body: readJson<CalendarBody>(body), publishedAt, publishedBy };
}
