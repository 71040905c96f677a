import type { DomainEvent } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import { documentFormat } from './mongo-collections.js';
import type { MongoAccess } from './mongo-database.js';

interface EventDocument {
  readonly event: string;
}

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
    }));
    await this.#access.on(unit, 'outbox', (collection, options) => collection.insertMany(documents, options));
  }

  async waiting(limit: number): Promise<readonly DomainEvent[]> {
    const documents = await this.#access.on(null, 'outbox', (collection, options) =>
      collection.find<EventDocument>({}, { ...options, sort: { _id: 1 }, limit }).toArray(),
    );
    return documents.map((document) => parseEvent(document.event));
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#access.on(null, 'outbox', (collection, options) =>
      collection.deleteMany({ _id: { $in: [...ids] } }, options),
    );
  }

  async count(): Promise<number> {
    return this.#access.on(null, 'outbox', (collection, options) => collection.countDocuments({}, options));
  }
}

/** JSON that this store wrote itself. */
function parseEvent(text: string): DomainEvent {
  return JSON.parse(text);
}
