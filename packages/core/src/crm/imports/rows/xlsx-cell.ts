import { isErrorMark, multiplyDecimals } from '../../../foundation/kernel/index.js';
import { dateCell, emptyCell, numberCell, textCell } from './cells.js';
import type { Cell } from './row-source.js';
import type { SharedStrings } from './shared-strings.js';
import { unescaped } from './xlsx-strings.js';
import type { NumberMeaning } from './xlsx-styles.js';

/** A cell as it stands in the sheet's XML. `text` is the cached value; formulas keep the one last calculated. */
export interface RawCell {
  /** The `t` of the cell: `s`, `str`, `inlineStr`, `b`, `e`, `d`, `n`. */
  readonly type: string;
  readonly style: number;
  readonly isFormula: boolean;
  /** null when there is no value. */
  readonly text: string | null;
}

export interface WorkbookParts {
  readonly strings: SharedStrings;
  readonly styles: readonly NumberMeaning[];
  /** Dates counted from 1904, as old Macs did. */
  readonly date1904: boolean;
  readonly mostCharacters: number;
}

/** What a worksheet cell shows, with its type. */
export function xlsxCell(raw: RawCell, parts: WorkbookParts): Cell {
  const { text } = raw;
  if (text === null || (text === '' && raw.type !== 'str')) {
    return raw.isFormula ? { kind: 'error', text: '=', value: 'no-value' } : emptyCell;
  }
  switch (raw.type) {
    case 's':
      return sharedCell(text, parts);
    case 'str':
    case 'inlineStr':
      return textOrMark(unescaped(text), parts);
    case 'b':
      return { kind: 'boolean', text: isTrue(text) ? 'true' : 'false', value: isTrue(text) };
    case 'e':
      return { kind: 'error', text, value: 'formula' };
    case 'd':
      return dateCell(dateOfIso(text.trim()));
    default:
      return numberOfMeaning(Number(text), parts.styles[raw.style] ?? 'number', parts);
  }
}

/** `1` and `true`, as XML writes yes (XML Schema part 2, §3.2.2). */
export function isTrue(text: string | undefined): boolean {
  return text === '1' || text === 'true';
}

function sharedCell(number: string, parts: WorkbookParts): Cell {
  const text = parts.strings.get(Number(number));
  return text === undefined ? { kind: 'error', text: number.slice(0, 20), value: 'lost' } : textOrMark(text, parts);
}

function textOrMark(text: string, parts: WorkbookParts): Cell {
  if (isErrorMark(text)) return { kind: 'error', text: text.trim(), value: 'formula' };
  return textCell(text, parts.mostCharacters);
}

function numberOfMeaning(value: number, meaning: NumberMeaning, { date1904 }: WorkbookParts): Cell {
  if (meaning === 'date') return dateCell(dateOfSerial(value, date1904));
  const cell = numberCell(value);
  if (meaning !== 'percent' || cell.kind !== 'number') return cell;
  const points = multiplyDecimals(cell.text, '100');
  return { kind: 'number', text: points, value: Number(points) };
}

/** A time zone is left out: what a person sees in the cell is the day and time written there. */
function dateOfIso(text: string): Date {
  const [, day, time = '00:00:00'] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(?:Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  return new Date(day === undefined ? Number.NaN : `${day}T${time}Z`);
}

const daysTo1970 = 25_569;
const daysFrom1900To1904 = 1_462;
/** Spreadsheets count a 29 February 1900 that never was; before it their days are one short. */
const firstTrueSerial = 60;

function dateOfSerial(serial: number, date1904: boolean): Date {
  if (serial < 0) return new Date(Number.NaN);
  const days = date1904 ? serial + daysFrom1900To1904 : serial + (serial < firstTrueSerial ? 1 : 0);
  return new Date(Math.round((days - daysTo1970) * 86_400) * 1000);
}
