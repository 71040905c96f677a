import { type Selectable, sql } from 'kysely';
import type { ScheduleStore, StoredSchedule } from '../../../foundation/jobs/schedules/schedule-store.js';
import { inserter } from '../inserter.js';
import { compilable, prepare, prepareList } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import type { JobSchedulesTable } from '../tables-schedules.js';
import { trimOldest } from '../trim.js';

type ScheduleRow = Omit<Selectable<JobSchedulesTable>, 'format'>;

const columns = [
  'name',
  'plan',
  'kind',
  'next_at',
  'last_due',
  'last_at',
  'last_job',
  'version',
] as const satisfies readonly (keyof ScheduleRow)[];

export function scheduleStore(context: SqlContext): ScheduleStore {
  const { flavour } = context;
  const { query } = flavour;
  const schedules = inserter(flavour, 'job_schedules', columns);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const find = prepareList<string, Record<never, never>, ScheduleRow>((keys) =>
    compilable(flavour, sql<ScheduleRow>`select ${names} from job_schedules where name in (${sql.join(keys)})`),
  );
  const list = prepare<{ after: string; limit: number }, ScheduleRow>((parameter) =>
    query
      .selectFrom('job_schedules')
      .select(columns)
      .where(sql<boolean>`name > ${parameter('after')}`)
      .orderBy('name')
      .limit(parameter('limit')),
  );
  const replace = prepare<ScheduleRow & { expected: number }, unknown>((parameter) =>
    query
      .updateTable('job_schedules')
      .set({
        plan: parameter('plan'),
        kind: parameter('kind'),
        next_at: parameter('next_at'),
        last_due: parameter('last_due'),
        last_at: parameter('last_at'),
        last_job: parameter('last_job'),
        version: parameter('version'),
      })
      .where('name', '=', parameter('name'))
      .where('version', '=', parameter('expected')),
  );
  return {
    async find(wanted) {
      return (await find.all(context.reader, [...wanted].sort(), {})).map(scheduleOf);
    },
    async list({ after = '', limit }) {
      return (await list.all(context.reader, { after, limit })).map(scheduleOf);
    },
    async save(unit, schedule, expectedVersion) {
      const connection = connectionOf(unit, 'ledger');
      const row = rowOf(schedule);
      if (expectedVersion === 0) return schedules.insertOne(connection, row);
      return (await replace.run(connection, { ...row, expected: expectedVersion })) === 1;
    },
    trim: (before, limit) =>
      trimOldest(context, {
        home: 'ledger',
        table: 'job_schedules',
        key: ['name'],
        where: sql`next_at < ${before}`,
        order: 'next_at',
        limit,
      }),
  };
}

function rowOf({ name, plan, kind, nextAt, lastDue, lastAt, lastJob, version }: StoredSchedule): ScheduleRow {
  return { name, plan, kind, next_at: nextAt, last_due: lastDue, last_at: lastAt, last_job: lastJob, version };
}

function scheduleOf(row: ScheduleRow): StoredSchedule {
  const { name, plan, kind, version } = row;
  return {
    name,
    plan,
    kind,
    nextAt: row.next_at,
    lastDue: row.last_due,
    lastAt: row.last_at,
    lastJob: row.last_job,
    version,
  };
}
