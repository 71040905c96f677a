import { extname } from 'node:path';
import { type ExportFormat, exportFormats } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import { oneOf } from './one-of.js';

const formatsByExtension: ReadonlyMap<string, ExportFormat> = new Map([
  ['.csv', 'csv'],
  ['.tsv', 'csv'],
  ['.txt', 'csv'],
  ['.xlsx', 'xlsx'],
  ['.ndjson', 'ndjson'],
  ['.jsonl', 'ndjson'],
]);

/**
 * The format of an export: by the flag, else by what the file is called; a name that says something else is no csv. A file that
 * is called one thing and is another opens in no program that goes by the name.
 * @param file null for standard output
 * @throws LmsError `USAGE_INVALID`
 */
export function exportFormatOf(flag: string | undefined, file: string | null): ExportFormat {
  const extension = file === null ? '' : extname(file).toLowerCase();
  const named = formatsByExtension.get(extension);
  if (flag !== undefined) {
    const said = oneOf(flag, exportFormats, '--format');
    if (named === undefined || named === said || extension === '.txt') return said;
    const message = `a ${extension} file holds ${named}, and --format says ${said}; call it .${said}, or leave --format out`;
    throw new LmsError('USAGE_INVALID', { message, path: '--format' });
  }
  const format = extension === '' ? 'csv' : named;
  if (format !== undefined) return format;
  const message = `"${extension}" is not a format that leads are exported in; name a .csv, .xlsx or .ndjson file, or say --format`;
  throw new LmsError('USAGE_INVALID', { message, path: 'file' });
}
