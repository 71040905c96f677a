import type { Instant } from '../kernel/index.js';
import type { Home, Unit } from './unit-of-work.js';

/** That a command with an idempotency key took effect, written in the same unit as the effect. */
export interface CommandRecord {
  /** The actor and the operation: keys of two actors never meet. */
  readonly scope: string;
  readonly key: string;
  /** SHA-256 of the canonical request. */
  readonly bodyHash: string;
  readonly aggregateKind: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly at: Instant;
  readonly expiresAt: Instant;
}

export interface Commands {
  /** Records of the keys that took effect, expired ones too. At most 1,000 keys a call. */
  find(unit: Unit | null, home: Home, scope: string, keys: readonly string[]): Promise<readonly CommandRecord[]>;
  /**
   * Replaces a record of the same scope and key that expired before the new one's `at`.
   * MUST: of two units that record the same scope and key at once, one commits; the other is repeated by the unit of work
   * and then finds the record.
   */
  record(unit: Unit, records: readonly CommandRecord[]): Promise<void>;
  /** Removes at most `limit` records that expired before `at`; returns how many. */
  trim(home: Home, at: Instant, limit: number): Promise<number>;
}
