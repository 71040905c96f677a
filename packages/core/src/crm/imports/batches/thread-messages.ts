import { type ErrorCode, LmsError } from '../../../foundation/kernel/index.js';
import type { DrafterKit, LineDefinition, PackedDrafts } from '../../leads/index.js';
import type { CheckedFile, RowLimits, SourceRow } from '../rows/index.js';
import type { EmptiedCells } from './emptied-cells.js';
import type { DraftPurpose, RefusedRow, RowRange, SayingRow } from './row-batch.js';
import type { RowSettings } from './row-drafter.js';

/** What the thread is started with. */
export interface ThreadTask {
  readonly file: string;
  readonly limits: RowLimits;
  /** What opening the file found out before. */
  readonly checked: CheckedFile;
  readonly sheet: string;
  readonly headerRow: number;
  readonly rowsABatch: number;
  readonly settings: RowSettings;
  readonly line: LineDefinition;
  readonly kit: DrafterKit;
  readonly purpose: DraftPurpose;
}

/** A question to the thread; it answers in order. `now` is in epoch milliseconds. */
export type ThreadQuestion =
  | { readonly ask: 'next'; readonly now: number }
  /** The batch at a place once more, and all that follow, by another definition of the line. */
  | { readonly ask: 'again'; readonly place: number; readonly line: LineDefinition; readonly now: number }
  /** Ends the thread; it is not answered, and does not wait for the questions before it. */
  | { readonly ask: 'close' }
  /** Rows that are passed over from now on. */
  | { readonly ask: 'skip'; readonly taken: readonly RowRange[] }
  | { readonly ask: 'rows'; readonly batch: number; readonly places: readonly number[] };

export interface ThreadBatch {
  readonly place: number;
  readonly rowNumbers: readonly number[];
  /** In parts, which are opened one by one. */
  readonly drafts: readonly PackedDrafts[];
  readonly draftCount: number;
  readonly refused: readonly RefusedRow[];
  readonly emptied: EmptiedCells;
  readonly saying: readonly SayingRow[];
  readonly bytesRead: number;
}

export type ThreadAnswer =
  | { readonly batch: ThreadBatch | null }
  | { readonly rows: readonly SourceRow[] }
  | { readonly skipped: true }
  | { readonly error: ThreadError };

/** An error without its class, which does not survive the way. */
export interface ThreadError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly path?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function errorMessage(error: unknown): ThreadError {
  if (!LmsError.isInstance(error)) {
    return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const { code, message, path, details } = error;
  return { code, message, details, ...(path === undefined ? {} : { path }) };
}

export function errorOf({ code, ...options }: ThreadError): Error {
  return code === null ? new Error(options.message) : new LmsError(code, options);
}
