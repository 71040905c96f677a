import type { FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { beyondLimit, unreadable } from './unreadable.js';

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
const longestComment = 65_535;
const mostEntries = 10_000;
const mostDirectoryBytes = 16 * 1024 * 1024;
const encryptedFlag = 1;
const stored = 0;
const inExtraField = 0xffffffff;
const zip64Field = 1;

/**
 * The directory at the end of an archive. A file that was cut off has none.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`
 */
export async function readZipDirectory(handle: FileHandle, size: number): Promise<readonly ZipEntry[]> {
  const tail = await readAt(handle, Math.max(0, size - endRecordBytes - longestComment), size);
  const endAt = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (endAt < 0 || endAt + endRecordBytes > tail.length) {
    throw unreadable('The spreadsheet is cut off: its end is missing. Copy or download it again.', {
      path: `byte ${size}`,
    });
  }
  const entries = tail.readUInt16LE(endAt + 10);
  const bytes = tail.readUInt32LE(endAt + 12);
  const at = tail.readUInt32LE(endAt + 16);
  if (entries > mostEntries || bytes > mostDirectoryBytes || at + bytes > size) {
    throw unreadable('The spreadsheet is damaged: its list of parts cannot be right.', { path: `byte ${at}` });
  }
  return parseDirectory(await readAt(handle, at, at + bytes), entries);
}

function parseDirectory(directory: Buffer, count: number): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) {
      throw unreadable('The spreadsheet is damaged: its list of parts is broken.', { path: `part ${index + 1}` });
    }
    if ((directory.readUInt16LE(at + 8) & encryptedFlag) !== 0) {
      throw unreadable('The spreadsheet is protected by a password; save it without one.');
    }
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const extraAt = at + 46 + nameLength;
    const sizes = [24, 20, 42].map((offset) => directory.readUInt32LE(at + offset));
    const [unpackedBytes = 0, packedBytes = 0, headerAt = 0] = withZip64(
      sizes,
      directory.subarray(extraAt, extraAt + extraLength),
    );
    entries.push({
      name: directory.toString('utf8', at + 46, extraAt),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedBytes,
      unpackedBytes,
      headerAt,
    });
    at = extraAt + extraLength + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * Unpacks one part piece by piece; at its end the sum is checked.
 * @param mostBytes more is `LIMIT_EXCEEDED`, whatever size the archive claims
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`
 */
export async function* unpack(handle: FileHandle, entry: ZipEntry, mostBytes: number): AsyncGenerator<Uint8Array> {
  const header = await readAt(handle, entry.headerAt, entry.headerAt + 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw damaged(entry.name);
  const start = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  let bytes = 0;
  let sum = 0;
  try {
    for await (const piece of partStream(handle, entry, start)) {
      const unpacked: Uint8Array = piece;
      bytes += unpacked.length;
      sum = crc32(unpacked, sum);
      if (bytes > mostBytes) {
        throw beyondLimit('The spreadsheet unpacks to more than the limit.', 'unpackedBytes', mostBytes);
      }
      yield unpacked;
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_'))
      throw damaged(entry.name, cause);
    throw cause;
  }
  if (sum !== entry.crc) throw damaged(entry.name);
}

/** Sizes that do not fit into 32 bits stand in an extra field, in the same order (APPNOTE §4.5.3). */
function withZip64(sizes: readonly number[], extra: Buffer): readonly number[] {
  if (!sizes.includes(inExtraField)) return sizes;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== zip64Field) continue;
    let next = at + 4;
    return sizes.map((size) => {
      if (size !== inExtraField || next + 8 > extra.length) return size;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return sizes;
}

function partStream(handle: FileHandle, entry: ZipEntry, start: number): Readable {
  if (entry.packedBytes === 0) return Readable.from([]);
  const packed = handle.createReadStream({ start, end: start + entry.packedBytes - 1, autoClose: false });
  // The failure is thrown where the pieces are read.
  return entry.method === stored ? packed : pipeline(packed, createInflateRaw(), () => undefined);
}

function damaged(part: string, cause?: unknown): Error {
  return unreadable(`The spreadsheet is damaged in its part ${part}. Copy or download it again.`, {
    path: part,
    cause,
  });
}

async function readAt(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.alloc(to - from);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}
