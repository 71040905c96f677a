import { open } from 'node:fs/promises';
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
      const texts = [...cells.map((cell: Cell) => cell.text), ...added.map((value) => neutral(String(value)))];
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

function csvCell(text: string, delimiter: string): string {
  const plain = !text.includes('"') && !text.includes('\n') && !text.includes('\r') && !text.includes(delimiter);
  return plain && text === text.trim() ? text : `"${text.replaceAll('"', '""')}"`;
}

/**
 * Text of ours that repeats what somebody typed must not run as a formula when the file is opened
 * (owasp.org/www-community/attacks/CSV_Injection). The input's own cells stay as they were.
 */
function neutral(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
