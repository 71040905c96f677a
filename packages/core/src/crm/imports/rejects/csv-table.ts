import { open } from 'node:fs/promises';
import { csvCell, markedText } from '../../../foundation/kernel/index.js';
import type { Cell } from '../rows/index.js';
import type { TableWriter } from './table-writer.js';

const flushAt = 64 * 1024;

/** Writes csv (RFC 4180) with a byte-order mark, without which spreadsheet programs garble Indian scripts. */
export async function openCsvTable(file: string, delimiter: string): Promise<TableWriter> {
  const handle = await open(file, 'wx', 0o600);
  let waiting = '\uFEFF';
  const flush = async (): Promise<void> => {
    const text = waiting;
    waiting = '';
    await handle.write(text);
  };
  return {
    async row(cells, added) {
      const texts = [...cells.map((cell: Cell) => cell.text), ...added.map(String)].map(markedText);
      waiting += `${texts.map((text) => csvCell(text, delimiter)).join(delimiter)}\r\n`;
      if (waiting.length > flushAt) await flush();
    },
    async close() {
      try {
        await flush();
      } finally {
        await handle.close();
      }
    },
  };
}
