import { csvCell, isErrorMark, markedText } from '../kernel/index.js';
import { dateText, type TableCell } from './table-cell.js';
import type { ByteSink, TableWriter } from './table-writer.js';

export interface CsvOptions {
  readonly delimiter: string;
  /** A byte-order mark, without which spreadsheet programs garble Indian scripts. */
  readonly bom: boolean;
}

/** Writes csv (RFC 4180) in UTF-8. What would run as a formula is marked as text; numbers and phones stay as they are. */
export function csvWriter(sink: ByteSink, { delimiter, bom }: CsvOptions): TableWriter {
  const line = (texts: readonly string[]): string =>
    `${texts.map((text) => csvCell(text, delimiter)).join(delimiter)}\r\n`;
  return {
    head: (headings) => sink.write(Buffer.from((bom ? '\uFEFF' : '') + line(headings.map(markedText)), 'utf8')),
    rows: (rows) => sink.write(Buffer.from(rows.map((cells) => line(cells.map(csvText))).join(''), 'utf8')),
    end: async () => undefined,
  };
}

/** Marked as text where it has to be; a mark of a failed formula is left bare, as marked it would be taken for typed text. */
function csvText(cell: TableCell): string {
  return cell.kind === 'mark' && isErrorMark(cell.text) ? cell.text : markedText(plainText(cell));
}

/** Amounts as plain decimals, percentages in points, dates as ISO dates, times as those of the business zone with its offset. */
function plainText(cell: TableCell): string {
  switch (cell.kind) {
    case 'empty':
      return '';
    case 'text':
    case 'number':
    case 'mark':
      return cell.text;
    case 'date':
      return dateText(cell);
    case 'boolean':
    case 'instant':
      return cell.printed;
  }
}
