import { z } from 'zod';
import type { AccessService } from '../../access/index.js';
import { type Actor, actorRef, type Clock, checkInput, isId, LmsError } from '../../kernel/index.js';
import {
  type CommandKey,
  type Commands,
  commandKey,
  commandRecord,
  replayOf,
  type Unit,
  type UnitOfWork,
} from '../../persistence/index.js';
import { type Job, jobShown } from './job.js';
import { type JobChanges, jobNotFound } from './job-changes.js';
import { checkedDrafts, type JobDraft } from './job-draft.js';
import type { JobQueue } from './job-queue.js';
import type { JobQuery, JobStatus, JobStore, StoredJob } from './job-store.js';

export interface JobServicePorts {
  readonly jobs: JobStore;
  readonly queue: JobQueue;
  readonly changes: JobChanges;
  readonly unitOfWork: UnitOfWork;
  readonly commands: Commands;
  readonly access: AccessService;
  readonly clock: Clock;
  /** Kinds that services of ours add, which check what their jobs are about. */
  readonly reservedKinds: ReadonlySet<string>;
}

export interface JobAddOptions {
  /** For 24 hours the same job with the same key is that job, whatever became of it; 1 to 255 characters. */
  readonly idempotencyKey?: string;
}

export interface JobListQuery {
  readonly status?: JobStatus;
  readonly kind?: string;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 500; 50 when absent. */
  readonly limit?: number;
}

