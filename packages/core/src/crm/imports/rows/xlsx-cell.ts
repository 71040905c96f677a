import type { CellValue, Cell as ExcelCell } from 'exceljs';
import { multiplyDecimals } from '../../../foundation/kernel/index.js';
import { dateCell, emptyCell, isErrorMark, numberCell, textCell } from './cells.js';
import type { Cell } from './row-source.js';

export interface CellReading {
  readonly mostCharacters: number;
  /** Dates counted from 1904, as old Macs did. */
  readonly date1904: boolean;
}

/** What a worksheet cell shows, with its type. Formulas give the value the spreadsheet program last calculated. */
export function xlsxCell(cell: ExcelCell, reading: CellReading): Cell {
  return cellOfValue(cell.value, cell.numFmt ?? '', reading);
}

function cellOfValue(value: CellValue, format: string, reading: CellReading): Cell {
  if (value === null || value === undefined) return emptyCell;
  if (typeof value === 'string') return textOrMark(value, reading);
  if (typeof value === 'number') return numberOfFormat(value, format, reading);
  if (typeof value === 'boolean') return { kind: 'boolean', text: String(value), value };
  if (value instanceof Date) return dateCell(value);
  if ('error' in value) return { kind: 'error', text: value.error, value: 'formula' };
  if ('richText' in value) return textOrMark(value.richText.map((piece) => piece.text).join(''), reading);
  if ('hyperlink' in value) return textOrMark(value.text, reading);
  if ('formula' in value || 'sharedFormula' in value) return calculated(value.result, format, reading);
  return emptyCell;
}

/** exceljs reads the result of a formula as text or as a number, and an error (`#N/A`) as not-a-number. */
function calculated(result: CellValue, format: string, reading: CellReading): Cell {
  if (result === undefined || result === null) return { kind: 'error', text: '=', value: 'no-value' };
  if (typeof result === 'number' && Number.isNaN(result)) return { kind: 'error', text: '#N/A', value: 'formula' };
  return cellOfValue(result, format, reading);
}

function textOrMark(text: string, reading: CellReading): Cell {
  if (isErrorMark(text)) return { kind: 'error', text: text.trim(), value: 'formula' };
  return textCell(text, reading.mostCharacters);
}

function numberOfFormat(value: number, format: string, reading: CellReading): Cell {
  const signs = format.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
  if (/[ymdhs]/i.test(signs)) return dateCell(dateOfSerial(value, reading.date1904));
  const cell = numberCell(value);
  if (cell.kind !== 'number' || !signs.includes('%')) return cell;
  const points = multiplyDecimals(cell.text, '100');
  return { kind: 'number', text: points, value: Number(points) };
}

const daysTo1970 = 25_569;
const daysFrom1900To1904 = 1_462;

function dateOfSerial(serial: number, date1904: boolean): Date {
  const days = serial - daysTo1970 + (date1904 ? daysFrom1900To1904 : 0);
  return new Date(Math.round(days * 86_400) * 1000);
}
