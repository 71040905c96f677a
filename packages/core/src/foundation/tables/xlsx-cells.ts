import { dayNumber, LmsError, multiplyDecimals } from '../kernel/index.js';
import { type ClockTime, dateText, type NumberStyle, type TableCell } from './table-cell.js';
import { cellStyles } from './xlsx-parts.js';

/** A cell of a sheet holds no more characters, and a number no more significant digits. */
export const longestText = 32_767;
const mostDigits = 15;
/** Longer numbers are written with an exponent, as spreadsheet programs write them. */
const longestNumber = 24;
const daysTo1970 = 25_569;
/** Spreadsheets count a 29 February 1900 that never was, and no days before 1900; earlier days are written as text. */
const firstDay = '1900-03-01';

/** The XML of one cell; empty for an empty cell. Text is always text, so nothing in it runs as a formula. */
export function cellXml(reference: string, cell: TableCell): string {
  switch (cell.kind) {
    case 'empty':
      return '';
    case 'text':
    case 'mark':
      return textXml(reference, cell.text);
    case 'number':
      return numberXml(reference, cell);
    case 'boolean':
      return booleanXml(reference, cell);
    case 'date':
      if (cell.date < firstDay) return textXml(reference, dateText(cell));
      return cell.time === null
        ? valueXml(reference, String(serialDay(cell.date)), cellStyles.date)
        : clockXml(reference, { date: cell.date, time: cell.time });
    case 'instant':
      return cell.clock === null || cell.clock.date < firstDay
        ? textXml(reference, cell.printed)
        : clockXml(reference, cell.clock);
  }
}

/** @throws LmsError `LIMIT_EXCEEDED` for a text that no cell holds */
export function textXml(reference: string, text: string, style: number = cellStyles.text): string {
  if (text.length > longestText) {
    throw new LmsError('LIMIT_EXCEEDED', {
      message: `the text for cell ${reference} has ${text.length} characters and a cell of a workbook holds ${longestText}; leave the column out, or write csv or ndjson`,
      details: { limit: longestText, given: text.length },
    });
  }
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

function numberXml(reference: string, { text, style }: TableCell & { readonly kind: 'number' }): string {
  const isPercent = style === 'percent';
  // A cell that shows 14 % holds 0.14.
  const value = isPercent ? multiplyDecimals(text, '0.01') : text;
  if (significantDigits(value) > mostDigits) return textXml(reference, isPercent ? `${text}%` : text);
  return valueXml(reference, value.length > longestNumber ? String(Number(value)) : value, numberStyles[style]);
}

function significantDigits(decimal: string): number {
  const digits = decimal.replace(/[-.]/g, '').replace(/^0+/, '');
  return (decimal.includes('.') ? digits : digits.replace(/0+$/, '')).length;
}

const numberStyles: Readonly<Record<NumberStyle, number>> = {
  whole: cellStyles.plain,
  decimal: cellStyles.plain,
  money: cellStyles.money,
  percent: cellStyles.percent,
};

/** One that is printed as people say it, such as `yes`, is text. */
function booleanXml(reference: string, { value, printed }: TableCell & { readonly kind: 'boolean' }): string {
  if (printed !== String(value)) return textXml(reference, printed);
  return `<c r="${reference}" s="${cellStyles.plain}" t="b"><v>${value ? 1 : 0}</v></c>`;
}

function clockXml(reference: string, { date, time }: ClockTime): string {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  const serial = serialDay(date) + (hours * 3600 + minutes * 60 + seconds) / 86_400;
  return valueXml(reference, String(serial), cellStyles.instant);
}

function serialDay(date: string): number {
  return dayNumber(date) + daysTo1970;
}

function valueXml(reference: string, value: string, style: number): string {
  return `<c r="${reference}" s="${style}"><v>${value}</v></c>`;
}

const special = /[&<>"\ufffe\uffff]|(?![\t\n])\p{Cc}|_(?=x[0-9A-Fa-f]{4}_)|\p{Cs}/gu;
const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML text; what XML cannot hold, and what looks like such an escape, is written as `_xHHHH_` (ECMA-376 22.4.2.4). */
function xmlText(text: string): string {
  return text.replace(special, (found) => {
    return named[found] ?? `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  });
}
