import { type ByteSink, jsonLine } from '../../../foundation/tables/index.js';
import { reasonsHeading, rowHeading } from '../heading.js';
import type { Cell } from '../rows/index.js';
import { brokenLineKey } from '../rows/ndjson-rows.js';
import type { RejectTable } from './reject-table.js';

/** A reject file of one JSON object a line, with every key of the input in its order. */
export function lineTable(sink: ByteSink, headings: readonly string[]): RejectTable {
  const keys = headings.map((heading) => JSON.stringify(heading));
  return {
    row({ cells, reasons, rowNumber, extra }) {
      const members = [
        ...keys.map((key, at) => `${key}:${jsonOf(cells[at])}`),
        ...extra.map(memberOf),
        `${JSON.stringify(reasonsHeading)}:${JSON.stringify(reasons)}`,
        `${JSON.stringify(rowHeading)}:${rowNumber}`,
      ];
      return sink.write(Buffer.from(jsonLine(members), 'utf8'));
    },
    end: async () => undefined,
  };
}

/** As it stood in the line; a number with all its digits. */
function jsonOf(cell: Cell | undefined): string {
  if (cell === undefined || cell.kind === 'empty') return 'null';
  if (cell.kind === 'number' || cell.kind === 'boolean') return cell.text;
  if (cell.kind === 'error' && cell.value === 'nested' && isJson(cell.text)) return cell.text;
  return JSON.stringify(cell.text);
}

/** A value that no column holds, under its own key; a line that was no object as a text, since it cannot stand as it is. */
function memberOf(cell: Cell): string {
  const isMember = cell.kind === 'error' && (cell.value === 'extra-key' || cell.value === 'repeated-key');
  return isMember && isJson(`{${cell.text}}`)
    ? cell.text
    : `${JSON.stringify(brokenLineKey)}:${JSON.stringify(cell.text)}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
