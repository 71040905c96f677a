import type { JobOutcome, NewJob, StoredJob } from '../foundation/jobs/queue/job-store.js';
import type { Instant } from '../foundation/kernel/index.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit } from './together.js';

export const minute = 60_000;
/** Long before whatever else is in the store. */
export const longAgo: number = Date.UTC(2001, 0, 1);
/** Later than any clock, earlier than any lease that only a wrong clock writes. */
export const latest: Instant = '8000-01-01T00:00:00.000Z';

export function sampleJob(context: ConformanceContext, change: Partial<NewJob> = {}): NewJob {
  return {
    id: context.ids.next<'job'>(),
    kind: context.word('kind'),
    priority: 'normal',
    runAt: instantAfter(0),
    maxAttempts: 3,
    payload: { lead: context.ids.next<'lead'>(), deep: [1, null, 'text'] },
    dedupeKey: null,
    createdAt: instantAfter(0),
    actor: 'user:asha',
    via: { host: 'desk-7', operatingSystemUser: 'asha' },
    correlationId: context.ids.next<'request'>(),
    ...change,
  };
}

export function addJobs(storage: Storage, jobs: readonly NewJob[]): Promise<readonly string[]> {
  return inUnit(storage, 'ledger', (unit) => storage.jobs.insert(unit, jobs));
}

interface Claiming {
  readonly kinds: readonly string[];
  readonly limit?: number;
  readonly now?: Instant;
  readonly leaseUntil?: Instant;
}

export function claimJobs(storage: Storage, { kinds, ...given }: Claiming): Promise<readonly StoredJob[]> {
  const now = given.now ?? instantAfter(minute);
  const leaseUntil = given.leaseUntil ?? instantAfter(2 * minute);
  const limit = given.limit ?? 10;
  const claim = { shares: kinds.map((kind) => ({ kind, limit })), holder: 'worker-1', now, leaseUntil, limit };
  return inUnit(storage, 'ledger', (unit) => storage.jobs.claim(unit, claim));
}

export async function endJob(storage: Storage, { id, fence }: StoredJob, outcome: JobOutcome): Promise<boolean> {
  const ended = await inUnit(storage, 'ledger', (unit) =>
    storage.jobs.end(unit, [{ id, fence, outcome }], instantAfter(3 * minute)),
  );
  return ended.has(id);
}

/** A job that was added and claimed. */
export async function claimedJob(context: ConformanceContext, change: Partial<NewJob> = {}): Promise<StoredJob> {
  const job = sampleJob(context, change);
  await addJobs(context.storage, [job]);
  const [claimed] = await claimJobs(context.storage, { kinds: [job.kind] });
  if (claimed === undefined) throw new Error('a due job was not claimed');
  return claimed;
}

export async function readJob(storage: Storage, { id }: { readonly id: string }): Promise<StoredJob> {
  const job = await storage.jobs.get(null, id);
  if (job === null) throw new Error(`the job ${id} is gone`);
  return job;
}
