import type { UniqueKey } from '../../foundation/persistence/index.js';
import type { DryRunClaims } from '../leads/index.js';

/** The unique values that the rows of a dry run would have taken, as keyed hashes; about 150 bytes a value. */
export class ClaimedValues implements DryRunClaims {
  readonly #holders: Map<string, string> = new Map();

  holder(key: UniqueKey): string | null {
    return this.#holders.get(textOf(key)) ?? null;
  }

  claim(key: UniqueKey, reference: string): void {
    this.#holders.set(textOf(key), reference);
  }
}

/** Where nobody has claimed anything. */
export const noClaims: DryRunClaims = { holder: () => null, claim: () => undefined };

function textOf({ scope, rule, hash }: UniqueKey): string {
  return `${scope}\n${rule}\n${hash}`;
}
