import { emptyCell, longestText, type TableCell, type TableWriter } from '../../../foundation/tables/index.js';
import { reasonsHeading, rowHeading } from '../heading.js';
import type { Cell } from '../rows/index.js';
import type { RejectTable } from './reject-table.js';

/**
 * A reject file of a form that has cells.
 * @param form a cell of a workbook holds so much text and no more: what is longer is written as `#VALUE!`, since its beginning would
 * be taken for the whole of it
 */
export async function cellTable(
  writer: TableWriter,
  form: 'csv' | 'xlsx',
  headings: readonly string[],
): Promise<RejectTable> {
  const cellOf = form === 'csv' ? tableCell : sheetCell;
  const holds = form === 'csv' ? Number.POSITIVE_INFINITY : longestText;
  await writer.head([...headings, reasonsHeading, rowHeading].map((heading) => heading.slice(0, holds)));
  return {
    // Values beyond the header would stand under the added columns; they go behind those.
    row: ({ cells, reasons, rowNumber, extra }) =>
      writer.rows([
        [
          ...cells.map(cellOf),
          { kind: 'text', text: reasons.slice(0, holds) },
          { kind: 'number', text: String(rowNumber), style: 'whole' },
          ...extra.map(cellOf),
        ],
      ]),
    end: () => writer.end(),
  };
}

function sheetCell(cell: Cell): TableCell {
  const isCut = cell.kind === 'error' && cell.value === 'too-long';
  return isCut || cell.text.length > longestText ? { kind: 'mark', text: '#VALUE!' } : tableCell(cell);
}

function tableCell(cell: Cell): TableCell {
  switch (cell.kind) {
    case 'empty':
      return emptyCell;
    case 'text':
      return { kind: 'text', text: cell.text };
    case 'number':
      return { kind: 'number', text: cell.text, style: 'decimal' };
    case 'boolean':
      return { kind: 'boolean', value: cell.value, printed: cell.text };
    case 'date': {
      const [date = '', time = null] = cell.text.split(' ');
      return { kind: 'date', date, time };
    }
    case 'error':
      return cell.value === 'formula' ? { kind: 'mark', text: cell.text } : { kind: 'text', text: cell.text };
  }
}
