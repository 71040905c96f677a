import type { Instant } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';

/** `stopped`: it failed too often and goes on only when somebody retries it or passes over the event. */
export const consumerStatuses = ['running', 'paused', 'stopped'] as const;
export type ConsumerStatus = (typeof consumerStatuses)[number];

/** How far a consumer is: its checkpoint, and who is at it. */
export interface StoredConsumer {
  readonly name: string;
  /** What the trail calls it. */
  readonly id: string;
  /** Everything up to this position was handled, or is none of its types. */
  readonly position: number;
  readonly status: ConsumerStatus;
  /** Grows with each claim and each change by hand: who has an older number may write nothing more. */
  readonly fence: number;
  /** Who handles its events now; null when nobody does. */
  readonly holder: string | null;
  readonly leaseUntil: Instant | null;
  /** Tries of the next event that failed in a row. */
  readonly attempts: number;
  /** When it is tried next; null for at once. */
  readonly retryAt: Instant | null;
  /** Code of the error with which it last failed; never its message. */
  readonly lastError: string | null;
  /** The event that failed; null when none did. */
  readonly failedPosition: number | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface ConsumerQuery {
  /** The last name of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Lives in the ledger. */
export interface ConsumerStore {
  /** Inserts a consumer; one whose name is taken is left as it is. */
  insert(unit: Unit, consumer: StoredConsumer): Promise<void>;
  /** One consumer, locked for this unit where the engine locks rows. */
  get(unit: Unit | null, name: string): Promise<StoredConsumer | null>;
  /** By name. */
  list(query: ConsumerQuery): Promise<readonly StoredConsumer[]>;
  /**
   * Writes everything but name, id and creation if the stored fence is still `fence`, else nothing and gives false.
   * MUST: of two units that save with a new fence over the same old one, one gets true.
   */
  save(unit: Unit, consumer: StoredConsumer, fence: number): Promise<boolean>;
  /** @returns false when there is none */
  remove(unit: Unit, name: string): Promise<boolean>;
}
