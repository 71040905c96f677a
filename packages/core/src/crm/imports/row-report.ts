import type { Problem } from '../../foundation/kernel/index.js';
import { maskText } from '../../foundation/privacy/index.js';
import { fieldByKey, isSealed, type LineSchema } from '../fields/index.js';
import { type DuplicateHolder, holderText } from '../leads/index.js';
import type { ColumnMatch } from './columns/column-plan.js';
import type { RowProblem, RowReport } from './import-request.js';
import { emptyCell } from './rows/cells.js';
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
    of: null,
    problems: problems.map((one) => placed(one, row, context)),
  };
}

/** A row, some of whose unique values leads or earlier rows have. */
export function duplicateRow(row: SourceRow, holders: readonly DuplicateHolder[], context: ReportContext): RowReport {
  const problems = holders.map((holder) => {
    const { rule, fields } = holder;
    const labels = fields.map((key) => fieldByKey(context.schema, key)?.label ?? key).join(' and ');
    const message = `${labels || rule} already belongs to ${holderText(holder)}`;
    return placed({ path: fields[0] ?? '', rule: 'duplicate', message }, row, context);
  });
  const holder = holders.find(({ number, reference }) => number !== null || reference !== null);
  return { row: row.rowNumber, outcome: 'duplicate', of: holder?.number ?? holder?.reference ?? null, problems };
}

/**
 * A row that an earlier run of the same file made a lead of.
 * @param number null where the actor may not see that lead
 */
export function repeatedRow(row: number, number: string | null): RowReport {
  const message = `this row was imported before${number === null ? '' : `, as ${number}`}`;
  const problem = { column: null, field: null, typed: null, rule: 'imported-before', message };
  return { row, outcome: 'duplicate', of: number, problems: [problem] };
}

/** Says in which column a problem is and what was typed there. */
function placed(problem: Problem, row: SourceRow, { schema, columns }: ReportContext): RowProblem {
  const column = columns.find((one) => one.field === problem.path);
  const field = fieldByKey(schema, problem.path);
  const cell = (column === undefined ? undefined : row.cells[column.index]) ?? emptyCell;
  const personal =
    field !== undefined && isSealed(schema, field) && !(cell.kind === 'error' && cell.value === 'formula');
  const shown = cell.text.length > mostTypedShown ? `${cell.text.slice(0, mostTypedShown)}…` : cell.text;
  return {
    column: column?.heading ?? null,
    field: field?.key ?? null,
    rule: problem.rule,
    typed: cell.text === '' ? null : personal ? maskText(cell.text) : shown,
    message: problem.message,
  };
}

/** All reasons of a row as one text, for the reject file and for people. */
export function reasonsText(report: RowReport): string {
  return report.problems.map(({ column, message }) => (column === null ? message : `${column}: ${message}`)).join('; ');
}
