import type { RowBatch, StoredRow } from '../../foundation/backup/snapshot-store.js';

/** Characters of a batch, about: enough to be worth a call, few enough to be read between two turns of the event loop. */
export const batchCharacters: number = 256 * 1024;
const mostRows = 2_000;

/** Characters of a row, about. */
export function lengthOf(row: StoredRow): number {
  return row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);
}

/** Gathers rows into batches. */
export class RowGatherer {
  readonly #table: string;
  #rows: StoredRow[] = [];
  #characters = 0;

  constructor(table: string) {
    this.#table = table;
  }

  /** A batch, once there are enough rows. */
  add(row: StoredRow): RowBatch | null {
    this.#rows.push(row);
    this.#characters += lengthOf(row);
    return this.#characters >= batchCharacters || this.#rows.length >= mostRows ? this.take() : null;
  }

  /** Whatever there is. */
  take(): RowBatch {
    const batch = { table: this.#table, rows: this.#rows };
    this.#rows = [];
    this.#characters = 0;
    return batch;
  }
}
