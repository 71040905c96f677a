import type { FileHandle } from 'node:fs/promises';
import type { CheckedFile, SheetFacts } from './checked-file.js';
import type { RowLimits } from './row-source.js';
import { SharedStrings } from './shared-strings.js';
import { SheetSurvey } from './sheet-survey.js';
import { beyondLimit } from './unreadable.js';
import type { WorkbookParts } from './xlsx-cell.js';
import { readSharedStrings } from './xlsx-strings.js';
import { readStyles } from './xlsx-styles.js';
import type { SheetPart, Workbook } from './xlsx-workbook.js';
import { unpack } from './zip-part.js';

export interface CheckOptions {
  readonly limits: RowLimits;
  readonly signal: AbortSignal | undefined;
  /** Of the sheets, when they have been checked before; they are not unpacked again then. */
  readonly facts: CheckedFile['facts'];
}

/** What was learnt on the way. */
export interface CheckedWorkbook {
  /** What cells refer to. */
  readonly parts: WorkbookParts;
  /** Of each visible sheet, by its name. */
  readonly facts: Readonly<Record<string, SheetFacts>>;
}

/**
 * Unpacks every part that is to be read, so that damage and excess show before the first row is taken. Texts and styles are kept
 * from this one time; a sheet is unpacked again when its rows are read.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`, `DISK_FULL`; MalformedXml
 */
export async function checkWorkbook(
  handle: FileHandle,
  { strings, styles, sheets, date1904 }: Workbook,
  { limits, signal, facts: known }: CheckOptions,
): Promise<CheckedWorkbook> {
  let left = limits.unpackedBytes;
  const counted = async function* (entry: SheetPart['entry']): AsyncGenerator<Uint8Array> {
    const most = { ...limits, unpackedBytes: left };
    for await (const piece of unpack(handle, entry, most)) {
      signal?.throwIfAborted();
      left -= piece.length;
      yield piece;
    }
  };
  const shared = new SharedStrings(limits);
  try {
    if (strings !== null) await readSharedStrings(withinTexts(counted(strings), limits), shared, limits.cellLength);
    const meanings = styles === null ? [] : await readStyles(counted(styles));
    const visible = sheets.filter(({ isHidden }) => !isHidden);
    const facts = known ?? (await surveyed(visible, counted));
    const parts = { strings: shared, styles: meanings, date1904, mostCharacters: limits.cellLength };
    return { parts, facts };
  } catch (error) {
    shared.close();
    throw error;
  }
}

async function surveyed(
  sheets: readonly SheetPart[],
  unpacked: (entry: SheetPart['entry']) => AsyncIterable<Uint8Array>,
): Promise<Readonly<Record<string, SheetFacts>>> {
  // No prototype, so that a sheet can have any name.
  const facts: Record<string, SheetFacts> = Object.create(null);
  for (const sheet of sheets) {
    const survey = new SheetSurvey();
    for await (const piece of unpacked(sheet.entry)) survey.push(piece);
    facts[sheet.name] = survey.facts;
  }
  return facts;
}

async function* withinTexts(
  pieces: AsyncIterable<Uint8Array>,
  { sharedTextBytes }: RowLimits,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > sharedTextBytes) {
      throw beyondLimit('The texts of the spreadsheet are more than the limit.', 'sharedTextBytes', sharedTextBytes);
    }
    yield piece;
  }
}
