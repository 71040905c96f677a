import type { UniqueKey } from '../../foundation/persistence/index.js';
import type { DryRunClaims } from './create-outcome.js';
import { keyText } from './lead-keys.js';

/**
 * What a check gives away, until it is kept: a check that fails after it leaves nothing behind, so that its repeat does not find the
 * items to be duplicates of themselves.
 */
export class PendingClaims implements DryRunClaims {
  readonly #kept: DryRunClaims;
  readonly #pending: Map<string, { readonly key: UniqueKey; readonly reference: string }> = new Map();

  constructor(kept: DryRunClaims) {
    this.#kept = kept;
  }

  holder(key: UniqueKey): string | null {
    return this.#pending.get(keyText(key))?.reference ?? this.#kept.holder(key);
  }

  claim(key: UniqueKey, reference: string): void {
    this.#pending.set(keyText(key), { key, reference });
  }

  keep(): void {
    for (const { key, reference } of this.#pending.values()) this.#kept.claim(key, reference);
    this.#pending.clear();
  }
}
