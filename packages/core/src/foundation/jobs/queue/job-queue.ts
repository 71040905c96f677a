import { type Actor, actorRef, type Clock, type IdSource, toInstant } from '../../kernel/index.js';
import type { Unit, UnitOfWork } from '../../persistence/index.js';
import { checkedDraft, type JobDraft } from './job-draft.js';
import { defaultMaxAttempts, type JobHandler } from './job-handler.js';
import { freshJob, type JobStore, type NewJob, type StoredJob } from './job-store.js';
import type { Wakeup } from './wakeup.js';

export interface JobQueuePorts {
  readonly jobs: JobStore;
  readonly unitOfWork: UnitOfWork;
  readonly wakeup: Wakeup;
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

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
    const job = this.#newJob(actor, checkedDraft(draft));
    const [id = job.id] = await this.#ports.jobs.insert(unit, [job]);
    return id;
  }

  /**
   * As {@link add}, for many.
   * @param drafts as `checkedDrafts` gave them
   * @returns for each, in their order, its id, or that of the active job with the same dedupe key
   */
  async addMany(unit: Unit, actor: Actor, drafts: readonly JobDraft[]): Promise<readonly string[]> {
    return this.#ports.jobs.insert(
      unit,
      drafts.map((draft) => this.#newJob(actor, draft)),
    );
  }

  /**
   * Adds a job in a unit of its own.
   * @returns its id, or that of the active job with the same dedupe key; then there is no new one
   * @throws LmsError `INPUT_INVALID`, `LIMIT_EXCEEDED`, `STORE_*`
   */
  async addNow(actor: Actor, draft: JobDraft): Promise<{ readonly id: string; readonly added: StoredJob | null }> {
    const job = this.#newJob(actor, checkedDraft(draft));
    const [id = job.id] = await this.#ports.unitOfWork.run('ledger', (unit) => this.#ports.jobs.insert(unit, [job]));
    this.wake([job.kind]);
    return { id, added: id === job.id ? freshJob(job) : null };
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

  #newJob(actor: Actor, draft: JobDraft): NewJob {
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
