import type { Problem } from '../../foundation/kernel/index.js';
import { type FieldDefinition, type FieldTypeName, fieldByKey, fieldTypeOf, type LineSchema } from '../fields/index.js';
import { isTooManyFor, withUnit } from './columns/amount-unit.js';
import type { ColumnMatch } from './columns/column-plan.js';
import { neutralContext } from './columns/looks.js';
import { isNoValueWord } from './no-value-words.js';
import { isEmptyRow } from './rows/cells.js';
import type { Cell, CellError, SourceRow } from './rows/index.js';

/** A row as the fields will be given it, and what was wrong with its cells already. */
export interface RowInput {
  readonly fields: Readonly<Record<string, string>>;
  /** `path` is the field key, or empty for the row as a whole. */
  readonly problems: readonly Problem[];
  /** Keys of fields whose cell was taken as empty, since it says so by a word such as `NA`. */
  readonly emptied: readonly string[];
}

/** How cells are read into fields. */
export interface RowReading {
  readonly columns: readonly ColumnMatch[];
  /** Columns of the header. */
  readonly width: number;
  readonly schema: LineSchema;
}

const cellProblems: Readonly<Record<CellError, (text: string) => string>> = {
  formula: (text) => `the cell shows the error ${text}; expected a value`,
  'no-value': () => 'the cell holds a formula without a result; open the file in a spreadsheet program and save it',
  'too-long': (text) => `the cell holds more than ${text.length - 1} characters, more than a cell may have`,
  unseen: () => 'the cell holds a character that cannot be seen (NUL); type the value anew',
  lost: () => 'the cell refers to a text that the file lacks; type the value anew',
  nested: () => 'the value is a list or an object; expected a text, a number, true or false',
  'extra-key': (text) => `a value is under the key ${keyOf(text)}, which none of the first lines of the file has`,
  'repeated-key': (text) => `a second value is under the key ${keyOf(text)}`,
  'not-json': () => 'the line is not a JSON object; expected {"key": value, ...} on one line',
};

/** What is wrong with a cell that cannot be read. @param text what it shows */
export function cellMessage(error: CellError, text: string): string {
  return cellProblems[error](text);
}

/** Errors of values that no column holds, so they are about the row as a whole. */
const ofTheRow: ReadonlySet<CellError> = new Set<CellError>(['extra-key', 'repeated-key', 'not-json']);

const mostShown = 80;

/** Of `"nickname":"Asha"` the key alone: the value may be personal data. */
function keyOf(member: string): string {
  const key = /^"(?:[^"\\]|\\.)*"/.exec(member)?.[0] ?? '';
  return key.length > mostShown ? `${key.slice(0, mostShown)}…` : key;
}

/** Spreadsheets keep 15 digits of a number; what was typed behind them has become zeros. Other formats keep all. */
const digitsKept = 15;

function hasLostDigits({ text }: Cell): boolean {
  const digits = /^-?(\d+)$/.exec(text)?.[1] ?? '';
  return digits.length > digitsKept && digits.replace(/0+$/, '').length <= digitsKept;
}

/** Why a readable cell cannot be given to its field, or null. */
function meaningProblem(cell: Cell, { field, unit }: ColumnMatch): Problem | null {
  if (cell.kind === 'number' && hasLostDigits(cell)) {
    const message =
      'the cell holds a number of more than 15 digits, whose last digits a spreadsheet does not keep; format the column as text and enter it again';
    return { path: field, rule: 'digits-lost', message };
  }
  if (unit === undefined || !isTooManyFor(cell.text, unit)) return null;
  const message = `the column counts ${unit}s, and so many ${unit}s are no likely amount; write it with its unit, such as 5 ${unit}`;
  return { path: field, rule: 'unit', message };
}

/** Types that such a word may be the value of: a name, a remark, an option. */
const typesOfWords: ReadonlySet<FieldTypeName> = new Set<FieldTypeName>([
  'text',
  'long-text',
  'address',
  'enum',
  'multi-enum',
]);

/** Text fields take the word as it is, and an option may be called so. */
function readsWord(text: string, field: FieldDefinition): boolean {
  const type = fieldTypeOf(field);
  return typesOfWords.has(type.base) && type.parse(text, field, neutralContext).ok;
}

function isTakenAsEmpty({ kind, text }: Cell, key: string, schema: LineSchema): boolean {
  if (kind !== 'text' || !isNoValueWord(text)) return false;
  const field = fieldByKey(schema, key);
  return field !== undefined && !readsWord(text, field);
}

/** Takes the text of each matched column; empty cells, and those that say so by a word, give no field. Pure. */
export function rowInput(row: SourceRow, { columns, width, schema }: RowReading): RowInput {
  const problems: Problem[] = [];
  const emptied: string[] = [];
  // No prototype, so that a field key can never be anything else.
  const fields: Record<string, string> = Object.create(null);
  for (const column of columns) {
    const { index, field } = column;
    const cell: Cell | undefined = row.cells[index];
    if (cell === undefined || cell.kind === 'empty') continue;
    if (isTakenAsEmpty(cell, field, schema)) {
      emptied.push(field);
      continue;
    }
    const problem = cell.kind === 'error' ? null : meaningProblem(cell, column);
    if (cell.kind === 'error') {
      problems.push({ path: field, rule: `cell-${cell.value}`, message: cellProblems[cell.value](cell.text) });
    } else if (problem !== null) {
      problems.push(problem);
    } else {
      fields[field] = column.unit === undefined ? cell.text : withUnit(cell.text, column.unit);
    }
  }
  const beyond = row.cells.slice(width);
  for (const cell of beyond) {
    if (cell.kind !== 'error' || !ofTheRow.has(cell.value)) continue;
    problems.push({ path: '', rule: `cell-${cell.value}`, message: cellProblems[cell.value](cell.text) });
  }
  const extra = beyond.filter((cell) => cell.kind !== 'error' || !ofTheRow.has(cell.value));
  if (!isEmptyRow(extra)) {
    const count = extra.filter((cell) => cell.kind !== 'empty').length;
    problems.push({
      path: '',
      rule: 'extra-cells',
      message: `the row has ${count} more ${count === 1 ? 'value' : 'values'} than the header has columns; is a separator inside a cell without quotes?`,
    });
  }
  return { fields, problems, emptied };
}
