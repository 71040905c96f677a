import { sql } from 'kysely';
import type {
  HeldJob,
  JobClaim,
  JobLease,
  JobOutcome,
  JobStore,
  LapsedJobs,
  StoredJob,
} from '../../../foundation/jobs/queue/job-store.js';
import type { Instant } from '../../../foundation/kernel/index.js';
import { writeJsonOrNull } from '../json-text.js';
import { compilable, prepare, prepareList } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import { dueJobs } from './due-jobs.js';
import { type JobRow, jobColumns, jobOf } from './job-rows.js';

type HeldRow = Pick<JobRow, 'id' | 'fence' | 'attempts' | 'max_attempts' | 'run_at' | 'cancel_requested'>;
type EndedRow = Pick<JobRow, 'status' | 'run_at' | 'attempts' | 'result' | 'last_error' | 'finished_at'>;

interface DueParameters {
  readonly kind: string;
  readonly priority: number;
  readonly now: Instant;
  readonly limit: number;
}

/** The part of the store that workers use. */
export function jobClaims(context: SqlContext): Pick<JobStore, 'claim' | 'renew' | 'end' | 'lapse'> {
  const { flavour } = context;
  const { query } = flavour;
  /** Jobs that another unit is at are passed over, not waited for. */
  const taking = flavour.locksRows ? sql`for update skip locked` : sql``;
  const columns = sql.join(jobColumns.map((column) => sql.ref(column)));
  const whatIsDue = dueJobs(flavour);
  const due = prepare<DueParameters, JobRow>((parameter) =>
    compilable(
      flavour,
      sql<JobRow>`select ${columns} from jobs${flavour.byIndex('jobs_due')} where status = 'waiting' and kind = ${parameter('kind')} and priority = ${parameter('priority')} and run_at <= ${parameter('now')} order by run_at, id limit ${parameter('limit')} ${taking}`,
    ),
  );
  const jobsByKey = sql`jobs${flavour.byKey}`;
  const locking = flavour.locksRows ? sql`for update` : sql``;
  const take = prepareList<string, Pick<JobClaim, 'holder' | 'now' | 'leaseUntil'>, unknown>((ids, parameter) =>
    compilable(
      flavour,
      sql`update ${jobsByKey} set status = 'running', attempts = attempts + 1, fence = fence + 1, lease_holder = ${parameter('holder')}, lease_until = ${parameter('leaseUntil')}, started_at = ${parameter('now')} where id in (${sql.join(ids)})`,
    ),
  );
  const running = prepareList<string, Record<never, never>, HeldRow>((ids) =>
    compilable(
      flavour,
      sql<HeldRow>`select id, fence, attempts, max_attempts, run_at, cancel_requested from ${jobsByKey} where id in (${sql.join(ids)}) and status = 'running' ${locking}`,
    ),
  );
  const prolong = prepareList<string, { leaseUntil: Instant }, unknown>((ids, parameter) =>
    compilable(
      flavour,
      sql`update ${jobsByKey} set lease_until = ${parameter('leaseUntil')} where id in (${sql.join(ids)})`,
    ),
  );
  const keepProgress = prepare<{ id: string; progress: string | null }, unknown>((parameter) =>
    query
      .updateTable('jobs')
      .set({ progress: parameter('progress') })
      .where('id', '=', parameter('id')),
  );
  const done = prepareList<string, { now: Instant }, unknown>((ids, parameter) =>
    compilable(
      flavour,
      sql`update ${jobsByKey} set status = 'done', lease_until = null, lease_holder = null, active_key = null, last_error = null, cancel_requested = 0, finished_at = ${parameter('now')} where id in (${sql.join(ids)})`,
    ),
  );
  const end = prepare<EndedRow & { id: string }, unknown>((parameter) =>
    query
      .updateTable('jobs')
      .set({
        status: parameter('status'),
        run_at: parameter('run_at'),
        attempts: parameter('attempts'),
        result: parameter('result'),
        last_error: parameter('last_error'),
        finished_at: parameter('finished_at'),
        lease_until: null,
        lease_holder: null,
        cancel_requested: 0,
        // What has ended leaves the key to others.
        active_key: sql<string | null>`case when ${parameter('finished_at')} is null then active_key end`,
      })
      .where('id', '=', parameter('id')),
  );
  const lapsed = prepare<{ now: Instant; latest: Instant; limit: number }, HeldRow>((parameter) =>
    compilable(
      flavour,
      sql<HeldRow>`select id, fence, attempts, max_attempts, run_at, cancel_requested from jobs${flavour.byIndex('jobs_leased')} where lease_until is not null and (lease_until < ${parameter('now')} or lease_until > ${parameter('latest')}) order by lease_until limit ${parameter('limit')} ${taking}`,
    ),
  );

  async function heldRows(
    connection: SqlConnection,
    leases: readonly JobLease[],
  ): Promise<ReadonlyMap<string, HeldRow>> {
    const fences = new Map(leases.map(({ id, fence }) => [id, fence]));
    // In one order, so that two who lock several do not wait for each other.
    const rows = await running.all(connection, [...fences.keys()].sort(), {});
    return new Map(rows.filter(({ id, fence }) => fences.get(id) === fence).map((row) => [row.id, row]));
  }

  return {
    async claim(unit, { shares, holder, now, leaseUntil, limit }) {
      const connection = connectionOf(unit, 'ledger');
      const claimed: StoredJob[] = [];
      const left = new Map(shares.map((share) => [share.kind, share.limit]));
      for (const { kind, priority } of await whatIsDue(connection, [...left.keys()], now)) {
        const most = Math.min(left.get(kind) ?? 0, limit - claimed.length);
        if (most <= 0) continue;
        const rows = await due.all(connection, { kind, priority, now, limit: most });
        claimed.push(...rows.map(jobOf));
        left.set(kind, (left.get(kind) ?? 0) - rows.length);
      }
      const ids = claimed.map(({ id }) => id);
      await take.all(connection, ids, { holder, now, leaseUntil });
      return claimed.map((job) => ({
        ...job,
        status: 'running',
        attempts: job.attempts + 1,
        fence: job.fence + 1,
        leaseHolder: holder,
        leaseUntil,
        startedAt: now,
      }));
    },
    async renew(unit, renewals, leaseUntil) {
      const connection = connectionOf(unit, 'ledger');
      const held = await heldRows(connection, renewals);
      await prolong.all(connection, [...held.keys()], { leaseUntil });
      for (const { id, progress } of renewals) {
        if (progress !== undefined && held.has(id))
          await keepProgress.run(connection, { id, progress: writeJsonOrNull(progress) });
      }
      return [...held.values()].map(heldOf);
    },
    async end(unit, endings, now) {
      const connection = connectionOf(unit, 'ledger');
      const held = await heldRows(connection, endings);
      const quiet = endings.filter(({ id, outcome }) => held.has(id) && isQuiet(outcome)).map(({ id }) => id);
      await done.all(connection, quiet, { now });
      for (const { id, outcome } of endings) {
        const row = held.get(id);
        if (row !== undefined && !isQuiet(outcome)) await end.run(connection, { id, ...endedRow(row, outcome, now) });
      }
      return new Set(held.keys());
    },
    async lapse(unit, wanted) {
      const connection = connectionOf(unit, 'ledger');
      const counts = { waiting: 0, dead: 0, cancelled: 0 };
      for (const row of await lapsed.all(connection, wanted)) {
        const becomes = lapsedAs(row);
        await end.run(connection, { id: row.id, ...endedRow(row, lapsedOutcomes(wanted.now)[becomes], wanted.now) });
        counts[becomes] += 1;
      }
      return counts;
    },
  };
}

