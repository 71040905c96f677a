import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import { readWholeXml } from './read-xml.js';
import { unreadable } from './unreadable.js';
import { isTrue } from './xlsx-cell.js';
import { readZipDirectory, type ZipEntry } from './zip-directory.js';
import { unpack } from './zip-part.js';

/** A worksheet and the part of the archive that holds it. */
export interface SheetPart {
  readonly name: string;
  readonly isHidden: boolean;
  readonly entry: ZipEntry;
}

/** Where the parts of a workbook are. */
export interface Workbook {
  /** In the order of their tabs. */
  readonly sheets: readonly SheetPart[];
  readonly strings: ZipEntry | null;
  readonly styles: ZipEntry | null;
  readonly date1904: boolean;
}

/** Of the parts that say where the others are. */
const listLimits = { unpackedBytes: 16 * 1024 * 1024, unpackRatio: 1_000 };

/**
 * Finds the parts of a workbook. Where they are is said by relations alone (ECMA-376 part 2, §9.3), in the transitional and in
 * the strict form of the format.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, MalformedXml
 */
export async function findWorkbook(handle: FileHandle, size: number): Promise<Workbook> {
  const entries = await readZipDirectory(handle, size);
  const root = await readTargets(handle, entries, '');
  const path = root.byKind.get('officeDocument') ?? 'xl/workbook.xml';
  const main = entries.get(path.toLowerCase());
  if (main === undefined || !path.endsWith('.xml')) throw unreadable(otherArchive(entries, path));
  const targets = await readTargets(handle, entries, path);
  const { sheets, date1904 } = await readMain(handle, main);
  const partOf = (kind: string): ZipEntry | null => {
    const target = targets.byKind.get(kind);
    return target === undefined ? null : partAt(entries, target);
  };
  return {
    date1904,
    sheets: sheets.flatMap(({ name, relation, isHidden }): SheetPart[] => {
      const target = targets.byId.get(relation);
      // Chart and macro sheets hold no rows.
      if (target?.kind !== 'worksheet') return [];
      return [{ name, isHidden, entry: partAt(entries, target.path) }];
    }),
    strings: partOf('sharedStrings'),
    styles: partOf('styles'),
  };
}

/** Without its styles a workbook could be read, and its dates would be numbers; so what is named must be there. */
function partAt(entries: ReadonlyMap<string, ZipEntry>, path: string): ZipEntry {
  const entry = entries.get(path.toLowerCase());
  if (entry !== undefined) return entry;
  throw unreadable('The spreadsheet is damaged: a part of it is missing. Copy or download it again.', { path });
}

/** What else an archive can be, for people who do not know that it is one. */
function otherArchive(entries: ReadonlyMap<string, ZipEntry>, path: string): string {
  const names = [...entries.keys()];
  const has = (start: string): boolean => path.startsWith(start) || names.some((name) => name.startsWith(start));
  if (path.endsWith('.bin')) return 'The file is a binary workbook (.xlsb); save it as .xlsx.';
  if (has('word/')) return 'The file is a text document (.docx), not a spreadsheet; save its table as .xlsx or .csv.';
  if (has('index/')) return 'The file is a Numbers document; export it as .xlsx or .csv.';
  if (entries.has('content.xml') && entries.has('mimetype')) {
    return 'The file is an OpenDocument file (.ods); save it as .xlsx.';
  }
  return 'The file is an archive, but not a spreadsheet (.xlsx): it has no workbook.';
}

interface Target {
  readonly path: string;
  /** The last word of the relation's type, such as `styles`. */
  readonly kind: string;
}

interface Targets {
  readonly byId: ReadonlyMap<string, Target>;
  readonly byKind: ReadonlyMap<string, string>;
}

/** What a part refers to. @param path of the part; empty for the archive itself */
async function readTargets(handle: FileHandle, entries: ReadonlyMap<string, ZipEntry>, path: string): Promise<Targets> {
  const byId = new Map<string, Target>();
  const byKind = new Map<string, string>();
  const folder = posix.dirname(`/${path}`);
  const entry = entries.get(
    posix
      .join(folder, '_rels', `${posix.basename(path)}.rels`)
      .slice(1)
      .toLowerCase(),
  );
  if (entry === undefined) return { byId, byKind };
  await readWholeXml(unpack(handle, entry, listLimits), {
    wantsText: false,
    open(name, attribute) {
      if (name !== 'Relationship' || attribute('TargetMode') === 'External') return;
      const target = posix.resolve(folder, (attribute('Target') ?? '').replaceAll('\\', '/')).slice(1);
      const kind = (attribute('Type') ?? '').split('/').at(-1) ?? '';
      byId.set(attribute('Id') ?? '', { path: target, kind });
      byKind.set(kind, target);
    },
    text: () => undefined,
    close: () => undefined,
  });
  return { byId, byKind };
}

interface ListedSheet {
  readonly name: string;
  readonly relation: string;
  readonly isHidden: boolean;
}

async function readMain(
  handle: FileHandle,
  entry: ZipEntry,
): Promise<{ sheets: readonly ListedSheet[]; date1904: boolean }> {
  const sheets: ListedSheet[] = [];
  let date1904 = false;
  await readWholeXml(unpack(handle, entry, listLimits), {
    wantsText: false,
    open(name, attribute) {
      if (name === 'workbookPr') date1904 = isTrue(attribute('date1904'));
      if (name !== 'sheet') return;
      const isHidden = (attribute('state') ?? 'visible') !== 'visible';
      sheets.push({ name: attribute('name') ?? '', relation: attribute('id') ?? '', isHidden });
    },
    text: () => undefined,
    close: () => undefined,
  });
  return { sheets, date1904 };
}
