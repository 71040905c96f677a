/**
 * One cell as the file holds it. `text` is what is given to the fields and written into messages: a number in full digits
 * (never `9.87654E+09`), a percent cell in points (`"14"`), a date cell as `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`, an error
 * cell as its mark (`#N/A`).
 */
export type Cell =
  | { readonly kind: 'text'; readonly text: string; readonly value: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: number }
  | { readonly kind: 'boolean'; readonly text: string; readonly value: boolean }
  | { readonly kind: 'date'; readonly text: string; readonly value: Date }
  | { readonly kind: 'error'; readonly text: string; readonly value: CellError }
  | { readonly kind: 'empty'; readonly text: ''; readonly value: null };

/**
 * `formula`: the spreadsheet shows an error (`#N/A`). `no-value`: a formula that was never calculated. `too-long`: more
 * characters than a cell may have.
 */
export type CellError = 'formula' | 'no-value' | 'too-long';

/** `rowNumber` is the number a spreadsheet program shows beside the row, from 1; empty rows are counted and left out. */
export interface SourceRow {
  readonly rowNumber: number;
  readonly cells: readonly Cell[];
}

/** How a file is written, as far as a second file in the same form needs to know. */
export type SourceForm = { readonly format: 'csv'; readonly delimiter: string } | { readonly format: 'xlsx' };

export interface ReadRowsOptions {
  /** One of {@link RowSource.sheets}. */
  readonly sheet: string;
  readonly signal?: AbortSignal;
}

/** A table file, read row by row in bounded memory. */
export interface RowSource {
  readonly form: SourceForm;
  /** Names of the visible sheets in the order of their tabs; a csv file has one, named `''`. */
  readonly sheets: readonly string[];
  readonly totalBytes: number;
  /** How far into the file the newest reading is. */
  bytesRead(): number;
  /**
   * The rows of a sheet from its start; each call reads anew. Leaving the loop closes the file.
   * @throws LmsError `IMPORT_FILE_UNREADABLE` (damaged or cut off, with the place), `LIMIT_EXCEEDED`
   */
  rows(options: ReadRowsOptions): AsyncIterable<SourceRow>;
}

/** What a file may be at most. Beyond a limit reading stops with `LIMIT_EXCEEDED`; a longer cell refuses its row alone. */
export interface RowLimits {
  readonly fileBytes: number;
  /** Of an xlsx file once unpacked; a small archive can hold a very large sheet. */
  readonly unpackedBytes: number;
  /** Of the part of an xlsx file that holds the texts of all cells, unpacked: it is kept in memory while rows are read. */
  readonly sharedTextBytes: number;
  /** Rows of a sheet, title and empty rows counted. */
  readonly rows: number;
  readonly columns: number;
  /** Characters in a cell. */
  readonly cellLength: number;
}

/** Limits of the spreadsheet formats where they have one: 1,048,576 rows and 32,767 characters a cell. */
export const defaultRowLimits: RowLimits = {
  fileBytes: 512 * 1024 * 1024,
  unpackedBytes: 2 * 1024 * 1024 * 1024,
  sharedTextBytes: 256 * 1024 * 1024,
  rows: 1_048_576,
  columns: 1_000,
  cellLength: 32_767,
};
