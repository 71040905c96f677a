import type { ColumnPlan, EmptiedColumn, ImportPreview, ImportResult, RowReport } from '@lms/core';
import { listItem, type Output, printable } from '../output/index.js';
import { columnPlanView } from './column-plan-view.js';
import { saidLines } from './said-view.js';

/** What became of a file: counts that add up, how columns were read, reasons, and the first refused rows. */
export function importView(result: ImportResult, output: Pick<Output, 'style' | 'width'>): string {
  const { style, width } = output;
  const { counts } = result;
  const rows = (report: RowReport): readonly string[] => rowLines(report, width);
  const noticed = [...result.notes.map(({ message }) => message), ...result.emptied.map(emptiedText)];
  const lines = [
    ...planLines(result, output),
    ...blockOf(
      'Noticed',
      noticed.flatMap((message) => listItem(printable(message), width)),
    ),
    '',
    `Rows        ${counts.rows}`,
    style.green(`${result.dryRun ? 'To create ' : 'Created   '}  ${counts.created}`),
    ...(counts.updated > 0 ? [style.green(`${result.dryRun ? 'To update ' : 'Updated   '}  ${counts.updated}`)] : []),
    `Duplicates  ${counts.duplicates}`,
    (counts.rejected > 0 ? style.red : String)(`Rejected    ${counts.rejected}`),
    ...blockOf('Consents', saidLines(result, width)),
    ...blockOf('', reasonLines(result.reasons, 10)),
    ...blockOf('First refused rows', result.firstRejects.slice(0, 5).flatMap(rows)),
    ...blockOf('First duplicates', result.firstDuplicates.slice(0, 3).flatMap(rows)),
  ];
  return lines.join('\n');
}

/** How a file would be read: what is known before its first row. */
export function importPlanView(plan: ImportPreview, dryRun: boolean, output: Pick<Output, 'style' | 'width'>): string {
  return planLines({ ...plan, dryRun }, output).join('\n');
}

function planLines(
  plan: Pick<
    ImportResult,
    'fileName' | 'form' | 'sheet' | 'headerRow' | 'dryRun' | 'consents' | 'contactBlocks' | keyof ColumnPlan
  >,
  output: Pick<Output, 'style' | 'width'>,
): readonly string[] {
  const { fileName, form, sheet, headerRow, dryRun } = plan;
  const what = `${fileName}, ${form.format === 'xlsx' ? `sheet "${sheet}", ` : ''}header in row ${headerRow}`;
  return [output.style.bold(printable(dryRun ? `Dry run of ${what}` : what)), ...columnPlanView(plan, output)];
}

function emptiedText({ heading, letter, count }: EmptiedColumn): string {
  const column = heading === letter ? `column ${letter}` : `${letter} "${heading}"`;
  return `${column}: ${count === 1 ? '1 cell is' : `${count} cells are`} taken as empty, since NA, N/A, nil, none or - stands there`;
}

function rowLines({ row, problems }: RowReport, width: number): readonly string[] {
  return problems.flatMap(({ column, typed, message }) => {
    const place = column === null ? `row ${row}` : `row ${row}, ${column}`;
    const found = typed === null ? '' : ` (found "${typed}")`;
    return listItem(printable(`${place}: ${message}${found}`), width);
  });
}

function blockOf(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return title === '' ? ['', ...lines] : ['', title, ...lines];
}

/** How often each reason refused a row, the most frequent first. */
export function reasonLines(reasons: Readonly<Record<string, number>>, atMost: number): readonly string[] {
  const sorted = Object.entries(reasons).sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  const width = Math.max(0, ...sorted.map(([, count]) => String(count).length));
  const shown = sorted
    .slice(0, atMost)
    .map(([reason, count]) => `  ${String(count).padStart(width)} × ${printable(reason)}`);
  const hidden = sorted.length - shown.length;
  return [
    ...(shown.length === 0 ? [] : ['Reasons']),
    ...shown,
    ...(hidden > 0 ? [`  ... and ${hidden} more (--json lists all)`] : []),
  ];
}
