import { extname, resolve } from 'node:path';
import type { ExportFormat, ExportProgress, ExportRequest, ExportResult } from '@lms/core';
import { hasCode, LmsError } from '@lms/core/kernel';
import { exportFormatOf } from '../input/export-format.js';
import { nameOfNewFile } from '../input/new-file.js';
import { oneOf } from '../input/one-of.js';
import { printable } from '../output/index.js';
import { sizeText } from '../output/size.js';
import type { Session } from '../session.js';
import { keepHeapSmall } from '../small-heap.js';
import { checkedFilterOf, type FilterOptions } from './lead-filter.js';

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
  const target =
    file === undefined || file === '-' ? null : nameOfNewFile(file, { place: 'file', example: 'leads.csv' });
  const request = await requestOf(target, options, session);
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

async function requestOf(file: string | null, options: LeadExportOptions, session: Session): Promise<ExportRequest> {
  const { columns, headings, delimiter } = options;
  const format = exportFormatOf(options.format, file);
  const parted = delimiter ?? (file !== null && extname(file).toLowerCase() === '.tsv' ? 'tab' : undefined);
  return {
    filter: await checkedFilterOf(options, session),
    format,
    ...(columns === undefined ? {} : { columns: columnsOf(columns) }),
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

function columnsOf(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (!names.includes('')) return names;
  const message = `--columns has an empty name in "${text}"; it takes names parted by commas, such as number,stage,createdAt`;
  throw new LmsError('USAGE_INVALID', { message, path: '--columns' });
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
  const where = file === null ? '' : ` to ${printable(file)}`;
  const what = `${leads} ${leads === 1 ? 'lead' : 'leads'}, ${columns.length} columns`;
  return `Exported ${what}${where} (${sizeText(bytes)}, sha256 ${sha256.slice(0, 12)}...)`;
}

function warningOf({ personalColumns, file }: ExportResult): string {
  const shown = personalColumns.slice(0, 6).join(', ');
  const more = personalColumns.length > 6 ? ` and ${personalColumns.length - 6} more` : '';
  const kept = file === null ? '' : ' The file is yours alone to read; delete it when you are done.';
  return `It holds personal data in the clear: ${shown}${more}.${kept} This export is in the audit trail.`;
}
