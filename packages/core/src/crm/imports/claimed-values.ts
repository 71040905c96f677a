import type { UniqueKey } from '../../foundation/persistence/index.js';
import type { DryRunClaims } from '../leads/index.js';

/** How a dry run names a row to later ones. */
export function rowReference(row: number): string {
  return `row ${row}`;
}

const smallest = 1024;
/** A table of numbers stays quick up to here, and short of memory: three values of a million rows take 50 MB. */
const mostFilled = 0.85;
const empty = 0;

/**
 * The unique values that the rows of a dry run would have taken: 64 bits of each keyed hash, and the row. That two values of a
 * file of a million rows are taken for one another has a chance of one in millions.
 */
export class ClaimedValues implements DryRunClaims {
  readonly #rules: Map<string, number> = new Map();
  #capacity = smallest;
  #count = 0;
  #high: Uint32Array = new Uint32Array(smallest);
  #low: Uint32Array = new Uint32Array(smallest);
  #rows: Uint32Array = new Uint32Array(smallest);

  holder(key: UniqueKey): string | null {
    const row = this.#rows[this.#slotOf(highOf(key), this.#lowOf(key))] ?? empty;
    return row === empty ? null : rowReference(row);
  }

  /** @param reference as {@link rowReference} gives it */
  claim(key: UniqueKey, reference: string): void {
    if (this.#count >= this.#capacity * mostFilled) this.#grow();
    const [high, low] = [highOf(key), this.#lowOf(key)];
    this.#put(this.#slotOf(high, low), high, low, Number(reference.slice(rowReference(0).length - 1)));
  }

  #put(slot: number, high: number, low: number, row: number): void {
    if (this.#rows[slot] === empty) this.#count += 1;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#rows[slot] = row;
  }

  /** Where the value is, or the free place where it would be. */
  #slotOf(high: number, low: number): number {
    let slot = low % this.#capacity;
    while (this.#rows[slot] !== empty && (this.#high[slot] !== high || this.#low[slot] !== low)) {
      slot = (slot + 1) % this.#capacity;
    }
    return slot;
  }

  #grow(): void {
    const [high, low, rows] = [this.#high, this.#low, this.#rows];
    this.#capacity *= 2;
    this.#count = 0;
    this.#high = new Uint32Array(this.#capacity);
    this.#low = new Uint32Array(this.#capacity);
    this.#rows = new Uint32Array(this.#capacity);
    for (const [at, row] of rows.entries()) {
      if (row === empty) continue;
      const [highPart, lowPart] = [high[at] ?? 0, low[at] ?? 0];
      this.#put(this.#slotOf(highPart, lowPart), highPart, lowPart, row);
    }
  }

  /** Equal hashes under different rules are different values. */
  #lowOf({ scope, rule, hash }: UniqueKey): number {
    const name = `${scope}\n${rule}`;
    let number = this.#rules.get(name);
    if (number === undefined) {
      number = Math.imul(this.#rules.size + 1, 0x9e37_79b1);
      this.#rules.set(name, number);
    }
    return (bitsOf(hash, charactersAPart) ^ number) >>> 0;
  }
}

const charactersAPart = 6;
const bitsACharacter = 6;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function highOf({ hash }: UniqueKey): number {
  return bitsOf(hash, 0);
}

/** 32 bits of base64url text. */
function bitsOf(text: string, from: number): number {
  let bits = 0;
  for (let at = from; at < from + charactersAPart; at += 1) {
    bits = (bits << bitsACharacter) | alphabet.indexOf(text[at] ?? 'A');
  }
  return bits >>> 0;
}
