import type { Cell } from '../rows/index.js';

/** A row that was refused, as far as it goes into the reject file. */
export interface RefusedCells {
  /** One for each heading. */
  readonly cells: readonly Cell[];
  readonly reasons: string;
  readonly rowNumber: number;
  /** Values that stand beyond the header. */
  readonly extra: readonly Cell[];
}

/** A table being written, whose header is there already. Every failure is thrown by `row` or `close`: `DISK_FULL` for one. */
export interface TableWriter {
  row(row: RefusedCells): Promise<void>;
  close(): Promise<void>;
  /** Closes a table that nobody wants any more. Throws nothing. */
  abandon(): Promise<void>;
}
