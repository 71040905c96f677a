import { type Compilable, sql } from 'kysely';
import {
  freshJob,
  type JobQuery,
  type JobStatus,
  type JobStore,
  jobStatuses,
  type NewJob,
  type StoredJob,
} from '../../../foundation/jobs/queue/job-store.js';
import type { Instant } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { compilable, prepare, runQuery } from '../prepared.js';
import { Collision, DuplicateKey, type SqlConnection } from '../sql-connection.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import { trimByKey } from '../trim.js';
import { dueJobs } from './due-jobs.js';
import { jobClaims } from './job-claims.js';
import { type JobRow, jobColumns, jobOf, jobRowOf } from './job-rows.js';

interface CountRow {
  readonly status: string;
  readonly kind: string;
  readonly jobs: number;
  readonly oldest: Instant;
}

export function jobStore(context: SqlContext): JobStore {
  const { flavour } = context;
  const { query } = flavour;
  const jobs = inserter(flavour, 'jobs', [...jobColumns]);
  const keyHolder = prepare<{ kind: string; key: string }, { id: string }>((parameter) =>
    query
      .selectFrom('jobs')
      .select('id')
      .where('kind', '=', parameter('kind'))
      .where('active_key', '=', parameter('key')),
  );
  const get = (lock: boolean) =>
    prepare<{ id: string }, JobRow>((parameter) =>
      query
        .selectFrom('jobs')
        .select(jobColumns)
        .where('id', '=', parameter('id'))
        .$if(lock, (select) => select.forUpdate()),
    );
  const [read, readLocked] = [get(false), get(flavour.locksRows)];
  const whatIsDue = dueJobs(flavour);
  const counts = prepare<Record<never, never>, CountRow>(() =>
    query
      .selectFrom('jobs')
      .select([
        'status',
        'kind',
        (each) => each.fn.countAll<number>().as('jobs'),
        (each) => each.fn.min<Instant>('run_at').as('oldest'),
      ])
      .where('status', 'in', ['waiting', 'running', 'dead'])
      .groupBy(['status', 'kind']),
  );

  /** A key that is taken and whose holder is gone again was given up meanwhile: the unit is repeated. */
  async function insertOnce(connection: SqlConnection, job: NewJob, key: string): Promise<string> {
    const { kind } = job;
    const before = await keyHolder.first(connection, { kind, key });
    if (before !== null) return before.id;
    if (await jobs.insertOne(connection, jobRowOf(freshJob(job)))) return job.id;
    const holder = await keyHolder.first(connection, { kind, key });
    if (holder === null) throw new Collision(`the job with the key of ${job.id} ended meanwhile`);
    return holder.id;
  }

  return {
    ...jobClaims(context),
    async insert(unit, added) {
      const connection = connectionOf(unit, 'ledger');
      const free = added.filter(({ dedupeKey }) => dedupeKey === null);
      await jobs.insert(
        connection,
        free.map((job) => jobRowOf(freshJob(job))),
      );
      const keyed = added.flatMap((job) => (job.dedupeKey === null ? [] : [{ job, key: job.dedupeKey }]));
      // In the order of their keys: two units with the same keys never wait for each other in a circle.
      keyed.sort((one, other) => (`${one.job.kind} ${one.key}` < `${other.job.kind} ${other.key}` ? -1 : 1));
      const holders = new Map<string, string>();
      for (const { job, key } of keyed) holders.set(job.id, await insertOnce(connection, job, key));
      return added.map(({ id }) => holders.get(id) ?? id);
    },
    async anyDue(now, kinds) {
      return (await whatIsDue(context.reader, kinds, now)).length > 0;
    },
    async get(unit, id) {
      const row = await (unit === null ? read : readLocked).first(readerFor(context, unit, 'ledger'), { id });
      return row && jobOf(row);
    },
    async update(unit, job) {
      try {
        await runQuery(connectionOf(unit, 'ledger'), updateOf(context, job));
        return true;
      } catch (error) {
        if (error instanceof DuplicateKey) return false;
        throw error;
      }
    },
    async list(wanted) {
      const { rows } = await runQuery(context.reader, listQuery(context, wanted));
      return rows.map(jobOf);
    },
    async counts() {
      const rows = await counts.all(context.scanner, {});
      const of = (status: JobStatus): readonly CountRow[] => rows.filter((row) => row.status === status);
      const sum = (status: JobStatus): number => of(status).reduce((all, { jobs: some }) => all + some, 0);
      const worked = new Set(of('running').map(({ kind }) => kind));
      const left = of('waiting').filter(({ kind }) => !worked.has(kind));
      return {
        waiting: sum('waiting'),
        running: sum('running'),
        dead: sum('dead'),
        oldestRunAt: left.map(({ oldest }) => oldest).sort()[0] ?? null,
      };
    },
    trim: (status, before, limit) =>
      trimByKey(context, {
        home: 'ledger',
        table: 'jobs',
        key: 'id',
        where: sql`status = ${status} and finished_at < ${before}`,
        order: 'finished_at',
        limit,
      }),
  };
}

function updateOf({ flavour }: SqlContext, job: StoredJob) {
  const { id, kind: _kind, ...columns } = jobRowOf(job);
  return flavour.query.updateTable('jobs').set(columns).where('id', '=', id);
}

function listQuery(context: SqlContext, wanted: JobQuery): Compilable<JobRow> {
  const { kind, status, limit } = wanted;
  if (kind === undefined || status !== undefined) return pageQuery(context, wanted);
  // The index of kinds is one of statuses too: the newest of each, and of these the newest.
  const pages = jobStatuses.map((each) => {
    const page = pageQuery(context, { ...wanted, status: each });
    return sql`select * from ${page} as page`;
  });
  return compilable(
    context.flavour,
    sql<JobRow>`${sql.join(pages, sql` union all `)} order by id desc limit ${sql.lit(limit)}`,
  );
}

function pageQuery({ flavour }: SqlContext, { status, kind, after, limit }: JobQuery) {
  let list = flavour.query.selectFrom('jobs').select(jobColumns);
  if (status !== undefined) list = list.where('status', '=', status);
  if (kind !== undefined) list = list.where('kind', '=', kind);
  if (after !== undefined) list = list.where('id', '<', after);
  return list.orderBy('id', 'desc').limit(limit);
}
