import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { beyondLimit, unreadable } from './unreadable.js';

/** A file inside a zip archive (PKWARE APPNOTE 6.3.10, §4.3.12). */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly headerAt: number;
}

const endRecordBytes = 22;
const longestComment = 65_535;
const mostEntries = 10_000;
const mostDirectoryBytes = 16 * 1024 * 1024;
const encryptedFlag = 1;

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
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedBytes: directory.readUInt32LE(at + 20),
      headerAt: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

export interface UnpackOptions {
  /** Most bytes to unpack; more is `LIMIT_EXCEEDED`, whatever size the archive claims. */
  readonly mostBytes: number;
  readonly onBytes: (piece: Buffer) => void;
}

/**
 * Unpacks one part piece by piece and checks its sum.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`
 */
export async function unpackEntry(handle: FileHandle, entry: ZipEntry, options: UnpackOptions): Promise<number> {
  const header = await readAt(handle, entry.headerAt, entry.headerAt + 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw damaged(entry.name);
  const start = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  let bytes = 0;
  let sum = 0;
  const sink = new Writable({
    write(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      sum = crc32(piece, sum);
      if (bytes > options.mostBytes) {
        done(beyondLimit(`The spreadsheet unpacks to more than the limit.`, 'unpackedBytes', options.mostBytes));
        return;
      }
      options.onBytes(piece);
      done();
    },
  });
  if (entry.packedBytes > 0) {
    const packed = handle.createReadStream({ start, end: start + entry.packedBytes - 1, autoClose: false });
    try {
      await (entry.method === 0 ? pipeline(packed, sink) : pipeline(packed, createInflateRaw(), sink));
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_'))
        throw damaged(entry.name, cause);
      throw cause;
    }
  }
  if (sum !== entry.crc) throw damaged(entry.name);
  return bytes;
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
