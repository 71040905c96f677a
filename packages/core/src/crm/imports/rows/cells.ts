import { decimalFromNumber } from '../../../foundation/kernel/index.js';
import type { Cell } from './row-source.js';

export const emptyCell: Cell = { kind: 'empty', text: '', value: null };

/** A cell of typed text; white space alone is an empty cell. */
export function textCell(text: string, mostCharacters: number): Cell {
  if (text === '' || text.trim() === '') return emptyCell;
  if (text.length > mostCharacters) return { kind: 'error', text, value: 'too-long' };
  return { kind: 'text', text, value: text };
}

/** A number as the spreadsheet shows it: 15 significant digits, so that 0.1 + 0.2 is 0.3. */
export function numberCell(value: number): Cell {
  if (!Number.isFinite(value)) return { kind: 'error', text: '#NUM!', value: 'formula' };
  const shown = Number(value.toPrecision(15));
  return { kind: 'number', text: decimalFromNumber(shown), value: shown };
}

/** @param date its UTC parts are what the cell shows: spreadsheets know no time zone */
export function dateCell(date: Date): Cell {
  if (Number.isNaN(date.getTime())) return { kind: 'error', text: '#VALUE!', value: 'formula' };
  const [day = '', time = ''] = date.toISOString().split('T');
  const clock = time.slice(0, 8);
  return { kind: 'date', text: clock === '00:00:00' ? day : `${day} ${clock}`, value: date };
}

export function isEmptyRow(cells: readonly Cell[]): boolean {
  return cells.every((cell) => cell.kind === 'empty');
}
