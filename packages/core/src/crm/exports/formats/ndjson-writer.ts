import type { ExportCell } from '../columns/export-cell.js';
import type { ByteSink, TableWriter } from './table-writer.js';

/** Writes a flat JSON object a line, every key in every line. Amounts, decimals and percentages are text, as no double holds them all. */
export function ndjsonWriter(sink: ByteSink): TableWriter {
  let keys: readonly string[] = [];
  return {
    async head(headings) {
      keys = headings.map((heading) => JSON.stringify(heading));
    },
    rows: (rows) => sink.write(Buffer.from(rows.map((cells) => `${objectOf(keys, cells)}\n`).join(''), 'utf8')),
    end: async () => undefined,
  };
}

/** Written by hand, so that `__proto__` is a key like any other and the order is that of the columns. */
function objectOf(keys: readonly string[], cells: readonly ExportCell[]): string {
  return `{${keys.map((key, at) => `${key}:${jsonText(cells[at] ?? { kind: 'empty' })}`).join(',')}}`;
}

function jsonText(cell: ExportCell): string {
  switch (cell.kind) {
    case 'empty':
      return 'null';
    case 'text':
      return JSON.stringify(cell.text);
    case 'number':
      return cell.style === 'whole' ? cell.text : JSON.stringify(cell.text);
    case 'boolean':
      return String(cell.value);
    case 'date':
      return JSON.stringify(cell.date);
    case 'instant':
      return JSON.stringify(cell.instant);
  }
}
