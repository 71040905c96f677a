import { once } from 'node:events';
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';
import { LmsError } from '../kernel/index.js';
import type { ByteSink } from './table-writer.js';

interface ZipEntry {
  readonly name: Uint8Array;
  readonly offset: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
}

/** Sizes are written in 32 bits: the plain form, which every program reads. */
const most = 0xffff_ffff;
/** 1 January 1980, the first day a zip file knows: the same content gives the same bytes. */
const dosDate = 0x21;
const version = 20;
/** Sizes follow the data; the name is UTF-8. */
const flags = 0x0808;
const deflated = 8;
/** Characters that are packed at a time. */
const packedAtOnce = 64 * 1024;

/** Writes a zip file as its parts come, each deflated while it is written. One part at a time. */
export class ZipWriter {
  readonly #sink: ByteSink;
  readonly #entries: ZipEntry[] = [];
  #offset = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** A part that is there as a whole. */
  async add(name: string, text: string): Promise<void> {
    const part = await this.begin(name);
    await part.write(text);
    await part.end();
  }

  /** A part that comes in pieces; end it before the next begins. */
  async begin(name: string): Promise<ZipPart> {
    const bytes = Buffer.from(name, 'utf8');
    const offset = this.#offset;
    await this.#write(localHeader(bytes));
    return new ZipPart(
      (packed) => this.#write(packed),
      async (sizes) => {
        this.#entries.push({ name: bytes, offset, ...sizes });
        await this.#write(descriptor(sizes));
      },
    );
  }

  /** @throws LmsError `LIMIT_EXCEEDED` when it grew beyond what a zip file of the plain form holds */
  async end(): Promise<void> {
    const start = this.#offset;
    for (const entry of this.#entries) await this.#write(directoryEntry(entry));
    await this.#write(endOfDirectory(this.#entries.length, start, this.#offset - start));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#offset += bytes.length;
    if (this.#offset > most) throw tooLarge();
    await this.#sink.write(bytes);
  }
}

type Sizes = Pick<ZipEntry, 'crc' | 'packed' | 'unpacked'>;

/** One part of a zip file being written. */
export class ZipPart {
  readonly #deflate: DeflateRaw = createDeflateRaw({ level: 4 });
  readonly #take: (packed: Uint8Array) => Promise<void>;
  readonly #done: (sizes: Sizes) => Promise<void>;
  #texts: string[] = [];
  #length = 0;
  #waiting: Uint8Array[] = [];
  #crc = 0;
  #packed = 0;
  #unpacked = 0;

  constructor(take: (packed: Uint8Array) => Promise<void>, done: (sizes: Sizes) => Promise<void>) {
    this.#take = take;
    this.#done = done;
    this.#deflate.on('data', (packed: Uint8Array) => this.#waiting.push(packed));
  }

  /** Gathers small pieces. @throws LmsError `LIMIT_EXCEEDED` beyond 4 GiB */
  async write(text: string): Promise<void> {
    this.#texts.push(text);
    this.#length += text.length;
    if (this.#length >= packedAtOnce) await this.#pack();
  }

  async end(): Promise<void> {
    await this.#pack();
    const ended = once(this.#deflate, 'end');
    this.#deflate.end();
    await ended;
    await this.#flush();
    await this.#done({ crc: this.#crc, packed: this.#packed, unpacked: this.#unpacked });
  }

  async #pack(): Promise<void> {
    const bytes = Buffer.from(this.#texts.join(''), 'utf8');
    this.#texts = [];
    this.#length = 0;
    this.#crc = crc32(bytes, this.#crc);
    this.#unpacked += bytes.length;
    if (this.#unpacked > most) throw tooLarge();
    await new Promise<void>((resolve, reject) => {
      this.#deflate.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const packed = this.#waiting;
    this.#waiting = [];
    for (const piece of packed) {
      this.#packed += piece.length;
      await this.#take(piece);
    }
  }
}

function tooLarge(): LmsError {
  return new LmsError('LIMIT_EXCEEDED', {
    message: 'the workbook would grow beyond 4 GiB; write fewer columns, or csv or ndjson',
  });
}

function localHeader(name: Uint8Array): Uint8Array {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(deflated, 8);
  header.writeUInt16LE(dosDate, 12);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function descriptor({ crc, packed, unpacked }: Sizes): Uint8Array {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeUInt32LE(packed, 8);
  bytes.writeUInt32LE(unpacked, 12);
  return bytes;
}

function directoryEntry({ name, offset, crc, packed, unpacked }: ZipEntry): Uint8Array {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(version, 4);
  entry.writeUInt16LE(version, 6);
  entry.writeUInt16LE(flags, 8);
  entry.writeUInt16LE(deflated, 10);
  entry.writeUInt16LE(dosDate, 14);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(packed, 20);
  entry.writeUInt32LE(unpacked, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt32LE(offset, 42);
  return Buffer.concat([entry, name]);
}

function endOfDirectory(entries: number, start: number, size: number): Uint8Array {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(start, 16);
  return end;
}
