import { sql } from 'kysely';
import type {
  StoredTimer,
  TimerMove,
  TimerQuery,
  TimerRef,
  TimerStore,
  TimerTry,
} from '../../../foundation/jobs/timers/timer-store.js';
import type { Instant } from '../../../foundation/kernel/index.js';
import { deletingByKey } from '../delete-by-key.js';
import { inserter } from '../inserter.js';
import { compilable, prepare, prepareList, runQuery } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import { type TimerRow, timerColumns, timerOf, timerRowOf } from './timer-rows.js';

interface CountRow {
  readonly stuck: number;
  readonly timers: number;
  readonly oldest: Instant;
}

export function timerStore(context: SqlContext): TimerStore {
  const { flavour } = context;
  const { query, locksRows } = flavour;
  const timers = inserter(flavour, 'timers', timerColumns);
  const [, ...overwritten] = timerColumns;
  const due = flavour.byIndex('timers_due');
  const locked = (skip: boolean) => sql.raw(!locksRows ? '' : skip ? 'for update skip locked' : 'for update');
  const columns = sql.join(timerColumns.map((column) => sql.ref(column)));

  const dueRows = prepare<{ now: Instant; limit: number }, TimerRow>((parameter) =>
    compilable(
      flavour,
      sql<TimerRow>`select ${columns} from timers${due} where stuck = 0 and fire_at <= ${parameter('now')} order by fire_at, timer_key limit ${parameter('limit')} ${locked(true)}`,
    ),
  );
  const rowsOf = (lock: boolean) =>
    prepareList<string, Record<never, never>, TimerRow>((keys) =>
      compilable(
        flavour,
        sql<TimerRow>`select ${columns} from timers${flavour.byKey} where timer_key in (${sql.join(keys)}) ${lock ? locked(false) : sql.raw('')}`,
      ),
    );
  const [read, readLocked] = [rowsOf(false), rowsOf(true)];
  const remove = prepareList<string, Record<never, never>, unknown>((keys) =>
    compilable(flavour, deletingByKey(flavour, { table: 'timers', key: 'timer_key', keys })),
  );
  const reschedule = prepare<TimerTry & { isStuck: number }, unknown>((parameter) =>
    query
      .updateTable('timers')
      .set({
        fire_at: parameter('fireAt'),
        attempts: parameter('attempts'),
        last_error: parameter('lastError'),
        stuck: parameter('isStuck'),
      })
      .where('timer_key', '=', parameter('key'))
      .where('id', '=', parameter('id')),
  );
  const waited = prepare<{ after: string }, { calendar: string; calendar_version: number }>((parameter) =>
    compilable(
      flavour,
      sql<{
        calendar: string;
        calendar_version: number;
      }>`select calendar, calendar_version from timers where calendar > ${parameter('after')} order by calendar, calendar_version limit 1`,
    ),
  );
  const counted = prepare<{ calendar: string; version: number; limit: number }, TimerRow>((parameter) =>
    query
      .selectFrom('timers')
      .select(timerColumns)
      .where('calendar', '=', parameter('calendar'))
      .where('calendar_version', '<', parameter('version'))
      .orderBy('calendar_version')
      .orderBy('timer_key')
      .limit(parameter('limit')),
  );
  const countedOld = prepare<{ calendar: string; version: number }, { timers: number }>((parameter) =>
    query
      .selectFrom('timers')
      .select((each) => each.fn.countAll<number>().as('timers'))
      .where('calendar', '=', parameter('calendar'))
      .where('calendar_version', '<', parameter('version')),
  );
  const move = prepare<TimerMove & { versionBefore: number; attemptsBefore: number }, unknown>((parameter) =>
    query
      .updateTable('timers')
      .set({ due_at: parameter('dueAt'), fire_at: parameter('fireAt'), calendar_version: parameter('version') })
      .where('timer_key', '=', parameter('key'))
      .where('id', '=', parameter('id'))
      .where('calendar_version', '=', parameter('versionBefore'))
      .where('attempts', '=', parameter('attemptsBefore')),
  );
  const anyDue = prepare<{ now: Instant }, { due: number }>((parameter) =>
    compilable(
      flavour,
      sql<{
        due: number;
      }>`select exists (select 1 from timers where stuck = 0 and fire_at <= ${parameter('now')}) as due`,
    ),
  );
  const counts = prepare<{ now: Instant }, CountRow>((parameter) =>
    compilable(
      flavour,
      sql<CountRow>`select stuck, count(*) as timers, min(fire_at) as oldest from timers where (stuck = 0 and fire_at <= ${parameter('now')}) or stuck = 1 group by stuck`,
    ),
  );

  /** In one order, so that two who lock several do not wait for each other. */
  async function lockedRows(connection: SqlConnection, keys: readonly string[]): Promise<readonly TimerRow[]> {
    return readLocked.all(connection, [...new Set(keys)].sort(), {});
  }

  async function removed(connection: SqlConnection, rows: readonly TimerRow[]): Promise<readonly StoredTimer[]> {
    await remove.all(
      connection,
      rows.map((row) => row.timer_key),
      {},
    );
    return rows.map(timerOf);
  }

  return {
    async set(unit, given) {
      const rows = given.map(timerRowOf).sort((one, other) => (one.timer_key < other.timer_key ? -1 : 1));
      await timers.insertOverwriting(connectionOf(unit, 'ledger'), rows, overwritten);
    },
    async cancel(unit, keys) {
      const connection = connectionOf(unit, 'ledger');
      const gone = await removed(connection, await lockedRows(connection, keys));
      return new Set(gone.map(({ key }) => key));
    },
    async anyDue(now) {
      return (await anyDue.first(context.reader, { now }))?.due === 1;
    },
    async takeDue(unit, now, limit) {
      const connection = connectionOf(unit, 'ledger');
      return removed(connection, await dueRows.all(connection, { now, limit }));
    },
    async take(unit, wanted: readonly TimerRef[]) {
      const connection = connectionOf(unit, 'ledger');
      const ids = new Map(wanted.map(({ key, id }) => [key, id]));
      const rows = await lockedRows(connection, [...ids.keys()]);
      return removed(
        connection,
        rows.filter((row) => ids.get(row.timer_key) === row.id),
      );
    },
    async reschedule(unit, tries) {
      const connection = connectionOf(unit, 'ledger');
      for (const each of tries) await reschedule.run(connection, { ...each, isStuck: each.stuck ? 1 : 0 });
    },
    async nextCalendar(after) {
      const row = await waited.first(context.reader, { after });
      return row && { calendar: row.calendar, oldestVersion: row.calendar_version };
    },
    async countedBefore(calendar, version, limit) {
      return (await counted.all(context.reader, { calendar, version, limit })).map(timerOf);
    },
    async countBefore(calendar, version) {
      return (await countedOld.first(context.scanner, { calendar, version }))?.timers ?? 0;
    },
    async move(unit, moves) {
      const connection = connectionOf(unit, 'ledger');
      let moved = 0;
      for (const each of moves) {
        const { version: versionBefore, attempts: attemptsBefore } = each.before;
        moved += await move.run(connection, { ...each, versionBefore, attemptsBefore });
      }
      return moved;
    },
    async get(unit, key) {
      const [row] = await (unit === null ? read : readLocked).all(readerFor(context, unit, 'ledger'), [key], {});
      return row === undefined ? null : timerOf(row);
    },
    async list(wanted) {
      const { rows } = await runQuery(context.reader, listQuery(context, wanted));
      return rows.map(timerOf);
    },
    async counts(now) {
      const rows = await counts.all(context.scanner, { now });
      const [due, stuck] = [0, 1].map((flag) => rows.find((row) => row.stuck === flag));
      return { due: due?.timers ?? 0, stuck: stuck?.timers ?? 0, oldestFireAt: due?.oldest ?? null };
    },
  };
}

function listQuery({ flavour }: SqlContext, { stuck, after, limit }: TimerQuery) {
  let list = flavour.query.selectFrom('timers').select(timerColumns);
  // Nearly all are not stuck: they are read in the order of their keys, not sorted out of the index of what is due.
  if (stuck !== undefined) list = stuck ? list.where('stuck', '=', 1) : list.where(sql<number>`stuck + 0`, '=', 0);
  if (after !== undefined) list = list.where('timer_key', '>', after);
  return list.orderBy('timer_key').limit(limit);
}
