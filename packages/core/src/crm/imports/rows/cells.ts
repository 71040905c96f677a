import { decimalFromNumber } from '../../../foundation/kernel/index.js';
import type { Cell } from './row-source.js';

export const emptyCell: Cell = { kind: 'empty', text: '', value: null };

/** Shown in the place of a NUL, which nobody could see and delete. */
const shownNul = '\u2400';

/** A cell of typed text; white space alone is an empty cell. */
export function textCell(text: string, mostCharacters: number): Cell {
  if (isBlank(text)) return emptyCell;
  if (text.length > mostCharacters) return tooLongCell(text, mostCharacters);
  if (text.includes('\0') || text.includes(shownNul)) {
    return { kind: 'error', text: text.replaceAll('\0', shownNul), value: 'unseen' };
  }
  return { kind: 'text', text, value: text };
}

/** Keeps the beginning alone: a batch of such cells must not fill the memory. */
export function tooLongCell(text: string, mostCharacters: number): Cell {
  return { kind: 'error', text: ownCopy(text.slice(0, mostCharacters + 1)), value: 'too-long' };
}

/** The text without the longer one that it was cut out of and would keep in memory. */
export function ownCopy(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}

/** A number as the spreadsheet shows it: 15 significant digits, so that 0.1 + 0.2 is 0.3. */
export function numberCell(value: number): Cell {
  if (Number.isInteger(value) && value < 1e15 && value > -1e15) {
    return { kind: 'number', text: value === 0 ? '0' : String(value), value };
  }
  if (!Number.isFinite(value)) return { kind: 'error', text: '#NUM!', value: 'formula' };
  const rounded = Number(value.toPrecision(15));
  // The largest numbers there are would be rounded to none.
  const shown = Number.isFinite(rounded) ? rounded : value;
  return { kind: 'number', text: decimalFromNumber(shown), value: shown };
}

const firstDate = Date.UTC(100, 0, 1);
const lastDate = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** @param date its UTC parts are what the cell shows: spreadsheets know no time zone, and show `####` beyond the year 9999 */
export function dateCell(date: Date): Cell {
  const millis = date.getTime();
  if (!(millis >= firstDate && millis <= lastDate)) return { kind: 'error', text: '####', value: 'formula' };
  const [day = '', time = ''] = date.toISOString().split('T');
  const clock = time.slice(0, 8);
  return { kind: 'date', text: clock === '00:00:00' ? day : `${day} ${clock}`, value: date };
}

export function isEmptyRow(cells: readonly Cell[]): boolean {
  return cells.every((cell) => cell.kind === 'empty');
}

function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  // A visible ASCII character at the start, as nearly every text has, is no white space.
  return !(first > 32 && first < 127) && text.trim() === '';
}