/** Many end so, and one statement ends them all. */
function isQuiet(outcome: JobOutcome): boolean {
  return outcome.kind === 'done' && outcome.result === null;
}

function heldOf({ id, fence, cancel_requested }: HeldRow): HeldJob {
  return { id, fence, cancelRequested: cancel_requested === 1 };
}

function lapsedAs(row: HeldRow): keyof LapsedJobs {
  if (row.cancel_requested === 1) return 'cancelled';
  return row.attempts >= row.max_attempts ? 'dead' : 'waiting';
}

function lapsedOutcomes(now: Instant): Readonly<Record<keyof LapsedJobs, JobOutcome>> {
  const error = 'JOB_LEASE_LOST';
  return {
    waiting: { kind: 'failed', error, runAt: now },
    dead: { kind: 'dead', error },
    cancelled: { kind: 'cancelled' },
  };
}

function endedRow(row: HeldRow, outcome: JobOutcome, now: Instant): EndedRow {
  const ended = { run_at: row.run_at, attempts: row.attempts, result: null, last_error: null, finished_at: now };
  const isGoingOn = outcome.kind === 'failed' || outcome.kind === 'released';
  if (outcome.kind === 'cancelled' || (isGoingOn && row.cancel_requested === 1))
    return { ...ended, status: 'cancelled' };
  switch (outcome.kind) {
    case 'done':
      return { ...ended, status: 'done', result: writeJsonOrNull(outcome.result) };
    case 'dead':
      return { ...ended, status: 'dead', last_error: outcome.error };
    case 'failed':
      return { ...ended, status: 'waiting', run_at: outcome.runAt, last_error: outcome.error, finished_at: null };
    case 'released':
      return { ...ended, status: 'waiting', attempts: row.attempts - 1, finished_at: null };
  }
}
