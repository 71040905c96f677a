import type { TableCell } from './table-cell.js';

/** Where the bytes of a table go. `write` returns when more may be given. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** A table being written in one form. Every failure is thrown by the call that meets it or by a later one. */
export interface TableWriter {
  head(headings: readonly string[]): Promise<void>;
  /** In csv and workbooks a row may go on beyond the headings. */
  rows(rows: readonly (readonly TableCell[])[]): Promise<void>;
  end(): Promise<void>;
}
