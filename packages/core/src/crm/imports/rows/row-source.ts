import type { CheckedFile, TextEncoding } from './checked-file.js';

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
 * characters than a cell may have; `text` is its beginning. `unseen`: the text holds a NUL character (`text` shows it as U+2400, which
 * counts as one too). `lost`: the cell
 * refers to a text that the workbook does not hold.
 *
 * Of ndjson alone: `nested`: a list or an object, `text` its JSON. `extra-key` and `repeated-key`: a value under a key that
 * the header lacks, or that the line has already; `text` is the member as it stands (`"nickname":"Asha"`). `not-json`: the
 * line is no JSON object; `text` is the line.
 */
export type CellError =
  | 'formula'
  | 'no-value'
  | 'too-long'
  | 'unseen'
  | 'lost'
  | 'nested'
  | 'extra-key'
  | 'repeated-key'
  | 'not-json';

/**
 * `rowNumber` is the number a spreadsheet program shows beside the row, from 1, and rises; empty rows are counted and left
 * out. The lines of an ndjson file are numbered so too; its header, which stands in no line, is row 0.
 */
export interface SourceRow {
  readonly rowNumber: number;
  readonly cells: readonly Cell[];
}

/** How a file is written, as far as a second file in the same form needs to know. */
export type SourceForm =
  | { readonly format: 'csv'; readonly delimiter: string; readonly encoding: TextEncoding }
  | { readonly format: 'ndjson'; readonly encoding: TextEncoding }
  | { readonly format: 'xlsx' };

/**
 * Something about the file that the person who imports it should know, though it stops nothing: text that was guessed to be
 * Windows-1252; sheets, rows and columns that are hidden (rows and columns are read, sheets are not); merged cells.
 */
export interface ReadingNote {
  readonly kind: 'encoding' | 'other-sheets' | 'hidden-sheets' | 'hidden-rows' | 'hidden-columns' | 'merged-cells';
  /** The sheet it is about; null when it is about the file. */
  readonly sheet: string | null;
  /** How many sheets, rows, columns or merged areas; 1 for an encoding. */
  readonly count: number;
  readonly message: string;
}

export interface ReadRowsOptions {
  /** One of {@link RowSource.sheets}. */
  readonly sheet: string;
  /** Only the first rows will be taken: of the texts of a workbook no more is read than these need. */
  readonly isGlance?: boolean;
  readonly signal?: AbortSignal;
}

/** A table file, read row by row in bounded memory. */
export interface RowSource {
  readonly form: SourceForm;
  /** Names of the visible sheets in the order of their tabs; a text file has one, named `''`. */
  readonly sheets: readonly string[];
  readonly totalBytes: number;
  readonly checked: CheckedFile;
  /** How far into the file the newest reading is. */
  bytesRead(): number;
  /** What was noticed of the file and of the sheet that was read last, be it only its first rows. */
  notes(): readonly ReadingNote[];
  /**
   * The rows of a sheet from its start; each call reads anew. Leaving the loop closes the file.
   * @throws LmsError `IMPORT_FILE_UNREADABLE` (damaged or cut off, with the place), `LIMIT_EXCEEDED`, `IMPORT_FILE_CHANGED`
   * when the file is not the one that was opened any more: at the start, or before its last rows are given
   */
  rows(options: ReadRowsOptions): AsyncIterable<SourceRow>;
  /** The same rows, many at a time as they come off the file: one asynchronous step for hundreds of rows. */
  batches(options: ReadRowsOptions): AsyncIterable<readonly SourceRow[]>;
  /** Gives back what was set aside on the disk. Nothing can be read afterwards. */
  close(): Promise<void>;
}

/** What a file may be at most. Beyond a limit reading stops with `LIMIT_EXCEEDED`; a longer cell refuses its row alone. */
export interface RowLimits {
  readonly fileBytes: number;
  /** Of an xlsx file once unpacked; a small archive can hold a very large sheet. */
  readonly unpackedBytes: number;
  /** Bytes that one packed byte of an xlsx part may become, once the part has more than 16 MiB. */
  readonly unpackRatio: number;
  /** Of the part of an xlsx file that holds the texts of all cells, unpacked. */
  readonly sharedTextBytes: number;
  /** Texts in that part. */
  readonly sharedTexts: number;
  /** Memory for those texts; what is beyond goes, encrypted, into a file without a name. */
  readonly sharedTextMemoryBytes: number;
  /** Rows of a sheet, title and empty rows counted. */
  readonly rows: number;
  readonly columns: number;
  /** Cells of a sheet or text file. */
  readonly cells: number;
  /** Characters in a cell. */
  readonly cellLength: number;
}

/** Limits of the spreadsheet formats where they have one: 1,048,576 rows and 32,767 characters a cell. */
export const defaultRowLimits: RowLimits = {
  fileBytes: 512 * 1024 * 1024,
  unpackedBytes: 2 * 1024 * 1024 * 1024,
  unpackRatio: 500,
  sharedTextBytes: 1024 * 1024 * 1024,
  sharedTexts: 50_000_000,
  sharedTextMemoryBytes: 4 * 1024 * 1024,
  rows: 1_048_576,
  columns: 1_000,
  cells: 100_000_000,
  cellLength: 32_767,
};
