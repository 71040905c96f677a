import { createHash, type Hash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { LmsError } from '../kernel/index.js';
import type { MasterKeyHandle } from '../privacy/index.js';
import type { ByteSink } from '../tables/index.js';
import { BackupCipher } from './backup-cipher.js';
import { type BackupHeader, headerBytes } from './backup-header.js';
import type { RowBatch } from './snapshot-store.js';

/** Before it is compressed. A reader holds two of them. */
const chunkLength = 1024 * 1024;
/** Of a chunk as it stands in the file; more than this is no chunk. One row is in one chunk. */
export const largestChunk: number = 128 * 1024 * 1024;
/** Set in the length of the last chunk. */
export const lastChunkMark = 0x8000_0000;
export const lengthBytes = 4;

const compress = promisify(zstdCompress);
/** Level 1 takes a third of the time of level 3 here, for a tenth more bytes. */
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** What a backup holds, in its last chunk. */
export interface BackupContents {
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
}

export interface WrittenBackup {
  /** Of the file. */
  readonly bytes: number;
  /** Of the rows, before compression. */
  readonly dataBytes: number;
  /** SHA-256 of everything before it, as the file ends with it; 64 hexadecimal digits. */
  readonly sha256: string;
  readonly contents: BackupContents;
}

/** Writes a backup: header, sealed chunks of compressed rows, a last one with the counts, and a checksum of all. */
export class BackupWriter {
  readonly #sink: ByteSink;
  readonly #cipher: BackupCipher;
  readonly #hash: Hash = createHash('sha256');
  readonly #tables = new Map<string, number>();
  #waiting: string[] = [];
  #waitingLength = 0;
  #chunks = 0;
  #bytes = 0;
  #dataBytes = 0;
  /** The chunk before: it is compressed beside this thread while the next one is gathered. */
  #pending: Promise<void> = Promise.resolve();

  private constructor(sink: ByteSink, cipher: BackupCipher) {
    this.#sink = sink;
    this.#cipher = cipher;
  }

  static async begin(sink: ByteSink, header: BackupHeader, masterKey: MasterKeyHandle): Promise<BackupWriter> {
    const bytes = headerBytes(header);
    const writer = new BackupWriter(sink, new BackupCipher(masterKey, header, bytes));
    await writer.#write(bytes);
    return writer;
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get dataBytes(): number {
    return this.#dataBytes;
  }

  async add({ table, rows }: RowBatch): Promise<void> {
    if (rows.length === 0) return;
    this.#tables.set(table, (this.#tables.get(table) ?? 0) + rows.length);
    const line = `${JSON.stringify({ table, rows })}\n`;
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    if (this.#waitingLength >= chunkLength) await this.#flush();
  }

  async finish(): Promise<WrittenBackup> {
    await this.#flush();
    await this.#pending;
    const contents: BackupContents = { tables: Object.fromEntries(this.#tables) };
    await this.#writeChunk(Buffer.from(JSON.stringify(contents), 'utf8'), true);
    const sha256 = this.#hash.digest();
    await this.#sink.write(sha256);
    return {
      bytes: this.#bytes + sha256.length,
      dataBytes: this.#dataBytes,
      sha256: sha256.toString('hex'),
      contents,
    };
  }

  async #flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const plain = Buffer.from(this.#waiting.join(''), 'utf8');
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#dataBytes += plain.length;
    const compressed = compress(plain, compression);
    // Told by the next flush.
    compressed.catch(() => undefined);
    await this.#pending;
    this.#pending = compressed.then((bytes) => this.#writeChunk(bytes, false));
    this.#pending.catch(() => undefined);
  }

  async #writeChunk(plain: Uint8Array, isLast: boolean): Promise<void> {
    if (plain.length > largestChunk) {
      throw new LmsError('LIMIT_EXCEEDED', { message: `a row is larger than a backup takes (${largestChunk} bytes)` });
    }
    const sealed = this.#cipher.seal(plain, this.#chunks, isLast);
    this.#chunks += 1;
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32BE((sealed.length | (isLast ? lastChunkMark : 0)) >>> 0);
    await this.#write(length);
    await this.#write(sealed);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#sink.write(bytes);
  }
}
