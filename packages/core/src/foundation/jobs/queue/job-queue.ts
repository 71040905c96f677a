import { z } from 'zod';
import {
  type Actor,
  actorRef,
  type Clock,
  checkInput,
  type IdSource,
  type Instant,
  type Json,
  toInstant,
} from '../../kernel/index.js';
import type { Unit, UnitOfWork } from '../../persistence/index.js';
import { requireJson } from '../require-json.js';
import { defaultMaxAttempts, type JobHandler } from './job-handler.js';
import { jobKindExpected, jobKindPattern, mostAttempts } from './job-kind.js';
import type { JobPriority, JobStore, NewJob } from './job-store.js';
import type { Wakeup } from './wakeup.js';

/** A job to be added. */
export interface JobDraft {
  readonly kind: string;
  /** Ids and settings, never personal data; at most 32,000 characters of JSON. */
  readonly payload: Json;
  /** `normal` when absent. */
  readonly priority?: JobPriority;
  /** Not run before; at once when absent. */
  readonly runAt?: Instant;
  /** Tries before it is dead; that of its handler when absent. */
  readonly maxAttempts?: number;
  /** While a job of this kind with this key waits or runs, adding another gives that one; 1 to 255 characters. */
  readonly dedupeKey?: string;
  /** Ties it to the request that asked for it; its own id when absent. */
  readonly correlationId?: string;
}

export interface JobQueuePorts {
  readonly jobs: JobStore;
  readonly unitOfWork: UnitOfWork;
  readonly wakeup: Wakeup;
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

const mostPayloadCharacters = 32_000;
const instant = z.iso.datetime({
  precision: 3,
  error: 'expected an instant in UTC with milliseconds, such as 2026-01-31T09:30:00.000Z',
});
const draftShape: z.ZodType<JobDraft> = z.strictObject({
  kind: z.string().regex(jobKindPattern, { error: jobKindExpected }),
  payload: z.json(),
  priority: z.enum(['high', 'normal', 'low']).exactOptional(),
  runAt: instant.exactOptional(),
  maxAttempts: z.int().min(1).max(mostAttempts).exactOptional(),
  dedupeKey: z.string().min(1).max(255).exactOptional(),
  correlationId: z.string().min(1).max(100).exactOptional(),
});

/** Adds jobs. They run in the name of who adds them. */
export class JobQueue {
  readonly #ports: JobQueuePorts;

  constructor(ports: JobQueuePorts) {
    this.#ports = ports;
  }

  /**
   * Adds a job in the unit of the ledger of the command that asks for it: both are there or neither. Workers of this process hear of it
   * when {@link wake} is called after the commit, or find it with their next look.
   * @returns its id, or that of the active job with the same dedupe key
   * @throws LmsError `INPUT_INVALID`, `LIMIT_EXCEEDED`
   */
  async add(unit: Unit, actor: Actor, draft: JobDraft): Promise<string> {
    const job = this.#newJob(actor, draft);
    const [id = job.id] = await this.#ports.jobs.insert(unit, [job]);
    return id;
  }

  /** Adds a job in a unit of its own. @throws LmsError `INPUT_INVALID`, `LIMIT_EXCEEDED`, `STORE_*` */
  async addNow(actor: Actor, draft: JobDraft): Promise<string> {
    const job = this.#newJob(actor, draft);
    const [id = job.id] = await this.#ports.unitOfWork.run('ledger', (unit) => this.#ports.jobs.insert(unit, [job]));
    this.wake([job.kind]);
    return id;
  }

  /** Cancels those of these jobs that no worker has begun; the others go on. @throws LmsError `STORE_*` */
  async withdraw(ids: readonly string[]): Promise<void> {
    const { jobs, unitOfWork, clock } = this.#ports;
    if (ids.length === 0) return;
    await unitOfWork.run('ledger', async (unit) => {
      for (const id of ids) {
        const job = await jobs.get(unit, id);
        if (job?.status !== 'waiting') continue;
        await jobs.update(unit, { ...job, status: 'cancelled', finishedAt: toInstant(clock.now()) });
      }
    });
  }

  /** Tells the workers of this process that jobs were committed. */
  wake(kinds: readonly string[]): void {
    this.#ports.wakeup.notify(kinds);
  }

  #newJob(actor: Actor, given: JobDraft): NewJob {
    const draft = checkInput(draftShape, given, 'the job cannot be added');
    requireJson(draft.payload, { what: 'the payload', most: mostPayloadCharacters, path: 'payload' });
    const { clock, ids, handlers } = this.#ports;
    const id = ids.next<'job'>();
    const createdAt = toInstant(clock.now());
    return {
      id,
      kind: draft.kind,
      priority: draft.priority ?? 'normal',
      runAt: draft.runAt ?? createdAt,
      maxAttempts: draft.maxAttempts ?? handlers.get(draft.kind)?.maxAttempts ?? defaultMaxAttempts,
      payload: draft.payload,
      dedupeKey: draft.dedupeKey ?? null,
      createdAt,
      actor: actorRef(actor),
      via: actor.kind === 'system' ? null : (actor.via ?? null),
      correlationId: draft.correlationId ?? id,
    };
  }
}
