import { type FileHandle, open } from 'node:fs/promises';
import { LmsError } from '../../../foundation/kernel/index.js';
import { isEmptyRow } from './cells.js';
import type { ReadRowsOptions, RowLimits, RowSource, SourceRow } from './row-source.js';
import { beyondLimit, unreadable } from './unreadable.js';
import type { WorkbookParts } from './xlsx-cell.js';
import { readSheet } from './xlsx-sheet.js';
import { openWorkbook, readWorkbookParts, type Workbook } from './xlsx-workbook.js';
import { unpack } from './zip-directory.js';

export interface XlsxFile {
  readonly file: string;
  readonly totalBytes: number;
  readonly limits: RowLimits;
  /** Stops the check of the file. */
  readonly signal?: AbortSignal;
}

/**
 * A workbook as rows. Checks the whole file first, so that damage shows before a row is taken.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`
 */
export async function xlsxRows(xlsx: XlsxFile): Promise<RowSource> {
  const { file, totalBytes, limits, signal } = xlsx;
  const workbook = await inFile(file, 'the workbook', (handle) => {
    return openWorkbook(handle, totalBytes, { limits, signal });
  });
  // Read once, however many sheets are searched for a header.
  let known: WorkbookParts | null = null;
  const partsOf = async (handle: FileHandle): Promise<WorkbookParts> => {
    known ??= await readWorkbookParts(handle, workbook, limits);
    return known;
  };
  // Of the archive only the sheet being read moves on; its share of the whole is what people see as progress.
  const progress = { read: 0, whole: 1 };
  return {
    form: { format: 'xlsx' },
    sheets: workbook.sheets.map((sheet) => sheet.name),
    totalBytes,
    bytesRead: () => Math.round((totalBytes * progress.read) / progress.whole),
    rows: (options) => sheetRows(xlsx, { workbook, partsOf, progress }, options),
  };
}

interface OpenBook {
  readonly workbook: Workbook;
  readonly partsOf: (handle: FileHandle) => Promise<WorkbookParts>;
  readonly progress: Progress;
}

interface Progress {
  read: number;
  whole: number;
}

async function* sheetRows(
  { file, limits }: XlsxFile,
  { workbook, partsOf, progress }: OpenBook,
  options: ReadRowsOptions,
): AsyncGenerator<SourceRow> {
  const entry = workbook.sheets.find((sheet) => sheet.name === options.sheet)?.entry;
  if (entry === undefined) throw unreadable(`The file has no visible sheet ${JSON.stringify(options.sheet)}.`);
  const handle = await open(file, 'r');
  let rowNumber = 0;
  try {
    const parts = await partsOf(handle);
    Object.assign(progress, { read: 0, whole: Math.max(1, entry.unpackedBytes) });
    const xml = counted(unpack(handle, entry, limits.unpackedBytes), progress, options.signal);
    for await (const row of readSheet(xml, parts, limits.columns)) {
      rowNumber = row.rowNumber;
      if (rowNumber > limits.rows)
        throw beyondLimit(`The sheet has more than ${limits.rows} rows.`, 'rows', limits.rows);
      if (!isEmptyRow(row.cells)) yield row;
    }
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw notReadable(error, `sheet "${options.sheet}", row ${rowNumber + 1}`);
  } finally {
    await handle.close();
  }
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  progress: Progress,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    progress.read = Math.min(progress.whole, progress.read + piece.length);
    yield piece;
  }
}

async function inFile<Result>(
  file: string,
  place: string,
  work: (handle: FileHandle) => Promise<Result>,
): Promise<Result> {
  const handle = await open(file, 'r');
  try {
    return await work(handle);
  } catch (error) {
    throw notReadable(error, place);
  } finally {
    await handle.close();
  }
}

function notReadable(error: unknown, place: string): unknown {
  if (LmsError.isInstance(error) || (error instanceof Error && error.name === 'AbortError')) return error;
  return unreadable(`The spreadsheet cannot be read (${place}); open it in a spreadsheet program and save it again.`, {
    path: place,
    cause: error,
  });
}
