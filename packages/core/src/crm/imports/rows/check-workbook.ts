import type { FileHandle } from 'node:fs/promises';
import type { CheckedFile, SheetFacts } from './checked-file.js';
import type { RowLimits } from './row-source.js';
import { SheetSurvey } from './sheet-survey.js';
import { partWithTexts } from './workbook-texts.js';
import { type NumberMeaning, readStyles } from './xlsx-styles.js';
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
  /** What numbers mean, by the style of their cell. */
  readonly styles: readonly NumberMeaning[];
  /** Of each visible sheet, by its name. */
  readonly facts: Readonly<Record<string, SheetFacts>>;
}

/**
 * Unpacks every part that is to be read, so that damage and excess show before the first row is taken. Styles are kept from this
 * one time; texts and sheets are unpacked again when rows are read.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`; MalformedXml
 */
export async function checkWorkbook(
  handle: FileHandle,
  { strings, styles, sheets }: Workbook,
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
  const meanings = styles === null ? [] : await readStyles(counted(styles));
  if (known !== null) return { styles: meanings, facts: known };
  if (strings !== null) {
    for await (const piece of partWithTexts(handle, strings, limits)) {
      signal?.throwIfAborted();
      left -= piece.length;
    }
  }
  return {
    styles: meanings,
    facts: await surveyed(
      sheets.filter(({ isHidden }) => !isHidden),
      counted,
    ),
  };
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
