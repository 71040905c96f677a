import type { Problem } from '../../foundation/kernel/index.js';
import { maskText } from '../../foundation/privacy/index.js';
import { fieldByKey, isSealed, type LineSchema } from '../fields/index.js';
import type { DuplicateHolder } from '../leads/index.js';
import type { RowProblem, RowReport } from './import-request.js';
import type { ColumnMatch } from './match-columns.js';
import type { SourceRow } from './rows/index.js';

export interface ReportContext {
  readonly schema: LineSchema;
  readonly columns: readonly ColumnMatch[];
}

const mostTypedShown = 80;

export function rejectedRow(row: SourceRow, problems: readonly Problem[], context: ReportContext): RowReport {
  return {
    row: row.rowNumber,
    outcome: 'rejected',
    lead: null,
    problems: problems.map((one) => placed(one, row, context)),
  };
}

export function duplicateRow(row: SourceRow, holders: readonly DuplicateHolder[], context: ReportContext): RowReport {
  const problems = holders.flatMap(({ rule, number }) => {
    const [field = rule, ...others] = context.schema.unique.find((one) => one.name === rule)?.fields ?? [];
    const labels = [field, ...others].map((key) => fieldByKey(context.schema, key)?.label ?? key).join(' and ');
    const message = `${labels} already belongs to ${number ?? 'an earlier row of this file'}`;
    return [placed({ path: field, rule: 'duplicate', message }, row, context)];
  });
  const lead = holders.find((holder) => holder.number !== null)?.number ?? null;
  return { row: row.rowNumber, outcome: 'duplicate', lead, problems };
}

/** A row that an earlier run of the same file made a lead of. */
export function repeatedRow(row: SourceRow, number: string): RowReport {
  const problem = {
    column: null,
    field: null,
    typed: null,
    rule: 'imported-before',
    message: `this row was imported before, as ${number}`,
  };
  return { row: row.rowNumber, outcome: 'duplicate', lead: number, problems: [problem] };
}

/** Says in which column a problem is and what was typed there. */
function placed(problem: Problem, row: SourceRow, { schema, columns }: ReportContext): RowProblem {
  const column = columns.find((one) => one.field === problem.path);
  const field = fieldByKey(schema, problem.path);
  const text = column === undefined ? '' : (row.cells[column.index]?.text ?? '');
  const shown = text.length > mostTypedShown ? `${text.slice(0, mostTypedShown)}…` : text;
  const typed = field !== undefined && isSealed(schema, field) ? maskText(text) : shown;
  return {
    column: column?.heading ?? null,
    field: field?.key ?? null,
    rule: problem.rule,
    typed: text === '' ? null : typed,
    message: problem.message,
  };
}

/** All reasons of a row as one text, for the reject file and for people. */
export function reasonsText(report: RowReport): string {
  return report.problems.map(({ column, message }) => (column === null ? message : `${column}: ${message}`)).join('; ');
}
