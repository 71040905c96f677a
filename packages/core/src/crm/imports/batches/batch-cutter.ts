import type { SourceRow } from '../rows/index.js';

/** Cuts what comes off a file into batches of rows below the header. */
export class BatchCutter {
  readonly #pieces: AsyncIterator<readonly SourceRow[]>;
  readonly #headerRow: number;
  readonly #rowsABatch: number;
  #waiting: readonly SourceRow[] = [];

  constructor(pieces: AsyncIterable<readonly SourceRow[]>, headerRow: number, rowsABatch: number) {
    this.#pieces = pieces[Symbol.asyncIterator]();
    this.#headerRow = headerRow;
    this.#rowsABatch = rowsABatch;
  }

  /** The next rows; none at the end of the file. */
  async next(): Promise<readonly SourceRow[]> {
    const batch: SourceRow[] = [];
    while (batch.length < this.#rowsABatch) {
      if (this.#waiting.length === 0 && !(await this.#read())) break;
      const room = this.#rowsABatch - batch.length;
      batch.push(...this.#waiting.slice(0, room));
      this.#waiting = this.#waiting.slice(room);
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
    return true;
  }
}
