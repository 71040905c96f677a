import type { FileHandle } from 'node:fs/promises';
import { unreadable } from './unreadable.js';

/** A file inside a zip archive (PKWARE APPNOTE 6.3.10, §4.3.12). */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  /** As the archive claims. */
  readonly unpackedBytes: number;
  readonly headerAt: number;
}

const endRecordBytes = 22;
const locatorBytes = 20;
const longestComment = 65_535;
const mostEntries = 10_000;
const mostDirectoryBytes = 16 * 1024 * 1024;
const encryptedFlag = 1;
const elsewhere = 0xffffffff;
const zip64Field = 1;

/**
 * The directory at the end of an archive, by name in lower case: parts are named without regard to case (ECMA-376 part 2,
 * §6.2.2). A file that was cut off has none.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`
 */
export async function readZipDirectory(handle: FileHandle, size: number): Promise<ReadonlyMap<string, ZipEntry>> {
  const from = Math.max(0, size - endRecordBytes - longestComment - locatorBytes);
  const tail = await readAt(handle, from, size);
  const endAt = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (endAt < 0 || endAt + endRecordBytes > tail.length) {
    throw unreadable('The spreadsheet is cut off: its end is missing. Copy or download it again.', {
      path: `byte ${size}`,
    });
  }
  const short = {
    entries: tail.readUInt16LE(endAt + 10),
    bytes: tail.readUInt32LE(endAt + 12),
    at: tail.readUInt32LE(endAt + 16),
  };
  const { entries, bytes, at } = (await readZip64End(handle, tail, endAt)) ?? short;
  if (entries > mostEntries || bytes > mostDirectoryBytes || at + bytes > size) {
    throw unreadable('The spreadsheet is damaged: its list of parts cannot be right.', { path: `byte ${at}` });
  }
  return parseDirectory(await readAt(handle, at, at + bytes), entries);
}

interface DirectoryPlace {
  readonly entries: number;
  readonly bytes: number;
  readonly at: number;
}

/** Where the directory is, as large archives and some careful writers say it (APPNOTE §4.3.14); null when they do not. */
async function readZip64End(handle: FileHandle, tail: Buffer, endAt: number): Promise<DirectoryPlace | null> {
  const locator = endAt - locatorBytes;
  if (locator < 0 || tail.readUInt32LE(locator) !== 0x07064b50) return null;
  const at = Number(tail.readBigUInt64LE(locator + 8));
  if (!Number.isSafeInteger(at)) return null;
  const record = await readAt(handle, at, at + 56);
  if (record.length < 56 || record.readUInt32LE(0) !== 0x06064b50) return null;
  const [entries = 0, bytes = 0, start = 0] = [32, 40, 48].map((offset) => Number(record.readBigUInt64LE(offset)));
  return { entries, bytes, at: start };
}

function parseDirectory(directory: Buffer, count: number): ReadonlyMap<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const end = at + 46;
    if (end > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw brokenList(index);
    if ((directory.readUInt16LE(at + 8) & encryptedFlag) !== 0) {
      throw unreadable('The spreadsheet is protected by a password; save it without one.');
    }
    const extraAt = end + directory.readUInt16LE(at + 28);
    const next = extraAt + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (next > directory.length) throw brokenList(index);
    const sizes = [24, 20, 42].map((offset) => directory.readUInt32LE(at + offset));
    const extra = directory.subarray(extraAt, extraAt + directory.readUInt16LE(at + 30));
    const [unpackedBytes = 0, packedBytes = 0, headerAt = 0] = withZip64(sizes, extra);
    const name = directory.toString('utf8', end, extraAt).replaceAll('\\', '/');
    const [method, crc] = [directory.readUInt16LE(at + 10), directory.readUInt32LE(at + 16)];
    // Two parts of one name: programs would disagree about which of them is the sheet.
    if (entries.has(name.toLowerCase())) throw brokenList(index);
    entries.set(name.toLowerCase(), { name, method, crc, packedBytes, unpackedBytes, headerAt });
    at = next;
  }
  return entries;
}

/** Sizes that do not fit into 32 bits stand in an extra field, in the same order (APPNOTE §4.5.3). */
function withZip64(sizes: readonly number[], extra: Buffer): readonly number[] {
  if (!sizes.includes(elsewhere)) return sizes;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== zip64Field) continue;
    let next = at + 4;
    return sizes.map((size) => {
      if (size !== elsewhere || next + 8 > extra.length) return size;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return sizes;
}

function brokenList(index: number): Error {
  return unreadable('The spreadsheet is damaged: its list of parts is broken.', { path: `part ${index + 1}` });
}

/** The bytes between two places; fewer where the file ends. */
export async function readAt(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.alloc(to - from);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
