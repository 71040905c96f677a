import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { beyondLimit, unreadable } from './unreadable.js';

/** Characters on one line beyond which the file is no table. */
const longestLine = 8 * 1024 * 1024;

export interface ReadTextOptions {
  readonly file: string;
  readonly onBytes: (count: number) => void;
  readonly signal: AbortSignal | undefined;
}

function encodingOf(first: Uint8Array): string {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/**
 * The text of a file in pieces, without its byte-order mark. UTF-8, or UTF-16 where the mark says so.
 * @throws LmsError `IMPORT_FILE_UNREADABLE` naming the line on bytes that are not text
 */
async function* decodedText(options: ReadTextOptions): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let lines = 1;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  for await (const piece of createReadStream(options.file, { highWaterMark: 64 * 1024, ...signal })) {
    const bytes: Uint8Array = piece;
    options.onBytes(bytes.length);
    decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
    const text = decode(decoder, bytes, lines);
    lines += countLineBreaks(text);
    yield text;
  }
  if (decoder !== undefined) yield decode(decoder, undefined, lines);
}

function decode(decoder: TextDecoder, bytes: Uint8Array | undefined, line: number): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw unreadable(
      `The file is not ${decoder.encoding.toUpperCase()} text (at or after line ${line}); save it as "CSV UTF-8".`,
      { path: `line ${line}`, cause },
    );
  }
}

function countLineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/**
 * The lines of a text file, some at a time, without their breaks. A carriage return alone ends a line only in files that
 * have no line feed (`oldMac`).
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED` for a line without end
 */
export async function* readLines(options: ReadTextOptions & { readonly oldMac: boolean }): AsyncGenerator<string[]> {
  const lineBreak = options.oldMac ? '\r' : /\r?\n/;
  let rest = '';
  for await (const text of decodedText(options)) {
    const lines = (rest + text).split(lineBreak);
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) {
      throw beyondLimit(`A line has more than ${longestLine} characters.`, 'lineLength', longestLine);
    }
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [rest];
}
