import type { Cell } from '../rows/index.js';

/** A table being written. Every failure is thrown by `row` or `close`. */
export interface TableWriter {
  /** @param added cells that the input did not have */
  row(cells: readonly Cell[], added: readonly (string | number)[]): Promise<void>;
  close(): Promise<void>;
}
