import type { Problem } from '../../../foundation/kernel/index.js';
import type { UniqueKey } from '../../../foundation/persistence/index.js';
import type { LeadClaim, LeadDraft, LineDefinition } from '../../leads/index.js';
import type { SaidPlaces } from '../consents/row-consents.js';
import type { SourceRow } from '../rows/index.js';
import type { EmptiedCells } from './emptied-cells.js';

/** A row that cannot become a lead, with every reason; `path` of a problem is the field key, or empty for the whole row. */
export interface RefusedRow {
  /** Its place in the batch. */
  readonly index: number;
  readonly row: SourceRow;
  /** Without those that {@link missing} has. */
  readonly problems: readonly Problem[];
  /** That required fields are empty: what hinders a lead from being made, and not from being updated. */
  readonly missing: readonly Problem[];
  /** Its unique values, by which it may have a lead to update; where nothing is missing none are looked for. */
  readonly keys: readonly UniqueKey[];
}

/** A row that says something of consents, also where it is refused or was taken before. Plain data. */
export interface SayingRow extends SaidPlaces {
  /** Its place in the batch. */
  readonly index: number;
}

/**
 * Rows one below the other, as far as they can be settled without the store. Rows that are neither drafts nor refused were taken by
 * an earlier run.
 */
export interface RowBatch<Draft extends LeadClaim = LeadDraft> {
  /** In the file, from 0. */
  readonly place: number;
  /** By which the rows were checked. */
  readonly line: LineDefinition;
  /** Of every row, in order. */
  readonly rowNumbers: readonly number[];
  /** In parts, made when they are asked for; `index` is the place in the batch. */
  readonly drafts: Iterable<readonly Draft[]>;
  readonly draftCount: number;
  readonly refused: readonly RefusedRow[];
  readonly emptied: EmptiedCells;
  readonly saying: readonly SayingRow[];
  /** How far into the file the reading was then. */
  readonly bytesRead: number;
}

/** To be stored, and so sealed; to be checked alone; or for their unique values alone, whatever else is wrong with them. */
export type DraftPurpose = 'store' | 'check' | 'keys';

/** Rows one below the other. */
export interface RowRange {
  readonly firstRow: number;
  readonly count: number;
}

/** The rows of a file below its header, batch by batch. */
export interface RowBatches<Draft extends LeadClaim = LeadDraft> {
  /** null at the end of the file. @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED` */
  next(): Promise<RowBatch<Draft> | null>;
  /** A batch that was given last, once more, checked by another definition of the line; so are all that follow. */
  again(line: LineDefinition): Promise<RowBatch<Draft>>;
  /** Passes over rows that others have taken, in the batches that are not read yet. */
  skip(taken: readonly RowRange[]): Promise<void>;
  /** Rows of the batch that was given last, as read. @param places in the batch */
  rows(places: readonly number[]): Promise<readonly SourceRow[]>;
  close(): Promise<void>;
}

/** The row at a place of a batch, which must be there. */
export function rowAt(rows: readonly SourceRow[], place: number): SourceRow {
  const row = rows[place];
  if (row === undefined) throw new Error(`the batch has no row ${place}`);
  return row;
}
