import type { FileHandle } from 'node:fs/promises';
import { LmsError } from '../../../foundation/kernel/index.js';
import { type CheckedWorkbook, checkWorkbook } from './check-workbook.js';
import type { CheckedFile, FileStamp } from './checked-file.js';
import { eachRow } from './each-row.js';
import { openForReading, requireUnchanged } from './file-stamp.js';
import { MalformedXml } from './malformed-xml.js';
import { nothingMerged } from './merged-cells.js';
import type { ReadingNote, ReadRowsOptions, RowLimits, RowSource, SourceRow } from './row-source.js';
import { hiddenSheetsNote, notesOfSheet } from './sheet-notes.js';
import { unreadable } from './unreadable.js';
import { WorkbookTexts } from './workbook-texts.js';
import { readSheet, type SheetProgress } from './xlsx-sheet.js';
import { findWorkbook, type SheetPart, type Workbook } from './xlsx-workbook.js';
import type { ZipEntry } from './zip-directory.js';
import { unpack } from './zip-part.js';

export interface XlsxFile {
  readonly file: string;
  readonly stamp: FileStamp;
  readonly limits: RowLimits;
  /** Stops the check of the file. */
  readonly signal: AbortSignal | undefined;
  /** Of the sheets, when they have been checked before. */
  readonly facts: CheckedFile['facts'];
}

/**
 * A workbook as rows. Checks the whole file first, so that damage shows before a row is taken.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`, `IMPORT_FILE_CHANGED`, `DISK_FULL`
 */
export async function xlsxRows(xlsx: XlsxFile): Promise<RowSource> {
  const { limits, signal, stamp, facts } = xlsx;
  const book = await inFile(xlsx, 'the workbook', async (handle): Promise<OpenBook> => {
    const workbook = await findWorkbook(handle, stamp.size);
    if (workbook.sheets.every(({ isHidden }) => isHidden)) throw unreadable('The spreadsheet has no visible sheet.');
    const checked = await checkWorkbook(handle, workbook, { limits, signal, facts });
    return { workbook, checked, texts: null, progress: { read: 0, whole: 1 }, notes: [] };
  });
  const { workbook, progress } = book;
  const batches = (options: ReadRowsOptions): AsyncGenerator<readonly SourceRow[]> => sheetRows(xlsx, book, options);
  return {
    form: { format: 'xlsx' },
    sheets: workbook.sheets.filter(({ isHidden }) => !isHidden).map(({ name }) => name),
    totalBytes: stamp.size,
    checked: { stamp, encoding: null, keys: null, facts: book.checked.facts },
    // Of the archive only the sheet being read moves on; its share of the whole is what people see as progress.
    bytesRead: () => Math.round((stamp.size * progress.read) / progress.whole),
    notes: () => [...hiddenSheetsNote(workbook.sheets), ...book.notes],
    rows: (options) => eachRow(batches(options)),
    batches,
    close: async () => book.texts?.close(),
  };
}

interface OpenBook {
  readonly workbook: Workbook;
  readonly checked: CheckedWorkbook;
  /** All of them, once the rows of a sheet have been asked for. */
  texts: WorkbookTexts | null;
  readonly progress: { read: number; whole: number };
  /** Of the sheet that was read last. */
  notes: readonly ReadingNote[];
}

async function* sheetRows(
  xlsx: XlsxFile,
  book: OpenBook,
  options: ReadRowsOptions,
): AsyncGenerator<readonly SourceRow[]> {
  const { limits } = xlsx;
  const sheet = sheetNamed(options.sheet, book.workbook);
  const facts = book.checked.facts[sheet.name] ?? { merged: nothingMerged, hiddenRows: 0 };
  const progress: SheetProgress = { hiddenColumns: [], width: 0, lastRow: 0 };
  const handle = await openForReading(xlsx.file);
  let glance: WorkbookTexts | null = null;
  try {
    await requireUnchanged(handle, xlsx.file, xlsx.stamp);
    const { strings, date1904 } = book.workbook;
    if (options.isGlance === true) glance = new WorkbookTexts(handle, strings, limits);
    else book.texts ??= await allTexts(handle, strings, limits);
    const texts = glance ?? book.texts ?? new WorkbookTexts(handle, null, limits);
    const { styles } = book.checked;
    const parts = { strings: texts.strings, styles, date1904, mostCharacters: limits.cellLength };
    Object.assign(book.progress, { read: 0, whole: Math.max(1, sheet.entry.unpackedBytes) });
    const xml = counted(unpack(handle, sheet.entry, limits), book.progress, options.signal);
    yield* readSheet(xml, { parts, texts, merged: facts.merged, limits, progress });
    await requireUnchanged(handle, xlsx.file, xlsx.stamp);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    await requireUnchanged(handle, xlsx.file, xlsx.stamp);
    throw notReadable(error, `sheet "${options.sheet}", row ${Math.max(1, progress.lastRow)}`);
  } finally {
    book.notes = notesOfSheet(sheet.name, facts, progress);
    await glance?.stop();
    glance?.close();
    await handle.close();
  }
}

async function allTexts(handle: FileHandle, entry: ZipEntry | null, limits: RowLimits): Promise<WorkbookTexts> {
  const texts = new WorkbookTexts(handle, entry, limits);
  try {
    await texts.upTo(Number.POSITIVE_INFINITY);
    return texts;
  } catch (error) {
    texts.close();
    throw error;
  }
}

function sheetNamed(wanted: string, { sheets }: Workbook): SheetPart {
  const sheet = sheets.find(({ name }) => name === wanted);
  if (sheet === undefined) throw unreadable(`The file has no visible sheet ${JSON.stringify(wanted)}.`);
  if (!sheet.isHidden) return sheet;
  throw unreadable(
    `The sheet ${JSON.stringify(wanted)} is hidden; show it in a spreadsheet program and save the file.`,
  );
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  progress: { read: number; readonly whole: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    progress.read = Math.min(progress.whole, progress.read + piece.length);
    yield piece;
  }
}

async function inFile<Result>(
  { file, stamp }: XlsxFile,
  place: string,
  work: (handle: FileHandle) => Promise<Result>,
): Promise<Result> {
  const handle = await openForReading(file);
  try {
    return await work(handle);
  } catch (error) {
    await requireUnchanged(handle, file, stamp);
    throw notReadable(error, place);
  } finally {
    await handle.close();
  }
}

function notReadable(error: unknown, place: string): unknown {
  if (LmsError.isInstance(error) || (error instanceof Error && error.name === 'AbortError')) return error;
  const why = error instanceof MalformedXml ? `: ${error.message}` : '';
  return unreadable(
    `The spreadsheet cannot be read (${place}${why}); open it in a spreadsheet program and save it again.`,
    { path: place, cause: error },
  );
}
