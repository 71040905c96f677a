import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { TableCell, TableShape } from './import-rows.ts';

const pieceLength = 1 << 18;

/** Writes the first `rows` rows of a table as a spreadsheet program saves them: quotes only where they are needed. */
export async function writeCsv(file: string, table: TableShape, rows: number): Promise<void> {
  const stream = createWriteStream(file);
  let piece = `${table.headings.map(csvCell).join(',')}\n`;
  for (let serial = 0; serial < rows; serial += 1) {
    piece += `${table.row(serial).map(csvCell).join(',')}\n`;
    if (piece.length < pieceLength) continue;
    if (!stream.write(piece)) await once(stream, 'drain');
    piece = '';
  }
  stream.end(piece);
  await finished(stream);
}

function csvCell(cell: TableCell): string {
  const text = cell instanceof Date ? dayFirst(cell) : String(cell);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function dayFirst(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${date.getUTCFullYear()}`;
}