/** Jobs, newest first. */
export interface JobPage {
  readonly jobs: readonly Job[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

const defaultLimit = 50;
/** The place of each job comes before the key. */
const mostKeyOfMany = 250;
const kindShape = z.looseObject({ kind: z.string() });
const queryShape: z.ZodType<JobListQuery> = z.strictObject({
  status: z.enum(['waiting', 'running', 'done', 'dead', 'cancelled']).exactOptional(),
  kind: z.string().min(1).max(100).exactOptional(),
  after: z.string().refine(isId, { error: 'expected what an earlier page gave as next' }).exactOptional(),
  limit: z.int().min(1).max(500).exactOptional(),
});

/** Looks after jobs. */
export class JobService {
  readonly #ports: JobServicePorts;

  constructor(ports: JobServicePorts) {
    this.#ports = ports;
  }

  /**
   * Adds a job for a handler of the embedder's own; it runs in the name of the actor. Needs `jobs.manage`.
   * @throws LmsError `INPUT_INVALID`, `LIMIT_EXCEEDED`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`, `IDEMPOTENCY_KEY_REUSED`
   */
  async add(actor: Actor, draft: JobDraft, { idempotencyKey }: JobAddOptions = {}): Promise<Job> {
    await this.#ports.access.require(actor, 'jobs.manage');
    const { queue } = this.#ports;
    this.#refuseReserved(checkInput(kindShape, draft, 'the job cannot be added'), 'kind');
    if (idempotencyKey === undefined) {
      const { id, added } = await queue.addNow(actor, draft);
      return jobShown(added ?? (await this.#stored(id)));
    }
    const key = commandKey(actorRef(actor), 'jobs.add', idempotencyKey, { ...draft });
    const [id = ''] = await this.#once(key, [key.key], async (unit) => [await queue.add(unit, actor, draft)]);
    queue.wake([draft.kind]);
    return jobShown(await this.#stored(id));
  }

  /**
   * Adds 1 to 500 jobs as {@link add} does, in one commit: all of them or none. Needs `jobs.manage`.
   * @returns for each, in their order, the id of its job, or of the active one with its dedupe key
   * @param options the key has at most 250 characters here
   * @throws LmsError as {@link add}; the path begins with the place of the draft, from 0
   */
  async addMany(
    actor: Actor,
    given: readonly JobDraft[],
    { idempotencyKey }: JobAddOptions = {},
  ): Promise<readonly string[]> {
    const { access, unitOfWork, queue } = this.#ports;
    await access.require(actor, 'jobs.manage');
    const drafts = checkedDrafts(given);
    drafts.forEach((draft, at) => {
      this.#refuseReserved(draft, `${at}.kind`);
    });
    const add = (unit: Unit): Promise<readonly string[]> => queue.addMany(unit, actor, drafts);
    const ids =
      idempotencyKey === undefined
        ? await unitOfWork.run('ledger', add)
        : await this.#once(keyOfMany(actor, drafts, idempotencyKey), placesOf(drafts, idempotencyKey), add);
    queue.wake([...new Set(drafts.map(({ kind }) => kind))]);
    return ids;
  }

  /**
   * Adds jobs unless they were added before by the same request.
   * @param key what the caller gave
   * @param names under which it is kept that each of them was added
   * @returns their ids
   */
  async #once(
    key: CommandKey,
    names: readonly string[],
    add: (unit: Unit) => Promise<readonly string[]>,
  ): Promise<readonly string[]> {
    const { unitOfWork, commands, clock } = this.#ports;
    return unitOfWork.run('ledger', async (unit) => {
      const records = await commands.find(unit, 'ledger', key.scope, names);
      const recordOf = new Map(records.map((record) => [record.key, record]));
      const earlier = names.map((name) => replayOf(key, recordOf.get(name), clock));
      if (earlier.every((record) => record !== null)) return earlier.map(({ aggregateId }) => aggregateId);
      const ids = await add(unit);
      const added = ids.map((id, at) =>
        commandRecord({ ...key, key: names[at] ?? key.key }, { kind: 'job', id, version: 0 }, clock),
      );
      await commands.record(unit, added);
      return ids;
    });
  }

  #refuseReserved({ kind }: Pick<JobDraft, 'kind'>, path: string): void {
    if (!this.#ports.reservedKinds.has(kind)) return;
    throw new LmsError('INPUT_INVALID', { message: `jobs ${kind} are added by the command that needs them`, path });
  }

  /** Needs `jobs.read`. @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async list(actor: Actor, query: JobListQuery = {}): Promise<JobPage> {
    await this.#ports.access.require(actor, 'jobs.read');
    const { limit = defaultLimit, ...checked } = checkInput(queryShape, query, 'jobs cannot be listed');
    const wanted: JobQuery = { ...checked, limit: limit + 1 };
    const found = await this.#ports.jobs.list(wanted);
    const jobs = found.slice(0, limit).map(jobShown);
    return { jobs, next: found.length > limit ? (jobs.at(-1)?.id ?? null) : null };
  }

  /** Needs `jobs.read`. @throws LmsError `JOB_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async get(actor: Actor, id: string): Promise<Job> {
    await this.#ports.access.require(actor, 'jobs.read');
    return jobShown(await this.#stored(id));
  }

  /**
   * Lets a dead or cancelled job run again, with as many tries as at first; one that waits for its next try is due at once, and one that is
   * due already is left as it is. Needs
   * `jobs.manage`; the trail tells of it.
   * @throws LmsError `JOB_NOT_FOUND`, `JOB_CONFLICT` when it runs or is done, or another with its dedupe key is active
   */
  async retry(actor: Actor, id: string): Promise<Job> {
    await this.#ports.access.require(actor, 'jobs.manage');
    const retried = await this.#ports.changes.retry(actor, id, 'jobs.retry');
    this.#ports.queue.wake([retried.kind]);
    return retried;
  }

  /**
   * Cancels a waiting job, or a dead one that nobody will mend; a running one is asked to stop, and is cancelled once its handler did.
   * Asking again changes nothing. Needs `jobs.manage`; the trail tells of it.
   * @throws LmsError `JOB_NOT_FOUND`, `JOB_CONFLICT` when it is done
   */
  async cancel(actor: Actor, id: string): Promise<Job> {
    await this.#ports.access.require(actor, 'jobs.manage');
    return this.#ports.changes.cancel(actor, id, 'jobs.cancel');
  }

  async #stored(id: string): Promise<StoredJob> {
    const stored = isId(id) ? await this.#ports.jobs.get(null, id) : null;
    if (stored === null) throw jobNotFound(id);
    return stored;
  }
}

/** @throws LmsError `INPUT_INVALID` for a key that is too long */
function keyOfMany(actor: Actor, drafts: readonly JobDraft[], idempotencyKey: string): CommandKey {
  if (idempotencyKey.length > mostKeyOfMany) {
    const message = `the idempotency key has ${idempotencyKey.length} characters; expected 1 to ${mostKeyOfMany} for many jobs`;
    throw new LmsError('INPUT_INVALID', { message, path: 'idempotencyKey' });
  }
  const request = drafts.map((draft) => ({ ...draft }));
  return commandKey(actorRef(actor), 'jobs.addMany', idempotencyKey, request);
}

/** A name for each job: its place and the key. */
function placesOf(drafts: readonly JobDraft[], idempotencyKey: string): readonly string[] {
  return drafts.map((_, at) => `${at} ${idempotencyKey}`);
}
