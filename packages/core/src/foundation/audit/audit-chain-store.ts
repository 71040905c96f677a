import type { AggregateRef, Instant } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';
import type { AuditPayload } from './audit-store.js';

/** Where the sealed trail ends: the position of its last row and the hash over it and all before it. */
export interface TrailHead {
  readonly position: number;
  /** 64 hexadecimal digits. */
  readonly chainHash: string;
  /** When it was sealed so far. */
  readonly at: Instant;
}

/** A head as the store keeps it. */
export interface SignedHead extends TrailHead {
  /** HMAC-SHA-256 of the head under a key that the store has only wrapped; 64 hexadecimal digits. */
  readonly mac: string;
}

/** What a day ended with: its head is the last that was sealed on it, by the clock of who sealed. */
export interface DailyHead extends SignedHead {
  /** `YYYY-MM-DD` in UTC. */
  readonly day: string;
}

/** A row that no sealer has taken yet. */
export interface UnsealedRow {
  readonly id: string;
  readonly payloadHash: string;
  readonly aggregate: AggregateRef;
}

/** The place of a row in the chain. */
export interface SealedPlace {
  readonly id: string;
  readonly position: number;
  readonly prevHash: string;
  readonly chainHash: string;
}

/** A row with a position as it is stored, whoever has written it: nothing in it is trusted. */
export interface ChainRow {
  readonly id: string;
  readonly position: number;
  readonly payloadHash: string;
  readonly prevHash: string | null;
  readonly chainHash: string | null;
  /** null where it cannot be read as what a row holds. */
  readonly payload: AuditPayload | null;
}

export interface TrailExtension {
  /** In order, each position one more than that before it. */
  readonly places: readonly SealedPlace[];
  /** That of the last place. */
  readonly head: SignedHead;
  /** Where the trail ended when the places were made; 0 before the first. */
  readonly after: number;
}

/** What waits to be sealed. */
export interface UnsealedRows {
  /** At most the number asked for. */
  readonly count: number;
  /** When the one with the lowest id happened; null when none waits. */
  readonly oldestAt: Instant | null;
}

/** The sealed part of the trail. Lives in the ledger. */
export interface AuditChainStore {
  /**
   * Where the trail ends; null before anything was sealed. In a unit it stays so until the unit ends: others that ask in theirs wait, or
   * are repeated.
   */
  head(unit: Unit | null): Promise<SignedHead | null>;
  /** Rows without a position, by id, however late they were committed. */
  unsealed(unit: Unit, limit: number): Promise<readonly UnsealedRow[]>;
  /** Of the rows without a position and with ids above `after`, those about these aggregates, at most 500 of them, by id. */
  unsealedAbout(
    unit: Unit,
    aggregates: readonly AggregateRef[],
    after: string,
    limit: number,
  ): Promise<readonly UnsealedRow[]>;
  /**
   * Gives rows their places and makes the head that of the last one, now and for its day (in UTC).
   *
   * MUST: of two units that extend after the same position one does; the other collides and is repeated, or gets false and has written
   * nothing. No two rows have one position.
   */
  extend(unit: Unit, extension: TrailExtension): Promise<boolean>;
  /** Rows with a position above `after`, by position. Positions beyond 2^53, which somebody else has written, are about those given. */
  rows(after: number, limit: number): Promise<readonly ChainRow[]>;
  /** Whether any row has a position above this one; one look-up by the index. */
  hasRowsAfter(unit: Unit | null, position: number): Promise<boolean>;
  /** Rows with a position below 1, where nothing is ever sealed, the lowest first. */
  strays(limit: number): Promise<readonly ChainRow[]>;
  /** The one of the heads of days that is furthest in the trail, whichever day it is of. */
  lastDay(unit: Unit | null): Promise<DailyHead | null>;
  /** Heads of days after `day`, the earliest first. */
  dailyHeads(day: string, limit: number): Promise<readonly DailyHead[]>;
  /** Counts at most `most` rows. */
  waiting(most: number): Promise<UnsealedRows>;
}
