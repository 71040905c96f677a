import { unassignedBytes } from './windows-1252.js';

/** What a file holds that is not pure UTF-8. */
export interface Utf8Slips {
  /** Bytes that are part of no letter of UTF-8. */
  readonly count: number;
  /** Of those, bytes that are no letter of Windows-1252 either. */
  readonly unassigned: number;
  /** Letters of two bytes, and of three or four. */
  readonly shortLetters: number;
  readonly longLetters: number;
  /** The line of the first slip, from 1. */
  readonly firstLine: number;
}

/** Looks at every byte; only for files that are known not to be UTF-8. */
export async function utf8Slips(pieces: AsyncIterable<Uint8Array>): Promise<Utf8Slips> {
  const slips = { count: 0, unassigned: 0, shortLetters: 0, longLetters: 0, firstLine: 1 };
  let line = 1;
  /** The bytes of the letter that has begun. */
  let begun: number[] = [];
  let length = 0;
  const slip = (bytes: readonly number[]): void => {
    if (slips.count === 0 && bytes.length > 0) slips.firstLine = line;
    slips.count += bytes.length;
    slips.unassigned += bytes.filter((byte) => unassignedBytes.has(byte)).length;
  };
  for await (const piece of pieces) {
    for (const byte of piece) {
      if (begun.length > 0) {
        if (isContinuation(byte, begun)) {
          begun.push(byte);
          if (begun.length === length) {
            if (length === 2) slips.shortLetters += 1;
            else slips.longLetters += 1;
            begun = [];
          }
          continue;
        }
        slip(begun);
        begun = [];
      }
      if (byte === 0x0a) line += 1;
      if (byte < 0x80) continue;
      length = byte >= 0xc2 && byte < 0xe0 ? 2 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
      if (length === 0) slip([byte]);
      else begun = [byte];
    }
  }
  slip(begun);
  return slips;
}

/** Unicode 16, table 3-7: some second bytes would spell a letter that has a shorter spelling, or none. */
function isContinuation(byte: number, begun: readonly number[]): boolean {
  if (byte < 0x80 || byte > 0xbf) return false;
  if (begun.length > 1) return true;
  const [first = 0] = begun;
  if (first === 0xe0) return byte >= 0xa0;
  if (first === 0xed) return byte <= 0x9f;
  if (first === 0xf0) return byte >= 0x90;
  return first !== 0xf4 || byte <= 0x8f;
}
