import type { Problem } from '../../foundation/kernel/index.js';
import type { ColumnMatch } from './match-columns.js';
import { isEmptyRow } from './rows/cells.js';
import type { Cell, CellError, SourceRow } from './rows/index.js';

/** A row as the fields will be given it, and what was wrong with its cells already. */
export interface RowInput {
  readonly fields: Readonly<Record<string, string>>;
  /** `path` is the field key, or empty for the row as a whole. */
  readonly problems: readonly Problem[];
}

const cellProblems: Readonly<Record<CellError, (text: string) => string>> = {
  formula: (text) => `the cell shows the error ${text}; expected a value`,
  'no-value': () => 'the cell holds a formula without a result; open the file in a spreadsheet program and save it',
  'too-long': (text) => `the cell holds ${text.length} characters, more than a cell may have`,
};

/** Takes the text of each matched column; empty cells give no field. Pure. */
export function rowInput(row: SourceRow, columns: readonly ColumnMatch[], width: number): RowInput {
  const problems: Problem[] = [];
  // No prototype, so that a field key can never be anything else.
  const fields: Record<string, string> = Object.create(null);
  for (const { index, field } of columns) {
    const cell: Cell | undefined = row.cells[index];
    if (cell === undefined || cell.kind === 'empty') continue;
    if (cell.kind === 'error') {
      problems.push({ path: field, rule: `cell-${cell.value}`, message: cellProblems[cell.value](cell.text) });
    } else {
      fields[field] = cell.text;
    }
  }
  const extra = row.cells.slice(width);
  if (!isEmptyRow(extra)) {
    const count = extra.filter((cell) => cell.kind !== 'empty').length;
    problems.push({
      path: '',
      rule: 'extra-cells',
      message: `the row has ${count} more ${count === 1 ? 'value' : 'values'} than the header has columns; is a separator inside a cell without quotes?`,
    });
  }
  return { fields, problems };
}
