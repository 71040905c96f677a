import type { Instant } from '../../../foundation/kernel/index.js';
import type { Unit } from '../../../foundation/persistence/index.js';

/** Rows one below the other that made, or updated, leads with numbers one after the other. */
export interface TakenRows {
  /** The run that took them. */
  readonly run: string;
  readonly firstRow: number;
  readonly count: number;
  readonly numberMonth: string;
  readonly firstNumberSeq: number;
  /** They updated leads; absent where they made them. */
  readonly updated?: true;
}

/** Which rows of one batch of a file are taken: written in the unit that makes leads of them, or after they updated one. */
export interface ImportReceipt {
  /** Names the file and every choice that changes what its rows become. */
  readonly source: string;
  /** The place of the batch in the file, from 0. */
  readonly batch: number;
  readonly version: number;
  readonly taken: readonly TakenRows[];
  readonly at: Instant;
}

/** Lives in the documents home. */
export interface ImportReceiptStore {
  /** Receipts of a source behind batch `after`, ascending, at most `limit`. */
  list(source: string, after: number, limit: number): Promise<readonly ImportReceipt[]>;
  get(unit: Unit, source: string, batch: number): Promise<ImportReceipt | null>;
  /**
   * Compare-and-swap on version; `expectedVersion` 0 inserts.
   * MUST: of two units that save the same receipt at once one commits; the other gets false, or is repeated and then finds it.
   */
  save(unit: Unit, receipt: ImportReceipt, expectedVersion: number): Promise<boolean>;
}
