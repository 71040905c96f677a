import { type FileHandle, open } from 'node:fs/promises';
import type { RowLimits } from './row-source.js';
import { unreadable } from './unreadable.js';
import { readZipDirectory, unpackEntry, type ZipEntry } from './zip-directory.js';

const mostWorkbookBytes = 4 * 1024 * 1024;
const readParts = /^xl\/(?:workbook|styles|sharedStrings|worksheets\/sheet\d+)\.xml$/;

/**
 * Checks a workbook before it is read: whole, undamaged, within the limits however it was packed.
 * @returns names of its visible sheets in the order of their tabs
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`
 */
export async function checkWorkbook(file: string, size: number, limits: RowLimits): Promise<readonly string[]> {
  const handle = await open(file, 'r');
  try {
    const entries = await readZipDirectory(handle, size);
    const workbook = entries.find((entry) => entry.name === 'xl/workbook.xml');
    if (workbook === undefined) {
      throw unreadable('The file is an archive, but not a spreadsheet (.xlsx): it has no workbook.');
    }
    await checkParts(handle, entries, limits);
    const sheets = visibleSheets(await readText(handle, workbook));
    if (sheets.length === 0) throw unreadable('The spreadsheet has no visible sheet.');
    return sheets;
  } finally {
    await handle.close();
  }
}

async function checkParts(handle: FileHandle, entries: readonly ZipEntry[], limits: RowLimits): Promise<void> {
  let left = limits.unpackedBytes;
  for (const entry of entries) {
    if (!readParts.test(entry.name)) continue;
    left -= await unpackEntry(handle, entry, { mostBytes: left, onBytes: () => undefined });
  }
}

async function readText(handle: FileHandle, entry: ZipEntry): Promise<string> {
  const pieces: Buffer[] = [];
  await unpackEntry(handle, entry, { mostBytes: mostWorkbookBytes, onBytes: (piece) => pieces.push(piece) });
  return Buffer.concat(pieces).toString('utf8');
}

function visibleSheets(workbookXml: string): string[] {
  const sheets: string[] = [];
  for (const [, attributes = ''] of workbookXml.matchAll(/<(?:\w+:)?sheet\s([^>]*?)\/?>/g)) {
    const name = /\bname="([^"]*)"/.exec(attributes)?.[1];
    if (name !== undefined && !/\bstate="(?:hidden|veryHidden)"/.test(attributes)) sheets.push(plain(name));
  }
  return sheets;
}

const namedCharacters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plain(xmlText: string): string {
  return xmlText.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return namedCharacters[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
