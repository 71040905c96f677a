import { resolve } from 'node:path';
import type { AccessService } from '../../foundation/access/index.js';
import {
  isHandedOn,
  type JobHandler,
  type JobQueue,
  type JobStatus,
  type JobStore,
} from '../../foundation/jobs/index.js';
import {
  type Actor,
  type IdSource,
  type Instant,
  isId,
  type Json,
  LmsError,
  quoted,
} from '../../foundation/kernel/index.js';
import { importJobKind, orderJson, orderOf } from './import-order.js';
import type { ImportProgress, ImportRequest, ImportResult } from './import-request.js';
import type { ImportCounts } from './import-run-store.js';
import type { ImportService } from './import-service.js';
import { originOf } from './import-source.js';
import { actorsSeen } from './runs-seen.js';
import { inviteOthers } from './shared-imports.js';

export interface DetachedImportPorts {
  readonly access: AccessService;
  readonly imports: ImportService;
  readonly queue: JobQueue;
  readonly jobs: Pick<JobStore, 'get'>;
  readonly ids: IdSource;
}

/** How a detached import ended. */
export interface DetachedResult {
  readonly runId: string | null;
  readonly status: ImportResult['status'];
  readonly counts: ImportCounts;
  readonly rejectFile: string | null;
}

/** An import that a worker does. */
export interface DetachedImport {
  /** Of the job. */
  readonly id: string;
  readonly file: string;
  readonly productLine: string;
  readonly status: JobStatus;
  readonly addedAt: Instant;
  /** Workers that have begun it; more than one when an earlier one was killed, or an error may pass. */
  readonly attempts: number;
  /** As the worker last told it; null before that. */
  readonly progress: ImportProgress | null;
  /** Null before the end. */
  readonly result: DetachedResult | null;
  /** Code of the error with which it last failed. */
  readonly lastError: string | null;
}

const mostAttempts = 10;
/** How long others are waited for that could share an import: where there are none, no job is to look forgotten. */
const invitedMillis = 120_000;

/** Imports that are left to a worker. */
export class DetachedImports {
  readonly #ports: DetachedImportPorts;

  constructor(ports: DetachedImportPorts) {
    this.#ports = ports;
  }

  /**
   * Checks the request and the head of the file, then leaves the import to a worker, in the name of the actor. The file stays where it
   * is: the worker must reach it there, and refuses one whose content is another by then. The same file into the same line, asked for
   * while it waits or runs, is that import.
   * @throws LmsError as `ImportService.run` does before its first row; `USAGE_INVALID` for a dry run and for `again`, which could not be
   * repeated after a worker was killed
   */
  async detach(actor: Actor, request: ImportRequest): Promise<DetachedImport> {
    if (request.dryRun === true || request.again === true) {
      throw new LmsError('USAGE_INVALID', {
        message: 'a dry run, and an import that takes rows again, cannot be left to a worker',
      });
    }
    originOf(request);
    const { imports, queue, ids } = this.#ports;
    const preview = await imports.plan(actor, request);
    if (preview.refused !== null) throw new LmsError('IMPORT_COLUMN_MISSING', { message: preview.refused });
    const { fileSha256, productLine } = preview;
    const rejects = request.rejectFile === undefined ? {} : { rejectFile: resolve(request.rejectFile) };
    const order = {
      request: { ...request, file: resolve(request.file), ...rejects },
      fileSha256,
      run: ids.next<'import'>(),
    };
    const id = await queue.addNow(actor, {
      kind: importJobKind,
      payload: orderJson(order),
      dedupeKey: `${productLine} ${fileSha256}`,
    });
    return this.#get(id);
  }

  /** @throws LmsError `IMPORT_NOT_FOUND`, also for one of somebody whose imports the actor does not see */
  async detached(actor: Actor, id: string): Promise<DetachedImport> {
    const { access, jobs } = this.#ports;
    const principal = await access.require(actor, 'imports.read');
    const seen = await actorsSeen(access, principal);
    const job = isId(id) ? await jobs.get(null, id) : null;
    if (job === null || (seen !== null && !seen.includes(job.actor))) throw notFound(id);
    return this.#get(id);
  }

  async #get(id: string): Promise<DetachedImport> {
    const job = await this.#ports.jobs.get(null, id);
    if (job === null || job.kind !== importJobKind) throw notFound(id);
    const { request } = orderOf(job.payload);
    return {
      id,
      file: request.file,
      productLine: request.productLine,
      status: job.status,
      addedAt: job.createdAt,
      attempts: job.attempts,
      progress: written<ImportProgress>(job.progress),
      result: written<DetachedResult>(job.result),
      lastError: job.lastError,
    };
  }
}

/**
 * Runs detached imports. One that was killed or given back goes on where it was, as the same run: rows that were taken count as taken by it.
 * @param ports `imports` and `queue` are asked for when a job runs
 */
export function importJobHandler(ports: {
  readonly imports: () => ImportService;
  readonly queue: () => JobQueue;
}): JobHandler {
  return {
    kind: importJobKind,
    maxAttempts: mostAttempts,
    // Reading and sealing a file fills a core.
    concurrency: 2,
    resumable: true,
    async run({ job, actor, signal, progress }) {
      const { request, fileSha256, run } = orderOf(job.payload);
      const imports = ports.imports();
      const invited = await inviteOthers(ports.queue(), { job, actor, request, workers: imports.workers });
      const withdraw = (): Promise<void> =>
        ports
          .queue()
          .withdraw(invited)
          .catch(() => undefined);
      const soon = setTimeout(() => void withdraw(), invitedMillis);
      const result = await imports
        .goOn(
          actor,
          { ...request, fileSha256 },
          { id: run, shared: invited.length > 0, isHandedOn: () => isHandedOn(signal) },
          { signal, onProgress: (told) => progress({ ...told }) },
        )
        .finally(() => {
          clearTimeout(soon);
          return withdraw();
        });
      if (result.status === 'stopped') {
        throw new LmsError('COMMAND_ABORTED', { message: 'the import was stopped between two batches' });
      }
      const { runId, status, counts, rejectFile } = result;
      return { runId, status, counts: { ...counts }, rejectFile };
    },
  };
}

function notFound(id: string): LmsError {
  return new LmsError('IMPORT_NOT_FOUND', { message: `there is no detached import ${quoted(id)}` });
}

/** What the handler wrote. */
function written<Value>(json: Json | null): Value | null {
  return json === null ? null : JSON.parse(JSON.stringify(json));
}
