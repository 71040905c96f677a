import { z } from 'zod';
import type { AccessService } from '../access/index.js';
import { type Actor, type Clock, checkInput, LmsError, quoted, toInstant } from '../kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../persistence/index.js';
import { type ConsumerStart, consumerStartShape } from './consumer.js';
import { type ConsumerState, consumerStates } from './consumer-health.js';
import type { ConsumerStore, StoredConsumer } from './consumer-store.js';
import type { EventFeed } from './event-feed.js';

export interface EventServicePorts {
  readonly consumers: ConsumerStore;
  readonly feed: EventFeed;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly access: AccessService;
  readonly clock: Clock;
}

export interface ConsumerListQuery {
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 100; 50 when absent. */
  readonly limit?: number;
}

/** Consumers, by name. */
export interface ConsumerPage {
  readonly consumers: readonly ConsumerState[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

export interface ReplayRequest {
  /** Where it goes on: after everything so far, before everything, or after a position. Back or forth. */
  readonly from: ConsumerStart;
}

const defaultLimit = 50;
const querySchema: z.ZodType<ConsumerListQuery> = z.strictObject({
  after: z.string().min(1).max(64).exactOptional(),
  limit: z.int().min(1).max(100).exactOptional(),
});
const replayShape: z.ZodType<ReplayRequest> = z.strictObject({ from: consumerStartShape });

/** What a person changes of a consumer, and what the trail calls it. */
interface ChangeByHand {
  readonly type: string;
  readonly command: string;
  /** null leaves the consumer as it is, and tells nothing. */
  readonly change: (consumer: StoredConsumer) => Partial<StoredConsumer> | null;
}

/** No failure is remembered. */
const fresh = { attempts: 0, retryAt: null, lastError: null, failedPosition: null } as const;

/** Looks after consumers by hand. Every change takes the consumer from whoever has it: the event in its hands is delivered again. */
export class EventService {
  readonly #ports: EventServicePorts;

  constructor(ports: EventServicePorts) {
    this.#ports = ports;
  }

  /** Needs `jobs.read`. @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async consumers(actor: Actor, query: ConsumerListQuery = {}): Promise<ConsumerPage> {
    await this.#ports.access.require(actor, 'jobs.read');
    const { limit = defaultLimit, ...checked } = checkInput(querySchema, query, 'consumers cannot be listed');
    const found = await this.#ports.consumers.list({ ...checked, limit: limit + 1 });
    const consumers = await consumerStates(this.#ports, found.slice(0, limit));
    return { consumers, next: found.length > limit ? (consumers.at(-1)?.name ?? null) : null };
  }

  /** It gets no events until it is resumed. Needs `jobs.manage`. @throws LmsError `CONSUMER_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  pause(actor: Actor, name: string): Promise<ConsumerState> {
    return this.#change(actor, name, {
      type: 'consumer.paused',
      command: 'events.pause',
      change: ({ status }) => (status === 'paused' ? null : { status: 'paused' }),
    });
  }

  /** It goes on where it was. Needs `jobs.manage`. @throws LmsError `CONSUMER_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  resume(actor: Actor, name: string): Promise<ConsumerState> {
    return this.#change(actor, name, {
      type: 'consumer.resumed',
      command: 'events.resume',
      change: ({ status }) => (status === 'paused' ? { status: 'running', ...fresh } : null),
    });
  }

  /** Tries the event that failed at once, as if never tried. Needs `jobs.manage`. @throws LmsError `CONSUMER_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  retry(actor: Actor, name: string): Promise<ConsumerState> {
    return this.#change(actor, name, {
      type: 'consumer.retried',
      command: 'events.retry',
      change: ({ status, attempts }) =>
        attempts === 0 ? null : { status: status === 'stopped' ? 'running' : status, ...fresh },
    });
  }

  /**
   * Passes over the event that failed; the trail tells which. Needs `jobs.manage`.
   * @throws LmsError `CONSUMER_CONFLICT` when none has failed, `CONSUMER_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  skip(actor: Actor, name: string): Promise<ConsumerState> {
    return this.#change(actor, name, {
      type: 'consumer.skipped',
      command: 'events.skip',
      change({ status, failedPosition }) {
        if (failedPosition === null) {
          throw new LmsError('CONSUMER_CONFLICT', {
            message: `no event has failed for the consumer ${name}, so there is none to pass over`,
          });
        }
        return { position: failedPosition, status: status === 'stopped' ? 'running' : status, ...fresh };
      },
    });
  }

  /**
   * Delivers again what came after a position, or passes over everything up to it. Needs `jobs.manage`.
   * @throws LmsError `INPUT_INVALID` for a position beyond the end, `CONSUMER_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async replay(actor: Actor, name: string, request: ReplayRequest): Promise<ConsumerState> {
    const { from } = checkInput(replayShape, request, 'the consumer cannot be set to another position');
    const head = await this.#ports.feed.head();
    const position = from === 'now' ? head : from === 'beginning' ? 0 : from;
    return this.#change(actor, name, {
      type: 'consumer.replayed',
      command: 'events.replay',
      change({ status, attempts, holder, position: now }) {
        if (position > head) {
          throw new LmsError('INPUT_INVALID', {
            message: `the last event has position ${head}, so nothing comes after ${position}`,
            path: 'from',
          });
        }
        // Who has it may have handled more than it has written down.
        if (position === now && attempts === 0 && holder === null) return null;
        return { position, status: status === 'stopped' ? 'running' : status, ...fresh };
      },
    });
  }

  /**
   * Forgets a consumer and how far it was. A process that still has it registers it anew with its next start. Needs `jobs.manage`.
   * @throws LmsError `CONSUMER_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async forget(actor: Actor, name: string): Promise<void> {
    const { access, unitOfWork, consumers, events } = this.#ports;
    await access.require(actor, 'jobs.manage');
    await unitOfWork.run('ledger', async (unit) => {
      const found = await consumers.get(unit, name);
      if (found === null || !(await consumers.remove(unit, name))) throw unknown(name);
      const last = { ...found, fence: found.fence + 1 };
      await events.record(unit, [changeEvent(actor, { type: 'consumer.forgotten', command: 'events.forget' }, last)]);
    });
  }

  async #change(actor: Actor, name: string, by: ChangeByHand): Promise<ConsumerState> {
    const { access, unitOfWork, consumers, events, clock } = this.#ports;
    await access.require(actor, 'jobs.manage');
    const changed = await unitOfWork.run('ledger', async (unit) => {
      const before = await consumers.get(unit, name);
      if (before === null) throw unknown(name);
      const change = by.change(before);
      if (change === null) return before;
      const released = { holder: null, leaseUntil: null, fence: before.fence + 1, updatedAt: toInstant(clock.now()) };
      const after: StoredConsumer = { ...before, ...change, ...released };
      if (!(await consumers.save(unit, after, before.fence))) {
        throw new LmsError('STORE_CONFLICT', {
          message: 'somebody else changed the consumer; nothing was changed here',
        });
      }
      await events.record(unit, [changeEvent(actor, by, after)]);
      return after;
    });
    const [state] = await consumerStates(this.#ports, [changed]);
    if (state === undefined) throw unknown(name);
    return state;
  }
}

function changeEvent(
  actor: Actor,
  { type, command }: Pick<ChangeByHand, 'type' | 'command'>,
  { id, name, position, fence }: StoredConsumer,
): Parameters<EventRecorder['record']>[1][number] {
  return {
    type,
    typeVersion: 1,
    aggregate: { kind: 'consumer', id, version: fence },
    actor,
    command,
    data: { name, position },
    sealed: null,
  };
}

function unknown(name: string): LmsError {
  return new LmsError('CONSUMER_NOT_FOUND', { message: `there is no consumer ${quoted(name)}` });
}
