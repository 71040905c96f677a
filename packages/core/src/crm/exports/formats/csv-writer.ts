import { csvCell, markedText } from '../../../foundation/kernel/index.js';
import type { ExportCell } from '../columns/export-cell.js';
import type { ByteSink, TableWriter } from './table-writer.js';

export interface CsvOptions {
  readonly delimiter: string;
  /** A byte-order mark, without which spreadsheet programs garble Indian scripts. */
  readonly bom: boolean;
}

/** Writes csv (RFC 4180) in UTF-8. What would run as a formula is marked as text; numbers and phones stay as they are. */
export function csvWriter(sink: ByteSink, { delimiter, bom }: CsvOptions): TableWriter {
  const line = (texts: readonly string[]): string =>
    `${texts.map((text) => csvCell(markedText(text), delimiter)).join(delimiter)}\r\n`;
  return {
    head: (headings) => sink.write(Buffer.from((bom ? '\uFEFF' : '') + line(headings), 'utf8')),
    rows: (rows) => sink.write(Buffer.from(rows.map((cells) => line(cells.map(csvText))).join(''), 'utf8')),
    end: async () => undefined,
  };
}

/** Amounts as plain decimals, percentages in points, dates as ISO dates, times as those of the business zone with its offset. */
function csvText(cell: ExportCell): string {
  switch (cell.kind) {
    case 'empty':
      return '';
    case 'text':
    case 'number':
      return cell.text;
    case 'date':
      return cell.date;
    case 'boolean':
    case 'instant':
      return cell.printed;
  }
}
