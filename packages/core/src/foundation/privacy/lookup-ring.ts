import { LmsError } from '../kernel/index.js';
import { LookupHasher } from './lookup-hasher.js';

/**
 * What the newest look-up key is at. `settled`: what is kept is hashed with it. `taking-over`: it was added, and unique values are held
 * under the one before it as well. `clearing`: they are held under it alone, and the others are being removed.
 */
export type LookupPhase = 'settled' | 'taking-over' | 'clearing';

const phases: readonly LookupPhase[] = ['settled', 'taking-over', 'clearing'];
const keyLength = 32;
/** The phase, and in two bytes how many keys. */
const headLength = 3;
/** More than earlier releases take for a key: they stop when they open the store, and do not hash with what is none. */
const leastLength = 128;
const mostKeys = 1_000;

/**
 * The look-up keys of a store, oldest first. Each but the first hashes what the one before it has hashed: so a stored hash is taken over
 * by a newer key from itself alone, and whatever it was made of need not be known any more. A hash of a later generation begins with its number,
 * as `2.`; one without is of the first.
 */
export class LookupRing {
  readonly phase: LookupPhase;
  readonly #hashers: readonly [LookupHasher, ...LookupHasher[]];

  private constructor(hashers: readonly [LookupHasher, ...LookupHasher[]], phase: LookupPhase) {
    this.#hashers = hashers;
    this.phase = phase;
  }

  /**
   * @param bytes as {@link toBytes} gives them, or the one key of a store that never had another
   * @throws LmsError `ENVELOPE_INVALID`
   */
  static of(bytes: Uint8Array): LookupRing {
    if (bytes.length === keyLength) return new LookupRing([new LookupHasher(bytes)], 'settled');
    const [phaseAt = -1, high = 0, low = 0] = bytes;
    const phase = phases[phaseAt];
    const count = high * 256 + low;
    const [first, ...others] = Array.from({ length: count }, (_, at) => {
      const start = headLength + at * keyLength;
      return bytes.subarray(start, start + keyLength);
    });
    if (phase === undefined || first === undefined || bytes.length < headLength + count * keyLength) {
      throw new LmsError('ENVELOPE_INVALID', {
        message: 'the look-up keys of this store are of a release that this one does not know; use the newer release',
      });
    }
    return new LookupRing([new LookupHasher(first), ...others.map((key) => new LookupHasher(key))], phase);
  }

  /** With a newer key, which is to take over. @throws LmsError `LIMIT_EXCEEDED` after 999 rotations */
  with(key: Uint8Array): LookupRing {
    if (this.generation === mostKeys) {
      throw new LmsError('LIMIT_EXCEEDED', { message: `a store has at most ${mostKeys} look-up keys` });
    }
    return new LookupRing([...this.#hashers, new LookupHasher(key)], 'taking-over');
  }

  in(phase: LookupPhase): LookupRing {
    return new LookupRing(this.#hashers, phase);
  }

  /** The caller overwrites them when they are used. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(Math.max(leastLength, headLength + this.generation * keyLength));
    bytes[0] = phases.indexOf(this.phase);
    bytes[1] = Math.floor(this.generation / 256);
    bytes[2] = this.generation % 256;
    for (const [at, { handle }] of this.#hashers.entries()) {
      const key = handle.export();
      bytes.set(key, headLength + at * keyLength);
      key.fill(0);
    }
    return bytes;
  }

  /** Hashes under the first key, which never changes: everything else is made of these. */
  get first(): LookupHasher {
    return this.#hashers[0];
  }

  /** How many keys there are; the number of the newest. */
  get generation(): number {
    return this.#hashers.length;
  }

  /** What is stored for a hash now. */
  newest(hash: string): string {
    return this.#upTo(hash).at(-1) ?? hash;
  }

  /** Everything under which the same value may be stored, oldest first, from the hash itself on. */
  everyOf(hash: string): readonly string[] {
    return this.#upTo(hash);
  }

  /** Under what a unique value is claimed: who claims in one phase meets whoever claims in the next. */
  claimed(hash: string): readonly string[] {
    return this.#upTo(hash).slice(this.phase === 'taking-over' ? -2 : -1);
  }

  /** Whether a stored hash is of an older generation than the newest. */
  isBehind(hash: string): boolean {
    return generationOf(hash) < this.generation;
  }

  #upTo(hash: string): readonly string[] {
    const all = [hash];
    let last = hash;
    for (const [at, hasher] of this.#hashers.entries()) {
      const generation = at + 1;
      if (generation <= generationOf(hash)) continue;
      last = `${generation}.${hasher.hash('generation', last)}`;
      all.push(last);
    }
    return all;
  }
}

function generationOf(hash: string): number {
  const [, number] = /^(\d{1,4})\./.exec(hash) ?? [];
  return number === undefined ? 1 : Number(number);
}
