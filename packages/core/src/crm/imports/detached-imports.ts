import { resolve } from 'node:path';
import { z } from 'zod';
import type { AccessService, Principal } from '../../foundation/access/index.js';
import type { JobChanges, JobQueue, JobStatus, JobStore } from '../../foundation/jobs/index.js';
import {
  type Actor,
  actorRef,
  type Instant,
  isId,
  type Json,
  LmsError,
  quoted,
} from '../../foundation/kernel/index.js';
import { contactChannels } from '../../foundation/privacy/index.js';
import { importJobKind, orderJson, orderKey, orderOf } from './import-order.js';
import type { ImportProgress, ImportRequest, ImportResult } from './import-request.js';
import type { ImportCounts } from './import-run-store.js';
import type { ImportService } from './import-service.js';
import { actorsSeen } from './runs-seen.js';

export interface DetachedImportPorts {
  readonly access: AccessService;
  readonly imports: ImportService;
  readonly queue: JobQueue;
  readonly changes: Pick<JobChanges, 'cancel'>;
  readonly jobs: Pick<JobStore, 'get'>;
}

/** How a detached import ended. */
export interface DetachedResult {
  readonly runId: string | null;
  readonly status: ImportResult['status'];
  readonly counts: ImportCounts;
  /** What rows said of consents and blocks; absent where the import asked for none. */
  readonly consents?: ImportResult['consents'];
  readonly contactBlocks?: ImportResult['contactBlocks'];
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
  /** It runs, and was asked to stop. */
  readonly cancelRequested: boolean;
}

const countShapes = {
  rows: z.number(),
  created: z.number(),
  updated: z.number(),
  duplicates: z.number(),
  rejected: z.number(),
};
const progressShape: z.ZodType<ImportProgress> = z.strictObject({
  ...countShapes,
  bytesRead: z.number(),
  totalBytes: z.number(),
  rowsPerSecond: z.number(),
  secondsLeft: z.number().nullable(),
});
const saidShapes = {
  column: z.strictObject({ index: z.number(), letter: z.string(), heading: z.string() }).nullable(),
  recorded: z.number(),
  passedOver: z.number(),
};
const resultShape: z.ZodType<DetachedResult> = z.strictObject({
  runId: z.string().nullable(),
  status: z.enum(['completed', 'completed_with_rejects', 'stopped']),
  counts: z.strictObject(countShapes),
  consents: z
    .array(
      z.strictObject({
        ...saidShapes,
        purpose: z.string(),
        partner: z.string().nullable(),
        wording: z.strictObject({ language: z.string(), version: z.number() }),
      }),
    )
    .exactOptional(),
  contactBlocks: z
    .array(z.strictObject({ ...saidShapes, channel: z.enum([...contactChannels, 'all']) }))
    .exactOptional(),
  rejectFile: z.string().nullable(),
});

/** Imports that are left to a worker. */
export class DetachedImports {
  readonly #ports: DetachedImportPorts;

  constructor(ports: DetachedImportPorts) {
    this.#ports = ports;
  }

  /**
   * Checks the request, the head of the file and the place of the reject file, then leaves the import to a worker, in the name of the actor.
   * The file stays where it is: the worker must reach it there, and refuses one whose content is another by then. The same request of the
   * same actor, made while it waits or runs, is that import.
   * @throws LmsError as `ImportService.run` does before its first row; `USAGE_INVALID` for a dry run and for `again`, which could not be
   * repeated after a worker was killed
   */
  async detach(actor: Actor, request: ImportRequest): Promise<DetachedImport> {
    if (request.dryRun === true || request.again === true) {
      throw new LmsError('USAGE_INVALID', {
        message: 'a dry run, and an import that takes rows again, cannot be left to a worker',
      });
    }
    const { imports, queue } = this.#ports;
    const rejects = request.rejectFile === undefined ? {} : { rejectFile: resolve(request.rejectFile) };
    const order = await imports.order(actor, { ...request, file: resolve(request.file), ...rejects });
    const { id } = await queue.addNow(actor, {
      kind: importJobKind,
      payload: orderJson(order),
      dedupeKey: orderKey(actorRef(actor), order),
    });
    return this.#get(id);
  }

  /** @throws LmsError `IMPORT_NOT_FOUND`, also for one of somebody whose imports the actor does not see */
  async detached(actor: Actor, id: string): Promise<DetachedImport> {
    await this.#requireSeen(await this.#ports.access.require(actor, 'imports.read'), id);
    return this.#get(id);
  }

  /**
   * Cancels a detached import that the actor sees: one that runs is asked to stop, and does between two batches; what was taken stays taken.
   * Asking again changes nothing. Needs `leads.import`, as detaching does; the trail tells of it.
   * @throws LmsError `IMPORT_NOT_FOUND`, `JOB_CONFLICT` when it is done, `PERMISSION_DENIED`
   */
  async cancel(actor: Actor, id: string): Promise<DetachedImport> {
    await this.#requireSeen(await this.#ports.access.require(actor, 'leads.import'), id);
    await this.#ports.changes.cancel(actor, id, 'imports.cancel');
    return this.#get(id);
  }

  async #requireSeen(principal: Principal, id: string): Promise<void> {
    const seen = await actorsSeen(this.#ports.access, principal);
    const job = isId(id) ? await this.#ports.jobs.get(null, id) : null;
    const isSeen = job?.kind === importJobKind && (seen === null || seen.includes(job.actor));
    if (!isSeen) throw notFound(id);
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
      progress: written(progressShape, job.progress),
      result: written(resultShape, job.result),
      lastError: job.lastError,
      cancelRequested: job.cancelRequested,
    };
  }
}

function notFound(id: string): LmsError {
  return new LmsError('IMPORT_NOT_FOUND', { message: `there is no detached import ${quoted(id)}` });
}

/** What the handler wrote; null also where another release wrote it that says it otherwise. */
function written<Value>(shape: z.ZodType<Value>, json: Json | null): Value | null {
  return shape.safeParse(json).data ?? null;
}
