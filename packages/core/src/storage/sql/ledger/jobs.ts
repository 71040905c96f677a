import { sql } from 'kysely';
import type { JobQuery, JobStatus, JobStore, NewJob, StoredJob } from '../../../foundation/jobs/queue/job-store.js';
import type { Instant } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { compilable, prepare, runQuery } from '../prepared.js';
import { Collision, DuplicateKey, type SqlConnection } from '../sql-connection.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import { jobClaims } from './job-claims.js';
import { freshJob, type JobRow, jobColumns, jobOf, jobRowOf } from './job-rows.js';

interface CountRow {
  readonly status: string;
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
  const dueOf = (priority: number, parameter: (name: 'now') => unknown) =>
    sql`exists (select 1 from jobs where status = 'waiting' and priority = ${sql.lit(priority)} and run_at <= ${parameter('now')})`;
  const anyDue = prepare<{ now: Instant }, { due: number }>((parameter) =>
    compilable(
      flavour,
      sql<{ due: number }>`select (${dueOf(0, parameter)} or ${dueOf(1, parameter)} or ${dueOf(2, parameter)}) as due`,
    ),
  );
  const counts = prepare<Record<never, never>, CountRow>(() =>
    query
      .selectFrom('jobs')
      .select([
        'status',
        (each) => each.fn.countAll<number>().as('jobs'),
        (each) => each.fn.min<Instant>('run_at').as('oldest'),
      ])
      .where('status', 'in', ['waiting', 'running', 'dead'])
      .groupBy('status'),
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
      const ids: string[] = [];
      for (const job of added) {
        ids.push(job.dedupeKey === null ? job.id : await insertOnce(connection, job, job.dedupeKey));
      }
      return ids;
    },
    async anyDue(now) {
      return (await anyDue.first(context.reader, { now }))?.due === 1;
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
      const of = (status: string): CountRow | undefined => rows.find((row) => row.status === status);
      return {
        waiting: of('waiting')?.jobs ?? 0,
        running: of('running')?.jobs ?? 0,
        dead: of('dead')?.jobs ?? 0,
        oldestRunAt: of('waiting')?.oldest ?? null,
      };
    },
    trim: (status, before, limit) =>
      context.unitOfWork.run('ledger', async (unit) => {
        const connection = connectionOf(unit, 'ledger');
        const { rows } = await runQuery(connection, endedBefore(context, { status, before, limit }));
        if (rows.length === 0) return 0;
        const ids = rows.map(({ id }) => id);
        // By their keys, so that no engine locks others on the way; one that was retried meanwhile stays.
        const remove = query.deleteFrom('jobs').where('id', 'in', ids).where('status', '=', status);
        return (await runQuery(connection, remove)).affected;
      }),
  };
}

function updateOf({ flavour }: SqlContext, job: StoredJob) {
  const { id, kind: _kind, ...columns } = jobRowOf(job);
  return flavour.query.updateTable('jobs').set(columns).where('id', '=', id);
}

function endedBefore(
  { flavour }: SqlContext,
  { status, before, limit }: { readonly status: JobStatus; readonly before: Instant; readonly limit: number },
) {
  return flavour.query
    .selectFrom('jobs')
    .select('id')
    .where('status', '=', status)
    .where('finished_at', '<', before)
    .orderBy('finished_at')
    .limit(limit);
}

function listQuery({ flavour }: SqlContext, { status, kind, after, limit }: JobQuery) {
  let list = flavour.query.selectFrom('jobs').select(jobColumns);
  if (status !== undefined) list = list.where('status', '=', status);
  if (kind !== undefined) list = list.where('kind', '=', kind);
  if (after !== undefined) list = list.where('id', '<', after);
  return list.orderBy('id', 'desc').limit(limit);
}
