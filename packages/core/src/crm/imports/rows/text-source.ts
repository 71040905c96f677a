import type { FileStamp, GuessedEncoding } from './checked-file.js';
import { eachRow } from './each-row.js';
import { openForReading, requireUnchanged } from './file-stamp.js';
import type { ReadingNote, ReadRowsOptions, RowLimits, RowSource, SourceForm, SourceRow } from './row-source.js';
import { readLines } from './text-lines.js';

export interface TextFile {
  readonly file: string;
  readonly stamp: FileStamp;
  readonly encoding: GuessedEncoding;
  /** The beginning of the text. */
  readonly sample: string;
  readonly limits: RowLimits;
}

/** Makes rows of lines; one for each reading. */
export interface LineReader {
  push(lines: string[]): SourceRow[];
  /** What was left at the end of the file. */
  end(): SourceRow[];
}

export interface TextForm {
  readonly form: SourceForm;
  readonly oldMac: boolean;
  /** What the header was made of; null when the header is a row. */
  readonly keys: readonly string[] | null;
  readonly reader: () => LineReader;
}

/** A text file as rows, whatever its lines are. */
export function textSource(text: TextFile, { form, oldMac, keys, reader }: TextForm): RowSource {
  const progress = { bytes: 0 };
  const batches = (options: ReadRowsOptions): AsyncGenerator<readonly SourceRow[]> => {
    progress.bytes = text.encoding.markBytes;
    return readBatches(text, { oldMac, reader: reader(), progress, signal: options.signal });
  };
  return {
    form,
    sheets: [''],
    totalBytes: text.stamp.size,
    checked: { stamp: text.stamp, encoding: text.encoding, keys, facts: null },
    bytesRead: () => progress.bytes,
    notes: () => encodingNote(text.encoding),
    rows: (options) => eachRow(batches(options)),
    batches,
    close: async () => undefined,
  };
}

interface Reading {
  readonly oldMac: boolean;
  readonly reader: LineReader;
  readonly progress: { bytes: number };
  readonly signal: AbortSignal | undefined;
}

/** Keeps the newest rows until it is known that the file is still the same: the last of them may be half a row. */
async function* readBatches(
  { file, stamp, encoding }: TextFile,
  { oldMac, reader, progress, signal }: Reading,
): AsyncGenerator<readonly SourceRow[]> {
  const handle = await openForReading(file);
  const onBytes = (count: number): void => {
    progress.bytes += count;
  };
  try {
    await requireUnchanged(handle, file, stamp);
    let newest: readonly SourceRow[] = [];
    for await (const lines of readLines(handle, { encoding, size: stamp.size, oldMac, onBytes, signal })) {
      const rows = reader.push(lines);
      if (newest.length > 0) yield newest;
      newest = rows;
    }
    await requireUnchanged(handle, file, stamp);
    if (newest.length > 0) yield newest;
    const rest = reader.end();
    if (rest.length > 0) yield rest;
  } catch (error) {
    if (signal?.aborted !== true) await requireUnchanged(handle, file, stamp);
    throw error;
  } finally {
    await handle.close();
  }
}

function encodingNote({ encoding }: GuessedEncoding): readonly ReadingNote[] {
  if (encoding !== 'windows-1252') return [];
  const message =
    'The file is not UTF-8 and was read as Windows-1252 (Western European): look at names with accents, and save it as "CSV UTF-8" if they are wrong.';
  return [{ kind: 'encoding', sheet: null, count: 1, message }];
}
