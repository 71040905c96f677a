/** A list of numbers at 8 bytes each, for lists of millions. */
export class GrowingNumbers {
  #numbers: Float64Array = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length] = value;
    this.#length += 1;
  }

  at(index: number): number {
    const value = this.#numbers[index];
    if (value === undefined || index >= this.#length) throw new RangeError(`no number ${index} of ${this.#length}`);
    return value;
  }
}
