import { csvCell, markedText } from '../../../foundation/kernel/index.js';
import { reasonsHeading, rowHeading } from '../heading.js';
import type { Cell } from '../rows/index.js';
import type { TableWriter } from './table-writer.js';
import { TextFileWriter } from './text-file.js';

/** Writes csv (RFC 4180) with a byte-order mark, without which spreadsheet programs garble Indian scripts. */
export async function openCsvTable(file: string, delimiter: string, headings: readonly string[]): Promise<TableWriter> {
  const writer = await TextFileWriter.create(file);
  const line = (texts: readonly string[]): string =>
    `${texts.map((text) => csvCell(text, delimiter)).join(delimiter)}\r\n`;
  await writer.write(`\uFEFF${line([...headings, reasonsHeading, rowHeading].map(markedText))}`);
  return {
    // Values beyond the header would stand under the added columns; they go behind those.
    row: ({ cells, reasons, rowNumber, extra }) =>
      writer.write(
        line([...cells.map(writtenCell), markedText(reasons), String(rowNumber), ...extra.map(writtenCell)]),
      ),
    close: () => writer.close(),
    abandon: () => writer.abandon(),
  };
}

/** The mark of a failed formula stays what it is: marked as text it would be taken for one. */
function writtenCell(cell: Cell): string {
  return cell.kind === 'error' && cell.value === 'formula' ? cell.text : markedText(cell.text);
}
