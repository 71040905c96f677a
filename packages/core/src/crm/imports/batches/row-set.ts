import type { TakenRows } from '../receipts/import-receipt-store.js';

/** Row numbers, a bit each: a million rows are 128 KB. */
export class RowSet {
  readonly #bits: Uint8Array;

  constructor(ranges: readonly TakenRows[]) {
    let last = 0;
    for (const { firstRow, count } of ranges) last = Math.max(last, firstRow + count);
    this.#bits = new Uint8Array((last >> 3) + 1);
    for (const { firstRow, count } of ranges) {
      for (let row = firstRow; row < firstRow + count; row += 1)
        this.#bits[row >> 3] = this.#byteOf(row) | (1 << (row & 7));
    }
  }

  has(row: number): boolean {
    return (this.#byteOf(row) & (1 << (row & 7))) !== 0;
  }

  #byteOf(row: number): number {
    return this.#bits[row >> 3] ?? 0;
  }
}
