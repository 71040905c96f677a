import type { CheckOutcome, CreateOutcome, LeadClaim } from '../leads/index.js';
import type { RowBatch } from './batches/row-batch.js';
import type { SourceRow } from './rows/index.js';

/** What became of a row that was no refused one, or of a refused one that could still update a lead. */
export type RowOutcome = CreateOutcome | CheckOutcome | { readonly kind: 'updated'; readonly of: string | null };

/** A batch and outcomes of its rows, by their place in it. Places that are neither here nor refused were taken by an earlier run. */
export interface SettledBatch {
  readonly batch: RowBatch<LeadClaim>;
  readonly outcomes: ReadonlyMap<number, RowOutcome>;
}

/** The batches of a file, each settled when it is given. */
export interface SettledBatches {
  /** null at the end of the file. */
  next(): Promise<SettledBatch | null>;
  /** Rows of the batch that was given last, as read. @param places in the batch */
  rows(places: readonly number[]): Promise<readonly SourceRow[]>;
  close(): Promise<void>;
}
