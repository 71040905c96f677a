import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';

interface WrittenEntry {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly start: number;
}

const largest = 0xffff_ffff;
/** Names are UTF-8; sizes stand behind the data, as they are not known before. */
const flags = 0x0808;
const deflated = 8;
/** 1 January 1980, as a zip archive writes it: the same content gives the same bytes. */
const firstDay = 0x0021;

/** Writes a zip archive entry by entry, in bounded memory. Without Zip64: up to 4 GB, as the large workbooks of Excel are. */
export class ZipFile {
  readonly #stream: WriteStream;
  readonly #entries: WrittenEntry[] = [];
  #written = 0;

  constructor(file: string) {
    this.#stream = createWriteStream(file);
  }

  async add(name: string, pieces: Iterable<string>): Promise<void> {
    const entryName = Buffer.from(name);
    const start = this.#written;
    await this.#write(record(0x04034b50, [u16(20), ...unknownSizes, u16(entryName.length), u16(0)], entryName));
    const before = this.#written;
    let crc = 0;
    let unpacked = 0;
    const packer = createDeflateRaw();
    const packing = this.#writeAll(packer);
    for (const piece of pieces) {
      const bytes = Buffer.from(piece);
      crc = crc32(bytes, crc);
      unpacked += bytes.length;
      if (!packer.write(bytes)) await once(packer, 'drain');
    }
    packer.end();
    await packing;
    const entry = { name: entryName, crc, packed: this.#written - before, unpacked, start };
    if (Math.max(unpacked, this.#written) > largest) throw new Error(`${name} makes the archive larger than 4 GB`);
    await this.#write(record(0x08074b50, sizesOf(entry)));
    this.#entries.push(entry);
  }

  async close(): Promise<void> {
    const start = this.#written;
    for (const entry of this.#entries) await this.#write(directoryRecord(entry));
    const count = u16(this.#entries.length);
    const size = this.#written - start;
    await this.#write(record(0x06054b50, [u16(0), u16(0), count, count, u32(size), u32(start), u16(0)]));
    this.#stream.end();
    await finished(this.#stream);
  }

  async #writeAll(pieces: AsyncIterable<Buffer>): Promise<void> {
    for await (const piece of pieces) await this.#write(piece);
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#written += bytes.length;
    if (!this.#stream.write(bytes)) await once(this.#stream, 'drain');
  }
}

const unknownSizes = [u16(flags), u16(deflated), u16(0), u16(firstDay), u32(0), u32(0), u32(0)];

function directoryRecord(entry: WrittenEntry): Buffer {
  const head = [u16(20), u16(20), u16(flags), u16(deflated), u16(0), u16(firstDay), ...sizesOf(entry)];
  const tail = [u16(entry.name.length), u16(0), u16(0), u16(0), u16(0), u32(0), u32(entry.start)];
  return record(0x02014b50, [...head, ...tail], entry.name);
}

function sizesOf({ crc, packed, unpacked }: WrittenEntry): readonly Buffer[] {
  return [u32(crc), u32(packed), u32(unpacked)];
}

function record(signature: number, parts: readonly Buffer[], end: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([u32(signature), ...parts, end]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
