import {
  type Actor,
  type Clock,
  type Instant,
  isId,
  type Json,
  LmsError,
  quoted,
  toInstant,
} from '../../kernel/index.js';
import type { EventDraft, EventRecorder, UnitOfWork } from '../../persistence/index.js';
import { type Job, jobShown } from './job.js';
import type { JobStore, StoredJob } from './job-store.js';

export interface JobChangesPorts {
  readonly jobs: JobStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

type ChangeType = 'job.retried' | 'job.cancelled';

/** What people do with single jobs, for services that have checked that they may; the trail tells of it. */
export class JobChanges {
  readonly #ports: JobChangesPorts;

  constructor(ports: JobChangesPorts) {
    this.#ports = ports;
  }

  /**
   * As `JobService.retry` does; workers are not told.
   * @param command that the trail names
   * @throws LmsError `JOB_NOT_FOUND`, `JOB_CONFLICT`
   */
  retry(actor: Actor, id: string, command: string): Promise<Job> {
    return this.#change(id, { actor, command, type: 'job.retried' }, (job, now) => {
      if (job.status === 'running' || job.status === 'done')
        throw conflict(job, 'only dead, cancelled and waiting jobs can be retried');
      if (job.status === 'waiting' && job.attempts === 0 && job.runAt <= now) return null;
      return { ...job, status: 'waiting', runAt: now, attempts: 0, finishedAt: null, cancelRequested: false };
    });
  }

  /**
   * As `JobService.cancel` does.
   * @param command that the trail names
   * @throws LmsError `JOB_NOT_FOUND`, `JOB_CONFLICT`
   */
  cancel(actor: Actor, id: string, command: string): Promise<Job> {
    return this.#change(id, { actor, command, type: 'job.cancelled' }, (job, now) => {
      if (job.status === 'running') return job.cancelRequested ? null : { ...job, cancelRequested: true };
      if (job.status === 'cancelled') return null;
      if (job.status === 'done') throw conflict(job, 'what is done cannot be cancelled');
      return { ...job, status: 'cancelled', finishedAt: now };
    });
  }

  /** @param decide gives the job as it is to be; null when nothing is to change */
  async #change(id: string, told: Told, decide: (job: StoredJob, now: Instant) => StoredJob | null): Promise<Job> {
    const { unitOfWork, jobs, events, clock } = this.#ports;
    const changed = await unitOfWork.run('ledger', async (unit) => {
      const before = isId(id) ? await jobs.get(unit, id) : null;
      if (before === null) throw jobNotFound(id);
      const after = decide(before, toInstant(clock.now()));
      if (after === null) return before;
      if (!(await jobs.update(unit, after))) throw conflict(before, 'another job with its dedupe key is active');
      await events.record(unit, [jobEvent(told, before, after)]);
      return after;
    });
    return jobShown(changed);
  }
}

interface Told {
  readonly actor: Actor;
  readonly command: string;
  readonly type: ChangeType;
}

function jobEvent({ actor, command, type }: Told, before: StoredJob, after: StoredJob): EventDraft {
  const data: Json = { kind: before.kind, from: before.status, to: after.status, lastError: before.lastError };
  return {
    type,
    typeVersion: 1,
    aggregate: { kind: 'job', id: before.id, version: before.fence },
    actor,
    command,
    correlationId: before.correlationId,
    data,
    sealed: null,
  };
}

export function jobNotFound(id: string): LmsError {
  return new LmsError('JOB_NOT_FOUND', { message: `there is no job ${quoted(id)}` });
}

function conflict({ id, status }: StoredJob, reason: string): LmsError {
  return new LmsError('JOB_CONFLICT', { message: `the job ${id} is ${status}: ${reason}`, details: { status } });
}
