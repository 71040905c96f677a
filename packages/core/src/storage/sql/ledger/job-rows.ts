import type { Selectable } from 'kysely';
import { jobPriorities, type StoredJob } from '../../../foundation/jobs/queue/job-store.js';
import type { ActorVia, Json } from '../../../foundation/kernel/index.js';
import { readJson, readJsonOrNull, writeJson, writeJsonOrNull } from '../json-text.js';
import type { JobsTable } from '../tables-jobs.js';

export type JobRow = Omit<Selectable<JobsTable>, 'format'>;

export const jobColumns: readonly [keyof JobRow, ...(keyof JobRow)[]] = [
  'id',
  'kind',
  'status',
  'priority',
  'run_at',
  'attempts',
  'max_attempts',
  'lease_until',
  'lease_holder',
  'fence',
  'payload',
  'result',
  'progress',
  'last_error',
  'dedupe_key',
  'active_key',
  'created_at',
  'started_at',
  'finished_at',
  'actor',
  'via',
  'correlation_id',
  'cancel_requested',
];

export function jobRowOf(job: StoredJob): JobRow {
  const isActive = job.status === 'waiting' || job.status === 'running';
  return {
    id: job.id,
    kind: job.kind,
    status: job.status,
    priority: jobPriorities.indexOf(job.priority),
    run_at: job.runAt,
    attempts: job.attempts,
    max_attempts: job.maxAttempts,
    lease_until: job.leaseUntil,
    lease_holder: job.leaseHolder,
    fence: job.fence,
    payload: writeJson(job.payload),
    result: writeJsonOrNull(job.result),
    progress: writeJsonOrNull(job.progress),
    last_error: job.lastError,
    dedupe_key: job.dedupeKey,
    active_key: isActive ? job.dedupeKey : null,
    created_at: job.createdAt,
    started_at: job.startedAt,
    finished_at: job.finishedAt,
    actor: job.actor,
    via: writeJsonOrNull(job.via),
    correlation_id: job.correlationId,
    cancel_requested: job.cancelRequested ? 1 : 0,
  };
}

export function jobOf(row: JobRow): StoredJob {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    priority: jobPriorities[row.priority] ?? 'low',
    runAt: row.run_at,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    leaseUntil: row.lease_until,
    leaseHolder: row.lease_holder,
    fence: row.fence,
    payload: readJson<Json>(row.payload),
    result: readJsonOrNull<Json>(row.result),
    progress: readJsonOrNull<Json>(row.progress),
    lastError: row.last_error,
    dedupeKey: row.dedupe_key,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    actor: row.actor,
    via: readJsonOrNull<ActorVia>(row.via),
    correlationId: row.correlation_id,
    cancelRequested: row.cancel_requested === 1,
  };
}
