import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { LmsError } from '../kernel/index.js';
import type { MasterKeyHandle } from '../privacy/index.js';
import { BackupCipher, tagLength } from './backup-cipher.js';
import { type BackupHeader, headerLength, invalidBackup, prefixLength, readHeader } from './backup-header.js';
import { type BackupContents, largestChunk, lastChunkMark, lengthBytes } from './backup-writer.js';
import { readAt } from './read-at.js';
import { readProblem } from './read-problem.js';
import type { RowBatch } from './snapshot-store.js';

const decompress = promisify(zstdDecompress);
const checksumLength = 32;
const readAtOnce = 1024 * 1024;

const contentsShape: z.ZodType<BackupContents> = z.object({ tables: z.record(z.string(), z.int().min(1)) });

interface Chunk {
  readonly sealed: Buffer;
  readonly isLast: boolean;
}

/** A backup file, open for reading. */
export class BackupReader {
  readonly file: string;
  readonly header: BackupHeader;
  /** Of the file. */
  readonly bytes: number;
  readonly #handle: FileHandle;
  /** Everything before the first chunk. */
  readonly #beginning: Buffer;

  private constructor(
    file: string,
    opened: { handle: FileHandle; header: BackupHeader; beginning: Buffer; bytes: number },
  ) {
    this.file = file;
    this.header = opened.header;
    this.bytes = opened.bytes;
    this.#handle = opened.handle;
    this.#beginning = opened.beginning;
  }

  /** @throws LmsError `BACKUP_INVALID` for what is no backup or cannot be read, `BACKUP_TOO_NEW` */
  static async open(file: string): Promise<BackupReader> {
    const handle = await open(file, 'r').catch((cause: unknown) => {
      throw new LmsError('BACKUP_INVALID', {
        message: `${file} cannot be read: ${readProblem(cause)}`,
        path: file,
        cause,
      });
    });
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw invalidBackup(file, 'it is not a file');
      const prefix = await readAt(handle, 0, prefixLength);
      const json = await readAt(handle, prefixLength, headerLength(prefix, file));
      const header = readHeader(json, file);
      return new BackupReader(file, { handle, header, beginning: Buffer.concat([prefix, json]), bytes: status.size });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Whether the file is as it was written, told by its checksum; needs no key. Who can write the file can make it right, so what
   * counts before a restore are the seals of the chunks, which {@link batches} opens.
   * @returns SHA-256 as 64 hexadecimal digits, or null when it is another
   */
  async checksum(signal?: AbortSignal): Promise<string | null> {
    const hash = createHash('sha256');
    const end = this.bytes - checksumLength;
    for (let at = 0; at < end; at += readAtOnce) {
      signal?.throwIfAborted();
      hash.update(await readAt(this.#handle, at, Math.min(readAtOnce, end - at)));
      await nextTurn();
    }
    const found = hash.digest();
    const expected = await readAt(this.#handle, Math.max(0, end), checksumLength);
    return found.equals(expected) ? found.toString('hex') : null;
  }

  /**
   * Everything that the backup holds, each chunk checked before its rows are given. Gives what it said it would hold at the end.
   * @param masterKey the one that the header names; under another no chunk opens
   * @throws LmsError `BACKUP_INVALID` with `details.chunk`, the first that is damaged
   */
  async *batches(masterKey: MasterKeyHandle): AsyncGenerator<RowBatch, BackupContents> {
    const cipher = new BackupCipher(masterKey, this.header, this.#beginning);
    const counted = new Map<string, number>();
    let at = this.#beginning.length;
    for (let number = 0; ; number += 1) {
      const { sealed, isLast } = await this.#chunkAt(at, number);
      at += lengthBytes + sealed.length;
      const plain = cipher.open(sealed, number, isLast);
      if (plain === null) throw this.#damaged(number);
      if (isLast) {
        const contents = contentsOf(plain);
        if (contents === null || !isEqual(contents, counted) || at + checksumLength !== this.bytes) {
          throw invalidBackup(this.file, 'its end is damaged', number + 1);
        }
        return contents;
      }
      for (const batch of await batchesOf(plain)) {
        counted.set(batch.table, (counted.get(batch.table) ?? 0) + batch.rows.length);
        yield batch;
      }
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #chunkAt(at: number, number: number): Promise<Chunk> {
    const length = await readAt(this.#handle, at, lengthBytes);
    if (length.length < lengthBytes) throw this.#cutShort(number);
    const marked = length.readUInt32BE();
    const isLast = marked >= lastChunkMark;
    const size = isLast ? marked - lastChunkMark : marked;
    if (size < tagLength || size > largestChunk + tagLength) throw this.#damaged(number);
    const sealed = await readAt(this.#handle, at + lengthBytes, size);
    if (sealed.length < size) throw this.#cutShort(number);
    return { sealed, isLast };
  }

  #damaged(number: number): LmsError {
    const where = number === 0 ? 'its header or its first chunk was changed' : `its chunk ${number + 1} was changed`;
    return invalidBackup(this.file, `${where} or is not where it belongs; use another backup`, number + 1);
  }

  #cutShort(number: number): LmsError {
    return invalidBackup(this.file, `it was cut short, in chunk ${number + 1}; use another backup`, number + 1);
  }
}

/** Lines that a writer of ours wrote: their seal says so. */
async function batchesOf(plain: Buffer): Promise<readonly RowBatch[]> {
  const lines = (await decompress(plain)).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): RowBatch => JSON.parse(line));
}

function contentsOf(plain: Buffer): BackupContents | null {
  const read = contentsShape.safeParse(JSON.parse(plain.toString('utf8')));
  return read.success ? read.data : null;
}

function isEqual({ tables }: BackupContents, counted: ReadonlyMap<string, number>): boolean {
  const names = Object.keys(tables);
  return names.length === counted.size && names.every((name) => tables[name] === counted.get(name));
}
