import { type FileHandle, open } from 'node:fs/promises';
import { csvRows } from './csv-rows.js';
import { fileKind } from './file-kind.js';
import { defaultRowLimits, type RowLimits, type RowSource } from './row-source.js';
import { beyondLimit, unreadable } from './unreadable.js';
import { xlsxRows } from './xlsx-rows.js';

const headBytes = 64 * 1024;

/**
 * Opens a csv or xlsx file for reading row by row; which of the two it is, its content says and not its name.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`
 */
export async function openRows(
  file: string,
  limits: RowLimits = defaultRowLimits,
  signal?: AbortSignal,
): Promise<RowSource> {
  const { head, size } = await firstBytes(file);
  if (size > limits.fileBytes) {
    throw beyondLimit(`The file has ${size} bytes; the limit is ${limits.fileBytes}.`, 'fileBytes', limits.fileBytes);
  }
  return fileKind(head) === 'zip'
    ? xlsxRows({ file, totalBytes: size, limits, ...(signal === undefined ? {} : { signal }) })
    : csvRows({ file, totalBytes: size, head, limits });
}

async function firstBytes(file: string): Promise<{ head: Uint8Array; size: number }> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (cause) {
    throw unreadable(`The file cannot be opened: ${reasonOf(cause)}`, { path: file, cause });
  }
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw unreadable('This is not a file.', { path: file });
    const buffer = Buffer.alloc(Math.min(headBytes, status.size));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return { head: buffer.subarray(0, bytesRead), size: status.size };
  } finally {
    await handle.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  EACCES: 'no permission to read it.',
  EISDIR: 'it is a folder.',
};

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return reasons[code] ?? `${code || 'unknown reason'}.`;
}
