import { type Cipheriv, createCipheriv, createDecipheriv, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskFullOr } from '../../../foundation/kernel/index.js';
import { GrowingNumbers } from './growing-numbers.js';

const algorithm = 'aes-256-ctr';
const cipherBlock = 16;
const blockBytes = 2 * 1024;
const writtenAtOnce = 256 * 1024;
const mostCachedBytes = 4 * 1024 * 1024;
const bytesOfLength = 4;
const textsOfSpreadsheet = 'The temporary file with the texts of the spreadsheet';

/** A file that nobody closed is closed when its texts are forgotten. */
const forgotten = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor));

/**
 * Texts on the disk, found by their number; memory holds 16 bytes for each hundred of them, and a cache. They are personal
 * data: the file is readable by its owner alone, loses its name as soon as it is open (so a crash leaves nothing), and is
 * encrypted with a key that only this object has.
 *
 * A block is the number of its texts, the character behind each of them, and their bytes in UTF-8, filled up with NULs to whole cipher
 * blocks: so each block can be decrypted by itself. Numbers are in the order of bytes of this machine, the only one that reads them.
 */
export class StringSpill {
  readonly #descriptor: number;
  readonly #key = createSecretKey(randomBytes(32));
  readonly #cipher: Cipheriv;
  readonly #cache = new Map<number, Block>();
  /** For each block the number of its first text, and its place in the file; one more at the end. */
  readonly #firsts = new GrowingNumbers();
  readonly #places = new GrowingNumbers();
  #filling: Buffer = Buffer.alloc(2 * blockBytes);
  #filled = 0;
  #characters = 0;
  #ends: number[] = [];
  /** Blocks that are not on the disk yet; one buffer for all of them. */
  #unwritten: Buffer = Buffer.alloc(writtenAtOnce);
  #unwrittenBytes = 0;
  #sealed: Buffer = Buffer.alloc(0);
  #count = 0;
  #writtenBytes = 0;
  #cachedBytes = 0;
  /** Neighbours are mostly asked for one after the other. */
  #newest: Block = { first: 0, text: '', ends: new Uint32Array() };
  #isClosed = false;

  /** @throws LmsError `DISK_FULL` */
  constructor() {
    const file = join(tmpdir(), `lms-texts-${randomUUID()}`);
    this.#descriptor = diskFullOr(() => openSync(file, 'wx+', 0o600), textsOfSpreadsheet);
    unlinkSync(file);
    forgotten.register(this, this.#descriptor, this);
    this.#cipher = createCipheriv(algorithm, this.#key, Buffer.alloc(cipherBlock));
    this.#firsts.push(0);
    this.#places.push(0);
  }

  /** @throws LmsError `DISK_FULL` */
  add(text: string): void {
    const most = this.#filled + text.length * 3;
    if (most > this.#filling.length) {
      const larger = Buffer.alloc(most + blockBytes);
      this.#filling.copy(larger, 0, 0, this.#filled);
      this.#filling = larger;
    }
    this.#filled += this.#filling.write(text, this.#filled, 'utf8');
    this.#characters += text.length;
    this.#ends.push(this.#characters);
    this.#count += 1;
    if (this.#filled >= blockBytes || this.#ends.length >= 1_000) this.#endBlock();
  }

  /** To be called before texts that were added are asked for; more can be added. @throws LmsError `DISK_FULL` */
  flush(): void {
    if (this.#ends.length > 0) this.#endBlock();
    if (this.#unwrittenBytes > 0) this.#write();
  }

  /** To be called after the last text. @throws LmsError `DISK_FULL` */
  finish(): void {
    this.flush();
    this.#filling = Buffer.alloc(0);
    this.#unwritten = Buffer.alloc(0);
  }

  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.#count)) return undefined;
    let block = this.#newest;
    if (index < block.first || index >= block.first + block.ends.length) {
      const number = this.#numberOfBlock(index);
      block = this.#cache.get(number) ?? this.#read(number);
      this.#newest = block;
    }
    const at = index - block.first;
    return block.text.slice(at === 0 ? 0 : block.ends[at - 1], block.ends[at]);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#count = 0;
    this.#cache.clear();
    this.#newest = { first: 0, text: '', ends: new Uint32Array() };
    forgotten.unregister(this);
    closeSync(this.#descriptor);
  }

  #endBlock(): void {
    const head = bytesOfLength * (this.#ends.length + 1);
    const whole = Math.ceil((head + this.#filled) / cipherBlock) * cipherBlock;
    if (this.#unwrittenBytes + whole > this.#unwritten.length) this.#write();
    if (whole > this.#unwritten.length) this.#unwritten = Buffer.alloc(whole);
    const block = this.#unwritten.subarray(this.#unwrittenBytes, this.#unwrittenBytes + whole);
    block.set(new Uint8Array(Uint32Array.of(this.#ends.length, ...this.#ends).buffer));
    this.#filling.copy(block, head, 0, this.#filled);
    block.fill(0, head + this.#filled);
    this.#unwrittenBytes += whole;
    this.#firsts.push(this.#count);
    this.#places.push(this.#writtenBytes + this.#unwrittenBytes);
    this.#filled = 0;
    this.#characters = 0;
    this.#ends = [];
  }

  #write(): void {
    const bytes = this.#cipher.update(this.#unwritten.subarray(0, this.#unwrittenBytes));
    this.#unwrittenBytes = 0;
    diskFullOr(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    }, textsOfSpreadsheet);
    this.#writtenBytes += bytes.length;
  }

  #numberOfBlock(index: number): number {
    let [low, high] = [0, this.#firsts.length - 2];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#firsts.at(middle) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #read(number: number): Block {
    const from = this.#places.at(number);
    const length = this.#places.at(number + 1) - from;
    if (length > this.#sealed.length) this.#sealed = Buffer.alloc(length);
    const sealed = this.#sealed.subarray(0, length);
    for (let at = 0; at < sealed.length; ) {
      const count = readSync(this.#descriptor, sealed, at, sealed.length - at, from + at);
      if (count === 0) throw new Error('a temporary file lost its end');
      at += count;
    }
    const counter = Buffer.alloc(cipherBlock);
    counter.writeBigUInt64BE(BigInt(from / cipherBlock), 8);
    const bytes = createDecipheriv(algorithm, this.#key, counter).update(sealed);
    const count = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytesOfLength))[0] ?? 0;
    const head = bytesOfLength * (count + 1);
    const ends = new Uint32Array(bytes.buffer.slice(bytes.byteOffset + bytesOfLength, bytes.byteOffset + head));
    const text = bytes.toString('utf8', head);
    const block: Block = { first: this.#firsts.at(number), text, ends };
    this.#cache.set(number, block);
    this.#cachedBytes += 2 * text.length;
    for (const [oldest, content] of this.#cache) {
      if (this.#cachedBytes <= mostCachedBytes) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= 2 * content.text.length;
    }
    return block;
  }
}

/** Some neighbouring texts. */
interface Block {
  /** The number of the first of them. */
  readonly first: number;
  readonly text: string;
  /** The character behind each of them. */
  readonly ends: Uint32Array;
}
