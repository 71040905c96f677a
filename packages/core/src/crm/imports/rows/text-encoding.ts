import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import type { GuessedEncoding } from './checked-file.js';
import { filePieces } from './file-pieces.js';
import { unreadable } from './unreadable.js';
import { utf8Slips } from './utf8-slips.js';

/** Separators, digits and line ends have a NUL byte in any language; so few of them are there by chance. */
const fewestNuls = 3;
const bytesPerNul = 10;

/** UTF-16 by its mark or, without one, by NUL bytes that are nearly all at even or at odd places; null when it is none. */
function guessUtf16(head: Uint8Array): GuessedEncoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  const nuls = [0, 0];
  for (let at = 0; at < head.length; at += 1) if (head[at] === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const [few, many] = even < odd ? [even, odd] : [odd, even];
  if (many < fewestNuls || many * bytesPerNul < head.length || few * bytesPerNul > many) return null;
  return { encoding: even < odd ? 'utf-16le' : 'utf-16be', markBytes: 0 };
}

/**
 * How the bytes of a text file stand for letters: UTF-8 when all of them do, else Windows-1252, which older programs save as
 * "CSV". Reads the whole file, since one letter far down can decide.
 * @throws LmsError `IMPORT_FILE_UNREADABLE` naming the line where the file is neither
 */
export async function guessEncoding(
  handle: FileHandle,
  {
    head,
    size,
    signal,
  }: { readonly head: Uint8Array; readonly size: number; readonly signal: AbortSignal | undefined },
): Promise<GuessedEncoding> {
  const utf16 = guessUtf16(head);
  if (utf16 !== null) return utf16;
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  let carried: Uint8Array = new Uint8Array(0);
  let isAllUtf8 = true;
  for await (const piece of filePieces(handle, { from: 0, size, signal })) {
    const bytes = Buffer.concat([carried, piece]);
    const whole = wholeLetters(bytes);
    carried = Buffer.from(bytes.subarray(whole));
    isAllUtf8 = isUtf8(bytes.subarray(0, whole));
    if (!isAllUtf8) break;
  }
  if (isAllUtf8 && isUtf8(carried)) return { encoding: 'utf-8', markBytes: hasMark ? 3 : 0 };
  const slips = await utf8Slips(filePieces(handle, { from: 0, size, signal }));
  // Letters of three bytes are never there by chance: the file is UTF-8 with a damaged place, and its other letters count.
  const isDamaged = hasMark || slips.longLetters > 0 || slips.shortLetters > slips.count;
  if (!isDamaged && slips.unassigned === 0) return { encoding: 'windows-1252', markBytes: 0 };
  throw unreadable(
    `The file is not UTF-8 text (line ${slips.firstLine}), and not Windows-1252 either; save it as "CSV UTF-8".`,
    { path: `line ${slips.firstLine}` },
  );
}

/** Where the last letter begins, if its first byte says that more of it is to come; else the end. */
function wholeLetters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    const letterBytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (letterBytes > 0) return letterBytes > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
