import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { errorCode, type Job, type JobHandler, type JobQueue, type JobStore } from '../../foundation/jobs/index.js';
import type { Actor } from '../../foundation/kernel/index.js';
import { type ImportOrder, importJobKind, importShareKind, orderOf } from './import-order.js';
import type { ImportRequest } from './import-request.js';
import type { ImportService } from './import-service.js';
import type { FilePart } from './take-ahead.js';

/** Of which import, and which part of its file. */
interface ImportShare extends FilePart {
  readonly job: string;
}

const shareShape: z.ZodType<ImportShare> = z.strictObject({ job: z.string(), from: z.number(), to: z.number() });

/** Smaller files are done before another worker has read its way to its part. */
const smallestShared = 512 * 1024;
const lookEveryMillis = 1_000;

/**
 * Asks other workers to share an import: one job for each part of the file but the first, the last part first, since the import comes to it
 * last. Rows that update leads depend on more than the unique values of those above them, so they are not shared.
 * @returns the jobs
 */
export async function inviteOthers(
  queue: JobQueue,
  {
    job,
    actor,
    request,
    workers,
  }: {
    readonly job: Job;
    readonly actor: Actor;
    readonly request: ImportRequest;
    readonly workers: number;
  },
): Promise<readonly string[]> {
  if (workers < 2 || request.duplicates === 'update') return [];
  const size = await stat(request.file).then(
    (found) => found.size,
    () => 0,
  );
  if (size < smallestShared) return [];
  const invited: string[] = [];
  for (let part = workers - 1; part > 0; part -= 1) {
    const payload = { job: job.id, from: part / workers, to: (part + 1) / workers } satisfies ImportShare;
    const dedupeKey = `${job.id} ${part}`;
    const { id } = await queue.addNow(actor, {
      kind: importShareKind,
      payload,
      dedupeKey,
      correlationId: job.correlationId,
    });
    invited.push(id);
  }
  return invited;
}

/**
 * Shares imports. Nothing rests on it: whatever ends it, the import takes the rows that it has not taken.
 * @param ports `imports` is asked for when a job runs
 */
export function importShareHandler(ports: {
  readonly imports: () => ImportService;
  readonly jobs: Pick<JobStore, 'get'>;
}): JobHandler {
  return {
    kind: importShareKind,
    maxAttempts: 3,
    concurrency: 1,
    // Whoever does an import has his hands full.
    apartFrom: [importJobKind],
    resumable: true,
    async run({ job, actor, signal, progress }) {
      const share = shareShape.parse(job.payload);
      const order = await activeOrder(ports.jobs, share.job);
      if (order === null) return { rows: 0 };
      const ended = new AbortController();
      const look = setInterval(() => {
        void activeOrder(ports.jobs, share.job).then(
          (still) => still ?? ended.abort(),
          () => undefined,
        );
      }, lookEveryMillis);
      let rows = 0;
      try {
        await ports.imports().share(actor, {
          order,
          part: share,
          signal: AbortSignal.any([signal, ended.signal]),
          onTaken: (taken) => {
            rows = taken;
            progress({ rows });
          },
        });
        return { rows };
      } catch (error) {
        signal.throwIfAborted();
        return ended.signal.aborted ? { rows } : { rows, stoppedBy: errorCode(error) };
      } finally {
        clearInterval(look);
      }
    },
  };
}

/** What an import was asked to do; null once it has ended. */
async function activeOrder(jobs: Pick<JobStore, 'get'>, id: string): Promise<ImportOrder | null> {
  const job = await jobs.get(null, id);
  return job?.status === 'running' || job?.status === 'waiting' ? orderOf(job.payload) : null;
}
