import type { DateOrder } from '../../foundation/kernel/index.js';
import type { ColumnMatch, UnmatchedColumn } from './columns/column-plan.js';
import type { ReadBlock, ReadConsent, SaidCount } from './consents/said-counts.js';
import type { BlockOfFile, ConsentOfFile } from './consents/said-in-file.js';
import type { ImportCounts, ImportRun } from './import-run-store.js';
import type { ColumnMapping } from './mapping-target.js';
import type { ReadingNote, SourceForm } from './rows/index.js';

export type DuplicatePolicy = 'skip' | 'update';

export interface ImportRequest {
  readonly file: string;
  readonly productLine: string;
  /** Name of a workbook's sheet; when absent the visible one whose header names the most fields. */
  readonly sheet?: string;
  /** Number of the row that has the headings, as the spreadsheet shows it; when absent the row that is most like one. Not of ndjson. */
  readonly headerRow?: number;
  readonly mapping?: ColumnMapping;
  /** What the mapping is called, for messages: that it was written for other files too, so a column to leave out may lack. */
  readonly mappingName?: string;
  /** Which choices the mapping made: in a file that has no sheets, or no header row, they are passed over. */
  readonly choicesOfMapping?: readonly ('sheet' | 'headerRow')[];
  /** How sure a guess must be to be taken, from 0 to 1; 0.7 when absent. Less sure ones are suggested. */
  readonly leastConfidence?: number;
  /** How all-digit dates of this file are read; day first when absent. */
  readonly dateOrder?: DateOrder;
  /** Where the leads come from; `import` when absent. */
  readonly source?: string;
  readonly channel?: string;
  readonly campaign?: string;
  /**
   * What the people of the file allow, by a column or all of them: recorded with each lead that a row makes, exactly once, and with no
   * other. A cell says yes, no (or nothing), or since when; what it says otherwise refuses the row. Needs `consent.manage`. At most 20.
   */
  readonly consents?: readonly ConsentOfFile[];
  /** By what they must not be contacted: the same, with cells that say yes or no. */
  readonly contactBlocks?: readonly BlockOfFile[];
  /**
   * What becomes of a row whose unique values a lead or an earlier row has: `skip` (the default) names it in the result;
   * `update` writes the cells that it fills into that lead. Then a row may also lack required values, when a lead has its
   * unique ones. A row that fits two leads is refused, and so is one whose lead has lost its values to an earlier row; a dry run
   * does not foresee what updates by other rows of the file change.
   */
  readonly duplicates?: DuplicatePolicy;
  /** The same verdicts and counts as the real run, and nothing written but the reject file. */
  readonly dryRun?: boolean;
  /**
   * Where rejected rows are written, in the form of the input; no file is made when none is rejected. A file of that name is not
   * replaced unless that is said: before the first row it refuses the run (`REJECT_FILE_EXISTS`), and where it was made meanwhile the
   * rows are written beside it, as the result tells.
   */
  readonly rejectFile?: string;
  readonly replaceRejectFile?: boolean;
  /**
   * Takes rows that an earlier run of the same file took, as far as unique values allow. Without it no row of a file is taken
   * twice.
   */
  readonly again?: boolean;
  /** SHA-256 of the file that is meant, as `plan` gives it; another is refused with `IMPORT_FILE_OTHER`. */
  readonly fileSha256?: string;
}

export interface ImportOptions {
  /**
   * Aborting stops between two batches (or updates of one); what was taken stays. While the file is still being checked it throws
   * `COMMAND_ABORTED`.
   */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Every refused or duplicate row, in order; the result itself keeps the first few. */
  readonly onRow?: (report: RowReport) => void;
}

export interface ImportProgress extends ImportCounts {
  readonly bytesRead: number;
  readonly totalBytes: number;
  readonly rowsPerSecond: number;
  /** By the part of the file that is read; null before anything is. */
  readonly secondsLeft: number | null;
}

/** One reason why a row was not taken. */
export interface RowProblem {
  /** Heading of the column; null when it is about the whole row or about a field that no column holds. */
  readonly column: string | null;
  /** Field key; null when it is about the whole row. */
  readonly field: string | null;
  /** A stable word such as `required`. */
  readonly rule: string;
  /** What the cell holds, masked for sealed fields; null when the column is absent or the cell empty. */
  readonly typed: string | null;
  /** What is wrong and what was expected. */
  readonly message: string;
}

/** A row that made no lead. */
export interface RowReport {
  /** As the spreadsheet program numbers it. */
  readonly row: number;
  readonly outcome: 'rejected' | 'duplicate';
  /** What a duplicate repeats: the number of a lead, or in a dry run an earlier row (`row 12`). null for rejected rows, and for a lead
   * that the actor may not see. */
  readonly of: string | null;
  readonly problems: readonly RowProblem[];
}

/** A column some of whose cells say by a word such as `NA` or `-` that they have no value, where the field takes no such word. */
export interface EmptiedColumn extends Pick<ColumnMatch, 'letter' | 'heading' | 'field'> {
  /** How many cells. */
  readonly count: number;
}

export interface ImportResult {
  /** null for a dry run, which is not recorded. */
  readonly runId: string | null;
  readonly dryRun: boolean;
  readonly status: 'completed' | 'completed_with_rejects' | 'stopped';
  readonly counts: ImportCounts;
  /** How often each reason refused a row: `{ "mobile: invalid-phone": 12 }`. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly firstRejects: readonly RowReport[];
  readonly firstDuplicates: readonly RowReport[];
  readonly productLine: string;
  readonly schemaVersion: number;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly form: SourceForm;
  /** What stops nothing and should be known: hidden rows, merged cells, a guessed encoding. */
  readonly notes: readonly ReadingNote[];
  readonly sheet: string;
  readonly headerRow: number;
  readonly columns: readonly ColumnMatch[];
  readonly unmatched: readonly UnmatchedColumn[];
  /** Keys of required fields that no column holds: every row will lack them. */
  readonly missing: readonly string[];
  /** What rows said of consents, in the order of the request. */
  readonly consents: readonly (ReadConsent & SaidCount)[];
  /** What rows said of blocks, in the order of the request. */
  readonly contactBlocks: readonly (ReadBlock & SaidCount)[];
  /** Columns of which cells were taken as empty; none of the others. */
  readonly emptied: readonly EmptiedColumn[];
  /** Path of the reject file, another than asked for where somebody made such a file during the run; null when there is none. */
  readonly rejectFile: string | null;
  /** Earlier runs of this very file that the actor may see, newest first, at most 10. */
  readonly previousRuns: readonly ImportRun[];
  readonly elapsedMillis: number;
}
