import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { BodyTooLarge } from './failure-of.js';

type Unpack = (packed: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const unpackers: Readonly<Record<string, Unpack>> = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
};

/** What is asked for; an answer in another encoding is handed on as it is. */
export const acceptedEncodings = 'gzip, br';

/**
 * Reads a body to its end unless it is longer than `most`, packed or unpacked; then no more of it is read. An answer of a
 * gigabyte, one that never ends, and one of a few bytes that unpack to a gigabyte cost `most` bytes each.
 * @throws BodyTooLarge, and what reading throws
 */
export async function boundedBody(
  pieces: AsyncIterable<Uint8Array>,
  { encoding, length, most }: { readonly encoding: string; readonly length: number | null; readonly most: number },
): Promise<Uint8Array> {
  if (length !== null && length > most) throw tooLarge(most);
  const kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > most) throw tooLarge(most);
    kept.push(piece);
  }
  const packed = Buffer.concat(kept);
  const unpack = Object.hasOwn(unpackers, encoding) ? unpackers[encoding] : undefined;
  if (unpack === undefined || packed.length === 0) return packed;
  try {
    // A limit of 0 would mean none.
    return within(await unpack(packed, { maxOutputLength: most + 1 }), most);
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(most);
    throw error;
  }
}

function within(body: Uint8Array, most: number): Uint8Array {
  if (body.length > most) throw tooLarge(most);
  return body;
}

function tooLarge(most: number): BodyTooLarge {
  return new BodyTooLarge(`its answer is longer than ${most} bytes and was not read to the end`);
}
