import type {
  UniqueKey,
  UniqueKeyConflict,
  UniqueKeyHolder,
  UniqueKeys,
  Unit,
} from '../../foundation/persistence/index.js';
import type { LookupKeys, LookupRing } from '../../foundation/privacy/index.js';
import { keyChanges, keyText } from './lead-keys.js';
import { DefinitionMoved } from './line-reader.js';

/** As {@link UniqueKeys.holders} takes them. */
const mostKeysACall = 10_000;

/**
 * Unique keys as leads know them: by the hash under the first look-up key. They are kept under the newest, and while it takes over under the one
 * before it as well, so whoever claims in one phase of a rotation meets whoever claims in the next.
 */
export class HeldKeys {
  readonly #kept: UniqueKeys;
  readonly #lookupKeys: LookupKeys;

  constructor(kept: UniqueKeys, lookupKeys: LookupKeys) {
    this.#kept = kept;
    this.#lookupKeys = lookupKeys;
  }

  /**
   * The look-up keys under which this unit writes; they stay until it ends.
   * @throws DefinitionMoved when they were changed since the unit began
   */
  async ring(unit: Unit): Promise<LookupRing> {
    const ring = await this.#lookupKeys.inUnit(unit);
    if (ring === null) throw new DefinitionMoved('the look-up keys were changed');
    return ring;
  }

  /** As {@link UniqueKeys.claim}. @throws DefinitionMoved */
  async claim(unit: Unit, claims: readonly UniqueKeyHolder[]): Promise<readonly UniqueKeyConflict[]> {
    const ring = await this.ring(unit);
    const kept: UniqueKeyHolder[] = [];
    const claimOf = new Map<string, UniqueKeyHolder>();
    for (const claim of claims) {
      for (const key of keptAs(ring, claim)) {
        const each = { ...key, holderId: claim.holderId };
        kept.push(each);
        claimOf.set(nameOf(each), claim);
      }
    }
    const conflicts = new Map<UniqueKeyHolder, UniqueKeyConflict>();
    for (const { claim, holderId } of await this.#kept.claim(unit, kept)) {
      const asked = claimOf.get(nameOf(claim)) ?? claim;
      if (!conflicts.has(asked)) conflicts.set(asked, { claim: asked, holderId });
    }
    return [...conflicts.values()];
  }

  /**
   * Lets a holder have these keys and no others: gives back what it had besides, and claims the rest.
   * @returns what others hold, as {@link UniqueKeys.claim}
   * @throws DefinitionMoved
   */
  async exchange(unit: Unit, holderId: string, wanted: readonly UniqueKey[]): Promise<readonly UniqueKeyConflict[]> {
    const ring = await this.ring(unit);
    const before = await this.#kept.heldBy(unit, holderId);
    const { released } = keyChanges(
      before,
      wanted.flatMap((key) => keptAs(ring, key)),
    );
    if (released.length > 0) await this.#kept.release(unit, holderId, released);
    const had = new Set(before.map(keyText));
    const claims = wanted.filter((key) => keptAs(ring, key).some((kept) => !had.has(keyText(kept))));
    if (claims.length === 0) return [];
    return this.claim(
      unit,
      claims.map((key) => ({ ...key, holderId })),
    );
  }

  /** As {@link UniqueKeys.holders}, of any number of keys. @throws DefinitionMoved in a unit */
  async holders(unit: Unit | null, keys: readonly UniqueKey[]): Promise<readonly UniqueKeyHolder[]> {
    if (unit !== null) return this.#holders(unit, keys, await this.ring(unit));
    return this.#lookupKeys.asking(null, (ring) => this.#holders(null, keys, ring));
  }

  async #holders(unit: Unit | null, keys: readonly UniqueKey[], ring: LookupRing): Promise<readonly UniqueKeyHolder[]> {
    const kept: UniqueKey[] = [];
    const askedFor = new Map<string, UniqueKey>();
    for (const key of keys) {
      for (const hash of ring.everyOf(key.hash)) {
        const each = { scope: key.scope, rule: key.rule, hash };
        kept.push(each);
        askedFor.set(keyText(each), key);
      }
    }
    const found = new Map<string, UniqueKeyHolder>();
    for (let start = 0; start < kept.length; start += mostKeysACall) {
      for (const holder of await this.#kept.holders(unit, kept.slice(start, start + mostKeysACall))) {
        const { scope, rule, hash } = askedFor.get(keyText(holder)) ?? holder;
        const key = { scope, rule, hash };
        found.set(keyText(key), { ...key, holderId: holder.holderId });
      }
    }
    return [...found.values()];
  }
}

function keptAs(ring: LookupRing, { scope, rule, hash }: UniqueKey): readonly UniqueKey[] {
  return ring.claimed(hash).map((each) => ({ scope, rule, hash: each }));
}

function nameOf(claim: UniqueKeyHolder): string {
  return `${keyText(claim)}\n${claim.holderId}`;
}
