import type { Instant } from '../kernel/index.js';

/** The data key of an aggregate that was erased. */
export interface DestroyedKey {
  readonly kind: string;
  readonly id: string;
  readonly destroyedAt: Instant;
}

/** What was erased, from any number of lists. */
export class DestroyedKeys {
  readonly #keys = new Map<string, Instant>();
  readonly #met = new Set<string>();

  get size(): number {
    return this.#keys.size;
  }

  add({ kind, id, destroyedAt }: DestroyedKey): void {
    const name = `${kind}\0${id}`;
    const known = this.#keys.get(name);
    if (known === undefined || destroyedAt < known) this.#keys.set(name, destroyedAt);
  }

  /** When a key of the backup was destroyed; null where it was not. */
  when(kind: string, id: string): Instant | null {
    const name = `${kind}\0${id}`;
    const at = this.#keys.get(name) ?? null;
    if (at !== null) this.#met.add(name);
    return at;
  }

  /** Those that nobody has asked about. */
  *unmet(): Generator<DestroyedKey> {
    for (const [name, destroyedAt] of this.#keys) {
      if (this.#met.has(name)) continue;
      const [kind = '', id = ''] = name.split('\0');
      yield { kind, id, destroyedAt };
    }
  }
}
