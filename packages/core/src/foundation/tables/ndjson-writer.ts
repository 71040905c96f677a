import { dateText, emptyCell, type TableCell } from './table-cell.js';
import type { ByteSink, TableWriter } from './table-writer.js';

/** Writes a flat JSON object a line, every key in every line. Amounts, decimals and percentages are text, as no double holds them all. */
export function ndjsonWriter(sink: ByteSink): TableWriter {
  let keys: readonly string[] = [];
  return {
    async head(headings) {
      keys = headings.map((heading) => JSON.stringify(heading));
    },
    rows: (rows) => sink.write(Buffer.from(rows.map((cells) => lineOf(keys, cells)).join(''), 'utf8')),
    end: async () => undefined,
  };
}

/**
 * A line of the members of an object, each with its key (`"name":"Asha"`). Written by hand, so that `__proto__` is a key
 * like any other, a key may stand twice, and the order is that of the members.
 */
export function jsonLine(members: readonly string[]): string {
  return `{${members.join(',')}}\n`;
}

function lineOf(keys: readonly string[], cells: readonly TableCell[]): string {
  return jsonLine(keys.map((key, at) => `${key}:${jsonText(cells[at] ?? emptyCell)}`));
}

function jsonText(cell: TableCell): string {
  switch (cell.kind) {
    case 'empty':
      return 'null';
    case 'text':
    case 'mark':
      return JSON.stringify(cell.text);
    case 'number':
      return cell.style === 'whole' ? cell.text : JSON.stringify(cell.text);
    case 'boolean':
      return String(cell.value);
    case 'date':
      return JSON.stringify(dateText(cell));
    case 'instant':
      return JSON.stringify(cell.instant);
  }
}
