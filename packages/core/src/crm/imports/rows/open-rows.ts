import type { FileHandle } from 'node:fs/promises';
import type { CheckedFile, FileStamp } from './checked-file.js';
import { csvRows } from './csv-rows.js';
import { fileKind, requireTable } from './file-kind.js';
import { openForReading, requireUnchanged, stampOf } from './file-stamp.js';
import { looksLikeNdjson } from './json-line.js';
import { ndjsonRows } from './ndjson-rows.js';
import { defaultRowLimits, type RowLimits, type RowSource } from './row-source.js';
import { guessEncoding } from './text-encoding.js';
import { beginningOf } from './text-lines.js';
import { beyondLimit } from './unreadable.js';
import { xlsxRows } from './xlsx-rows.js';
import { readAt } from './zip-directory.js';

const headBytes = 64 * 1024;

/**
 * Opens a table for reading row by row: xlsx, ndjson, or text with separators (csv, tsv). Which of them it is, in which encoding and
 * with which separator, its content says and not its name. To be closed when it is not needed any more.
 * @param checked of a source that opened this file before: what it found out is taken from there
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`, `IMPORT_FILE_CHANGED`, `DISK_FULL`
 */
export async function openRows(
  file: string,
  limits: RowLimits = defaultRowLimits,
  signal?: AbortSignal,
  checked?: CheckedFile,
): Promise<RowSource> {
  const handle = await openForReading(file);
  try {
    if (checked !== undefined) await requireUnchanged(handle, file, checked.stamp);
    const stamp = await stampOf(handle, file);
    if (stamp.size > limits.fileBytes) {
      const most = limits.fileBytes;
      throw beyondLimit(`The file has ${stamp.size} bytes; the limit is ${most}.`, 'fileBytes', most);
    }
    const head = await readAt(handle, 0, Math.min(headBytes, stamp.size));
    if (fileKind(head) === 'text') return await openText(handle, { file, stamp, head, limits, signal, checked });
    return await xlsxRows({ file, stamp, limits, signal, facts: checked?.facts ?? null });
  } finally {
    await handle.close();
  }
}

interface Opening {
  readonly file: string;
  readonly stamp: FileStamp;
  readonly head: Uint8Array;
  readonly limits: RowLimits;
  readonly signal: AbortSignal | undefined;
  readonly checked: CheckedFile | undefined;
}

async function openText(handle: FileHandle, opening: Opening): Promise<RowSource> {
  const { file, stamp, head, limits, signal, checked } = opening;
  const encoding = checked?.encoding ?? (await guessEncoding(handle, { head, size: stamp.size, signal }));
  const sample = beginningOf(head, encoding);
  requireTable(sample);
  const text = { file, stamp, encoding, sample, limits };
  return looksLikeNdjson(sample) ? await ndjsonRows(text, checked?.keys ?? null, signal) : csvRows(text);
}
