import { extname, resolve } from 'node:path';
import {
  type ExportFormat,
  type ExportProgress,
  type ExportRequest,
  type ExportResult,
  exportFormats,
} from '@lms/core';
import { hasCode, LmsError } from '@lms/core/kernel';
import { sizeText } from '../output/size.js';
import type { Session } from '../session.js';
import { keepHeapSmall } from '../small-heap.js';
import { type FilterOptions, leadFilterOf } from './lead-filter.js';

export interface LeadExportOptions extends Omit<FilterOptions, 'deleted'> {
  readonly columns?: string;
  readonly format?: string;
  readonly headings?: string;
  readonly optionValues?: true;
  readonly masked?: true;
  readonly delimiter?: string;
  /** False with `--no-bom`. */
  readonly bom: boolean;
  readonly replace?: true;
}

/** Writes leads to a file, or to standard output; what is said of it goes to stderr there. */
export async function exportLeads(
  session: Session,
  file: string | undefined,
  options: LeadExportOptions,
): Promise<void> {
  const { me, output, signal } = session;
  const target = file === undefined || file === '-' ? null : file;
  const request = requestOf(target, options, session);
  if (target === null) refuseOnTerminal(request.format, output.json);
  keepHeapSmall();
  const onProgress = (progress: ExportProgress): void => output.progress.show(progressText(progress));
  const result = await me.leads.export(request, { signal, onProgress }).catch((error: unknown) => {
    output.progress.clear();
    if (hasCode(error, 'COMMAND_ABORTED') && target !== null) output.say(`Stopped; ${target} was not made.`);
    throw error;
  });
  output.progress.clear();
  const summary = summaryOf(result);
  if (target === null) output.say(summary);
  else output.answer(result, () => summary);
  if (result.personalColumns.length > 0) output.say(warningOf(result));
}

function requestOf(file: string | null, options: LeadExportOptions, session: Session): ExportRequest {
  const { columns, headings, delimiter } = options;
  const format = formatOf(options.format, file);
  const parted = delimiter ?? (file !== null && extname(file).toLowerCase() === '.tsv' ? 'tab' : undefined);
  return {
    filter: leadFilterOf(options, session),
    format,
    ...(columns === undefined ? {} : { columns: columns.split(',').map((name) => name.trim()) }),
    ...(headings === undefined ? {} : { headings: oneOf(headings, ['label', 'key'], '--headings') }),
    ...(options.optionValues === true ? { options: 'values' } : {}),
    ...(options.masked === true ? { masked: true } : {}),
    ...(parted === undefined ? {} : { delimiter: delimiterOf(parted) }),
    ...(options.bom ? {} : { bom: false }),
    to:
      file === null
        ? { stream: process.stdout }
        : { file: resolve(file), ...(options.replace === true ? { replace: true } : {}) },
  };
}

const formatsByExtension: ReadonlyMap<string, ExportFormat> = new Map([
  ['.csv', 'csv'],
  ['.tsv', 'csv'],
  ['.txt', 'csv'],
  ['.xlsx', 'xlsx'],
  ['.ndjson', 'ndjson'],
  ['.jsonl', 'ndjson'],
]);

/** By the flag, else by what the file is called; a name that says something else is no csv. */
function formatOf(flag: string | undefined, file: string | null): ExportFormat {
  if (flag !== undefined) return oneOf(flag, exportFormats, '--format');
  const extension = file === null ? '' : extname(file).toLowerCase();
  const format = extension === '' ? 'csv' : formatsByExtension.get(extension);
  if (format !== undefined) return format;
  const message = `"${extension}" is not a format that leads are exported in; name a .csv, .xlsx or .ndjson file, or say --format`;
  throw new LmsError('USAGE_INVALID', { message, path: 'file' });
}

const delimiters: ReadonlyMap<string, NonNullable<ExportRequest['delimiter']>> = new Map([
  [',', ','],
  [';', ';'],
  ['|', '|'],
  ['\t', '\t'],
  ['tab', '\t'],
]);

function delimiterOf(text: string): NonNullable<ExportRequest['delimiter']> {
  const delimiter = delimiters.get(text);
  if (delimiter !== undefined) return delimiter;
  throw new LmsError('USAGE_INVALID', { message: `--delimiter is , ; | or tab, not "${text}"`, path: '--delimiter' });
}

function oneOf<Word extends string>(text: string, words: readonly Word[], flag: string): Word {
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new LmsError('USAGE_INVALID', { message: `${flag} is ${words.join(' or ')}, not "${text}"`, path: flag });
}

function refuseOnTerminal(format: ExportFormat, json: boolean): void {
  if (json) {
    throw new LmsError('USAGE_INVALID', {
      message: 'Standard output holds the leads, so there is no place for --json; name a file',
      path: '--json',
    });
  }
  if (format !== 'xlsx' || process.stdout.isTTY !== true) return;
  throw new LmsError('USAGE_INVALID', { message: 'A workbook is nothing for a terminal; name a file', path: 'file' });
}

function progressText({ leads, total, bytes }: ExportProgress): string {
  return `${leads}${total === null ? '' : ` of ${total}`} leads, ${sizeText(bytes)}`;
}

function summaryOf({ leads, bytes, file, sha256, columns }: ExportResult): string {
  const where = file === null ? '' : ` to ${file}`;
  const what = `${leads} ${leads === 1 ? 'lead' : 'leads'}, ${columns.length} columns`;
  return `Exported ${what}${where} (${sizeText(bytes)}, sha256 ${sha256.slice(0, 12)}...)`;
}

function warningOf({ personalColumns, file }: ExportResult): string {
  const shown = personalColumns.slice(0, 6).join(', ');
  const more = personalColumns.length > 6 ? ` and ${personalColumns.length - 6} more` : '';
  const kept = file === null ? '' : ' The file is yours alone to read; delete it when you are done.';
  return `It holds personal data in the clear: ${shown}${more}.${kept} This export is in the audit trail.`;
}
