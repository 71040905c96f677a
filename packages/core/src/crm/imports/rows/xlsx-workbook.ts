import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import type { RowLimits } from './row-source.js';
import { beyondLimit, unreadable } from './unreadable.js';
import type { WorkbookParts } from './xlsx-cell.js';
import { readSharedStrings } from './xlsx-strings.js';
import { readStyles } from './xlsx-styles.js';
import { readWholeXml } from './xml-events.js';
import { readZipDirectory, unpack, type ZipEntry } from './zip-directory.js';

/** A worksheet and the part of the archive that holds it. */
export interface SheetPart {
  readonly name: string;
  readonly entry: ZipEntry;
}

/** What is known of a workbook before its rows are read. */
export interface Workbook {
  /** Visible sheets in the order of their tabs. */
  readonly sheets: readonly SheetPart[];
  readonly strings: ZipEntry | null;
  readonly styles: ZipEntry | null;
  readonly date1904: boolean;
}

const mostWorkbookBytes = 16 * 1024 * 1024;

/**
 * Finds the parts of a workbook and checks that each is whole, undamaged and within the limit, however it was packed.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`
 */
export async function openWorkbook(
  handle: FileHandle,
  size: number,
  checking: { readonly limits: RowLimits; readonly signal: AbortSignal | undefined },
): Promise<Workbook> {
  const entries = new Map((await readZipDirectory(handle, size)).map((entry) => [entry.name, entry]));
  const main = entries.get('xl/workbook.xml');
  if (main === undefined) {
    throw unreadable('The file is an archive, but not a spreadsheet (.xlsx): it has no workbook.');
  }
  const targets = await readTargets(handle, entries.get('xl/_rels/workbook.xml.rels'));
  const { sheets, date1904 } = await readMain(handle, main);
  const workbook: Workbook = {
    date1904,
    sheets: sheets.flatMap(({ name, relation }) => {
      const entry = entries.get(targets.byId.get(relation) ?? '');
      return entry === undefined ? [] : [{ name, entry }];
    }),
    strings: entries.get(targets.byKind.get('sharedStrings') ?? '') ?? null,
    styles: entries.get(targets.byKind.get('styles') ?? '') ?? null,
  };
  if (workbook.sheets.length === 0) throw unreadable('The spreadsheet has no visible sheet.');
  await checkParts(handle, workbook, checking);
  return workbook;
}

/** What cells of the workbook refer to. */
export async function readWorkbookParts(
  handle: FileHandle,
  workbook: Workbook,
  { unpackedBytes, cellLength }: RowLimits,
): Promise<WorkbookParts> {
  const { strings, styles, date1904 } = workbook;
  return {
    strings: strings === null ? [] : await readSharedStrings(unpack(handle, strings, unpackedBytes), cellLength),
    styles: styles === null ? [] : await readStyles(unpack(handle, styles, unpackedBytes)),
    date1904,
    mostCharacters: cellLength,
  };
}

async function checkParts(
  handle: FileHandle,
  workbook: Workbook,
  { limits, signal }: { readonly limits: RowLimits; readonly signal: AbortSignal | undefined },
): Promise<void> {
  let left = limits.unpackedBytes;
  for (const entry of [workbook.strings, workbook.styles, ...workbook.sheets.map((sheet) => sheet.entry)]) {
    if (entry === null) continue;
    for await (const piece of unpack(handle, entry, left)) {
      left -= piece.length;
      signal?.throwIfAborted();
      if (entry === workbook.strings && limits.unpackedBytes - left > limits.sharedTextBytes) {
        const most = limits.sharedTextBytes;
        throw beyondLimit('The texts of the spreadsheet take more memory than the limit.', 'sharedTextBytes', most);
      }
    }
  }
}

interface Targets {
  readonly byId: ReadonlyMap<string, string>;
  /** By the last word of the relation's type, such as `styles`. */
  readonly byKind: ReadonlyMap<string, string>;
}

async function readTargets(handle: FileHandle, entry: ZipEntry | undefined): Promise<Targets> {
  const byId = new Map<string, string>();
  const byKind = new Map<string, string>();
  if (entry === undefined) return { byId, byKind };
  await readWholeXml(unpack(handle, entry, mostWorkbookBytes), {
    open(name, attribute) {
      if (name !== 'Relationship' || attribute('TargetMode') === 'External') return;
      const target = posix.resolve('/xl', attribute('Target') ?? '').slice(1);
      byId.set(attribute('Id') ?? '', target);
      byKind.set((attribute('Type') ?? '').split('/').at(-1) ?? '', target);
    },
    text: () => undefined,
    close: () => undefined,
  });
  return { byId, byKind };
}

async function readMain(
  handle: FileHandle,
  entry: ZipEntry,
): Promise<{ sheets: readonly { name: string; relation: string }[]; date1904: boolean }> {
  const sheets: { name: string; relation: string }[] = [];
  let date1904 = false;
  await readWholeXml(unpack(handle, entry, mostWorkbookBytes), {
    open(name, attribute) {
      if (name === 'workbookPr') date1904 = ['1', 'true'].includes(attribute('date1904') ?? '');
      if (name !== 'sheet' || (attribute('state') ?? 'visible') !== 'visible') return;
      sheets.push({ name: attribute('name') ?? '', relation: attribute('id') ?? '' });
    },
    text: () => undefined,
    close: () => undefined,
  });
  return { sheets, date1904 };
}
