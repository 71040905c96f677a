import type { Problem } from '../../foundation/kernel/index.js';
import { maskText } from '../../foundation/privacy/index.js';
import { fieldByKey, isSealed, type LineSchema } from '../fields/index.js';
import { type DuplicateHolder, holderText } from '../leads/index.js';
import type { ColumnMatch } from './columns/column-plan.js';
import type { PlannedConsents, SayingColumn } from './consents/planned-consents.js';
import type { RowProblem, RowReport } from './import-request.js';
import { emptyCell } from './rows/cells.js';
import type { SourceRow } from './rows/index.js';

export interface ReportContext {
  readonly schema: LineSchema;
  readonly columns: readonly ColumnMatch[];
  readonly consents: PlannedConsents;
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
function placed(problem: Problem, row: SourceRow, { schema, columns, consents }: ReportContext): RowProblem {
  const saying = sayingColumn(problem.path, consents);
  const column = saying ?? columns.find((one) => one.field === problem.path);
  const field = fieldByKey(schema, problem.path);
  const cell = (column === undefined ? undefined : row.cells[column.index]) ?? emptyCell;
  // What a column holds that was not read as it should be may be anything.
  const isSealedField = saying !== undefined || (field !== undefined && isSealed(schema, field));
  const personal = isSealedField && !(cell.kind === 'error' && cell.value === 'formula');
  const shown = cell.text.length > mostTypedShown ? `${cell.text.slice(0, mostTypedShown)}…` : cell.text;
  return {
    column: column?.heading ?? null,
    field: field?.key ?? null,
    rule: problem.rule,
    typed: cell.text === '' ? null : personal ? maskText(cell.text) : shown,
    message: problem.message,
  };
}

/** The column of a problem with what a row says of consents. @param path such as `consents.0` */
function sayingColumn(path: string, { consents, blocks }: PlannedConsents): SayingColumn | undefined {
  const [, kind, place] = /^(consents|contactBlocks)\.(\d+)$/.exec(path) ?? [];
  if (place === undefined) return undefined;
  return (kind === 'consents' ? consents : blocks)[Number(place)]?.column ?? undefined;
}

/** All reasons of a row as one text, for the reject file and for people. */
export function reasonsText(report: RowReport): string {
  return report.problems.map(({ column, message }) => (column === null ? message : `${column}: ${message}`)).join('; ');
}
