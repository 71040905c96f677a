import type { ExportCell } from '../columns/export-cell.js';

/** Where the bytes of an export go. `write` returns when more may be given. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** A table being written in one form. Every failure is thrown by the call that meets it or by a later one. */
export interface TableWriter {
  head(headings: readonly string[]): Promise<void>;
  rows(rows: readonly (readonly ExportCell[])[]): Promise<void>;
  end(): Promise<void>;
}
