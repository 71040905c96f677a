import type { DomainEvent, Instant } from '../../foundation/kernel/index.js';
import {
  type Backlog,
  type FailedTry,
  outboxLane,
  type Unit,
  type WaitingEvent,
} from '../../foundation/persistence/index.js';
import { inBatches } from './in-batches.js';
import { documentFormat } from './mongo-collections.js';
import type { MongoAccess } from './mongo-database.js';

interface EventDocument {
  readonly event: string;
  readonly attempts?: number;
  readonly error?: string | null;
}

/** What documents of a release before lanes lack counts as 0, false and none. */
const notStuck = { $in: [false, null] };

/** The outbox of the documents home. Events are kept as JSON text: whatever keys their data has, it comes back as written. */
export class MongoOutbox {
  readonly #access: MongoAccess;

  constructor(access: MongoAccess) {
    this.#access = access;
  }

  async append(unit: Unit, events: readonly DomainEvent[]): Promise<void> {
    if (events.length === 0) return;
    const documents = events.map((event) => ({
      _id: event.id,
      format: documentFormat,
      event: JSON.stringify(event),
      lane: outboxLane(event.aggregate.id),
      stuck: false,
    }));
    await this.#access.on(unit, 'outbox', (collection, options) => collection.insertMany(documents, options));
  }

  async waiting(limit: number): Promise<readonly DomainEvent[]> {
    return (await this.#oldest({}, limit)).map((document) => parseEvent(document.event));
  }

  async due(lane: number, at: Instant, limit: number): Promise<readonly WaitingEvent[]> {
    const documents = await this.#oldest(
      {
        lane: lane === 0 ? { $in: [0, null] } : lane,
        stuck: notStuck,
        $or: [{ dueAt: null }, { dueAt: { $lte: at } }],
      },
      limit,
    );
    return documents.map(({ event, attempts = 0 }) => ({ event: parseEvent(event), attempts }));
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await inBatches(ids, async (batch) => {
      await this.#access.on(null, 'outbox', (collection, options) =>
        collection.deleteMany({ _id: { $in: [...batch] } }, options),
      );
      return [];
    });
  }

  async postpone(failures: readonly FailedTry[]): Promise<void> {
    for (const { id, attempts, error, dueAt } of failures) {
      const state = { attempts, error, dueAt, stuck: dueAt === null };
      await this.#access.on(null, 'outbox', (collection, options) =>
        collection.updateOne({ _id: id }, { $set: state }, options),
      );
    }
  }

  async retryStuck(limit: number): Promise<number> {
    const stuck = await this.#access.on(null, 'outbox', (collection, options) =>
      collection
        .find<{ readonly _id: string }>(
          { stuck: true },
          { ...options, sort: { _id: 1 }, limit, projection: { _id: 1 } },
        )
        .toArray(),
    );
    for (const { _id } of stuck) {
      await this.#access.on(null, 'outbox', (collection, options) =>
        collection.updateOne({ _id, stuck: true }, { $set: { attempts: 0, dueAt: null, stuck: false } }, options),
      );
    }
    return stuck.length;
  }

  async count(): Promise<number> {
    return this.#count({});
  }

  async backlog(): Promise<Backlog> {
    const [waiting, retrying, stuck, [oldest], [failed]] = await Promise.all([
      this.#count({ stuck: notStuck }),
      this.#count({ stuck: notStuck, error: { $type: 'string' } }),
      this.#count({ stuck: true }),
      this.#oldest({ stuck: notStuck }, 1),
      this.#oldest({ error: { $type: 'string' } }, 1),
    ]);
    return {
      waiting,
      retrying,
      stuck,
      oldestAt: oldest === undefined ? null : parseEvent(oldest.event).at,
      lastError: failed?.error ?? null,
    };
  }

  #oldest(filter: object, limit: number): Promise<readonly EventDocument[]> {
    return this.#access.on(null, 'outbox', (collection, options) =>
      collection.find<EventDocument>(filter, { ...options, sort: { _id: 1 }, limit }).toArray(),
    );
  }

  #count(filter: object): Promise<number> {
    return this.#access.on(null, 'outbox', (collection, options) => collection.countDocuments(filter, options));
  }
}

/** JSON that this store wrote itself. */
function parseEvent(text: string): DomainEvent {
  return JSON.parse(text);
}
