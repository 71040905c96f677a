import { type BusinessTime, dayNumber, LmsError, multiplyDecimals } from '../../../foundation/kernel/index.js';
import type { ExportCell, NumberStyle } from '../columns/export-cell.js';
import { cellStyles } from './xlsx-parts.js';

/** A cell of a sheet holds no more characters, and a number no more significant digits. */
const longestText = 32_767;
const mostDigits = 15;
const daysTo1970 = 25_569;
/** Spreadsheets count a 29 February 1900 that never was, and no days before 1900; earlier days are written as text. */
const firstDay = '1900-03-01';

/** The XML of one cell; empty for an empty cell. Text is always text, so nothing in it runs as a formula. */
export function cellXml(reference: string, cell: ExportCell, time: BusinessTime): string {
  switch (cell.kind) {
    case 'empty':
      return '';
    case 'text':
      return textXml(reference, cell.text);
    case 'number':
      return numberXml(reference, cell);
    case 'boolean':
      return textXml(reference, cell.printed);
    case 'date':
      return cell.date < firstDay
        ? textXml(reference, cell.date)
        : valueXml(reference, String(dayNumber(cell.date) + daysTo1970), cellStyles.date);
    case 'instant':
      return instantXml(reference, cell, time);
  }
}

/** @throws LmsError `LIMIT_EXCEEDED` for a text that no cell holds */
export function textXml(reference: string, text: string, style: number = cellStyles.text): string {
  if (text.length > longestText) {
    throw new LmsError('LIMIT_EXCEEDED', {
      message: `the text for cell ${reference} has ${text.length} characters and a cell of a workbook holds ${longestText}; leave the column out, or export csv or ndjson`,
      details: { limit: longestText, given: text.length },
    });
  }
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

function numberXml(reference: string, { text, style }: ExportCell & { readonly kind: 'number' }): string {
  const isPercent = style === 'percent';
  // A cell that shows 14 % holds 0.14.
  const value = isPercent ? multiplyDecimals(text, '0.01') : text;
  const digits = value.replace(/[-.]/g, '').replace(/^0+/, '').length;
  if (digits > mostDigits) return textXml(reference, isPercent ? `${text}%` : text);
  return valueXml(reference, value, numberStyles[style]);
}

const numberStyles: Readonly<Record<NumberStyle, number>> = {
  whole: cellStyles.plain,
  decimal: cellStyles.plain,
  money: cellStyles.money,
  percent: cellStyles.percent,
};

function instantXml(reference: string, cell: ExportCell & { readonly kind: 'instant' }, time: BusinessTime): string {
  const instant = Math.floor(Date.parse(cell.instant) / 1000) * 1000;
  const [date, clock] = [time.localDate(instant), time.localTime(instant)];
  const isShown = date >= firstDay && time.atLocal(date, clock) === instant;
  const isWhole = !cell.exact || instant === Date.parse(cell.instant);
  if (!isShown || !isWhole) return textXml(reference, cell.printed);
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  const serial = dayNumber(date) + daysTo1970 + (hours * 3600 + minutes * 60 + seconds) / 86_400;
  return valueXml(reference, String(serial), cellStyles.instant);
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
