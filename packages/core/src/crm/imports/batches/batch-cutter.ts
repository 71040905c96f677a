import type { SourceRow } from '../rows/index.js';

/** Long rows make short batches: what is read ahead is in memory. */
const mostCharacters = 2_000_000;

/**
 * Cuts what comes off a file into batches of rows below the header. Where it cuts depends on the rows alone, so that every reading
 * of a file gives the same batches.
 */
export class BatchCutter {
  readonly #pieces: AsyncIterator<readonly SourceRow[]>;
  readonly #headerRow: number;
  readonly #rowsABatch: number;
  #waiting: readonly SourceRow[] = [];
  #next = 0;

  constructor(pieces: AsyncIterable<readonly SourceRow[]>, headerRow: number, rowsABatch: number) {
    this.#pieces = pieces[Symbol.asyncIterator]();
    this.#headerRow = headerRow;
    this.#rowsABatch = rowsABatch;
  }

  /** The next rows; none at the end of the file. */
  async next(): Promise<readonly SourceRow[]> {
    const batch: SourceRow[] = [];
    let characters = 0;
    while (batch.length < this.#rowsABatch && characters < mostCharacters) {
      const row = this.#waiting[this.#next];
      if (row === undefined) {
        if (!(await this.#read())) break;
        continue;
      }
      this.#next += 1;
      batch.push(row);
      for (const cell of row.cells) characters += cell.text.length;
    }
    return batch;
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #read(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done === true) return false;
    this.#waiting = value.filter(({ rowNumber }) => rowNumber > this.#headerRow);
    this.#next = 0;
    return true;
  }
}
