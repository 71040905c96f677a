import type { FileHandle } from 'node:fs/promises';
import type { GuessedEncoding, TextEncoding } from './checked-file.js';
import { filePieces } from './file-pieces.js';
import { beyondLimit, unreadable } from './unreadable.js';
import { decodeWindows1252 } from './windows-1252.js';

/** Characters on one line beyond which the file is no table. */
const longestLine = 16 * 1024 * 1024;

export interface ReadLinesOptions {
  readonly encoding: GuessedEncoding;
  readonly size: number;
  /** A carriage return alone ends a line; only in files that have no line feed. */
  readonly oldMac: boolean;
  readonly onBytes: (count: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * The lines of a text file, some at a time, without their breaks and without the byte-order mark. What stands behind the last
 * break comes by itself, when it is not empty.
 * @throws LmsError `IMPORT_FILE_UNREADABLE` naming the line on bytes that are not text, `LIMIT_EXCEEDED` for a line without end
 */
export async function* readLines(handle: FileHandle, options: ReadLinesOptions): AsyncGenerator<string[]> {
  const decode = decoderOf(options.encoding.encoding);
  const lineBreak = options.oldMac ? '\r' : '\n';
  let lineNumber = 1;
  let begun: string[] = [];
  let begunLength = 0;
  const textOf = (piece?: Uint8Array): string => {
    try {
      return decode(piece);
    } catch (cause) {
      throw unreadable(
        `The file is not ${options.encoding.encoding.toUpperCase()} text at or after line ${lineNumber}.`,
        {
          path: `line ${lineNumber}`,
          cause,
        },
      );
    }
  };
  for await (const piece of filePieces(handle, { ...options, from: options.encoding.markBytes })) {
    options.onBytes(piece.length);
    const lines = textOf(piece).split(lineBreak);
    const last = lines.pop() ?? '';
    begun.push(lines.length === 0 ? last : (lines[0] ?? ''));
    if (lines.length > 0) {
      lines[0] = begun.join('');
      [begun, begunLength] = [[last], 0];
      lineNumber += lines.length;
      yield options.oldMac ? lines : lines.map(withoutReturn);
    }
    begunLength += last.length;
    if (begunLength > longestLine) {
      const message = `Line ${lineNumber} has more than ${longestLine} characters.`;
      throw beyondLimit(message, 'lineLength', longestLine, `line ${lineNumber}`);
    }
  }
  begun.push(textOf());
  const rest = begun.join('');
  if (rest !== '') yield [options.oldMac ? rest : withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.charCodeAt(line.length - 1) === 13 ? line.slice(0, -1) : line;
}

/** Pieces one after the other; without one, what the last of them left unfinished. */
function decoderOf(encoding: TextEncoding): (piece?: Uint8Array) => string {
  if (encoding === 'windows-1252') return (piece) => (piece === undefined ? '' : decodeWindows1252(piece));
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (piece) => (piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true }));
}

/** The text that a file begins with, up to a letter that is cut off. */
export function beginningOf(head: Uint8Array, { encoding, markBytes }: GuessedEncoding): string {
  if (encoding === 'windows-1252') return decodeWindows1252(head);
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(head.subarray(markBytes), { stream: true });
}
