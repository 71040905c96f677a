import type { FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { filePieces } from './file-pieces.js';
import type { RowLimits } from './row-source.js';
import { beyondLimit, unreadable } from './unreadable.js';
import { readAt, type ZipEntry } from './zip-directory.js';

const [stored, deflated] = [0, 8];
const pieceBytes = 64 * 1024;
/** So much may come out of next to nothing: a sheet of empty cells packs very well. */
const bytesBeforeRatio = 16 * 1024 * 1024;

/** What unpacking may take; `unpackedBytes` may be what is left of it. */
export type UnpackLimits = Pick<RowLimits, 'unpackedBytes' | 'unpackRatio'>;

/**
 * Unpacks one part piece by piece; at its end the sum is checked.
 * @param limits more is `LIMIT_EXCEEDED`, whatever size the archive claims
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`
 */
export async function* unpack(handle: FileHandle, entry: ZipEntry, limits: UnpackLimits): AsyncGenerator<Uint8Array> {
  const start = await startOf(handle, entry);
  const byRatio = Math.max(bytesBeforeRatio, entry.packedBytes * limits.unpackRatio);
  let bytes = 0;
  let sum = 0;
  try {
    for await (const unpacked of partPieces(handle, entry, start)) {
      bytes += unpacked.length;
      sum = crc32(unpacked, sum);
      if (bytes > limits.unpackedBytes) {
        const most = limits.unpackedBytes;
        throw beyondLimit('The spreadsheet unpacks to more than the limit.', 'unpackedBytes', most, entry.name);
      }
      if (bytes > byRatio) {
        const most = limits.unpackRatio;
        const message = `The spreadsheet unpacks to more than ${most} times its size, which no real one does.`;
        throw beyondLimit(message, 'unpackRatio', most, entry.name);
      }
      yield unpacked;
    }
  } catch (cause) {
    if (isPackingError(cause)) throw damagedPart(entry.name, cause);
    throw cause;
  }
  if (sum !== entry.crc) throw damagedPart(entry.name);
}

async function startOf(handle: FileHandle, entry: ZipEntry): Promise<number> {
  if (!Number.isSafeInteger(entry.headerAt) || !Number.isSafeInteger(entry.packedBytes)) throw damagedPart(entry.name);
  const header = await readAt(handle, entry.headerAt, entry.headerAt + 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw damagedPart(entry.name);
  if (entry.method !== stored && entry.method !== deflated) {
    throw unreadable(`The spreadsheet is packed in a way (${entry.method}) that spreadsheet programs do not use.`, {
      path: entry.name,
    });
  }
  return entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

function partPieces(handle: FileHandle, entry: ZipEntry, start: number): AsyncIterable<Uint8Array> {
  const packed = packedPieces(handle, entry, start);
  if (entry.method === stored) return packed;
  // The failure is thrown where the pieces are read.
  return pipeline(
    Readable.from(packed, { objectMode: false }),
    createInflateRaw({ chunkSize: pieceBytes }),
    () => undefined,
  );
}

/** Not by a stream of the file handle: one that fails closes the handle, whatever it is told. */
async function* packedPieces(handle: FileHandle, entry: ZipEntry, start: number): AsyncGenerator<Uint8Array> {
  const size = start + entry.packedBytes;
  for await (const piece of filePieces(handle, { from: start, size, signal: undefined })) yield Buffer.from(piece);
}

function isPackingError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_');
}

function damagedPart(part: string, cause?: unknown): Error {
  return unreadable(`The spreadsheet is damaged in its part ${part}. Copy or download it again.`, {
    path: part,
    cause,
  });
}
