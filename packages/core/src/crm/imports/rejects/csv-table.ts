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
      const texts = [...cells.map((cell: Cell) => cell.text), ...added.map(String)].map(neutral);
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
 * What somebody typed must not run as a formula when the file is opened to be corrected
 * (owasp.org/www-community/attacks/CSV_Injection). Numbers and phones (`-5`, `+91 98200 12345`) stay as they were; the mark
 * is left out when the file is imported.
 */
function neutral(text: string): string {
  return /^(?:[=@\t\r]|[+-](?![\d\s().,/-]*$))/.test(text) ? `'${text}` : text;
}
