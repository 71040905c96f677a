/** Row numbers, a bit each: a million rows are 128 KB. */
export class RowSet {
  #bits: Uint8Array;

  /** @param bits of another set */
  constructor(bits: Uint8Array = new Uint8Array(0)) {
    this.#bits = bits;
  }

  /** Plain data, for another thread. */
  get bits(): Uint8Array {
    return this.#bits;
  }

  add(ranges: readonly { readonly firstRow: number; readonly count: number }[]): void {
    for (const { firstRow, count } of ranges) {
      this.#makeRoomFor(firstRow + count);
      for (let row = firstRow; row < firstRow + count; row += 1) {
        this.#bits[row >> 3] = this.#byteOf(row) | (1 << (row & 7));
      }
    }
  }

  has(row: number): boolean {
    return (this.#byteOf(row) & (1 << (row & 7))) !== 0;
  }

  #byteOf(row: number): number {
    return this.#bits[row >> 3] ?? 0;
  }

  #makeRoomFor(row: number): void {
    const needed = (row >> 3) + 1;
    if (needed <= this.#bits.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bits.length * 2));
    larger.set(this.#bits);
    this.#bits = larger;
  }
}
