import type { Unit } from './unit-of-work.js';

/**
 * One value that at most one lead may hold. `scope` is the product-line slug, or `*` for the whole store; `rule` names
 * the unique rule; `hash` is the keyed hash of the normalised value.
 */
export interface UniqueKey {
  readonly scope: string;
  readonly rule: string;
  readonly hash: string;
}

export interface UniqueKeyHolder extends UniqueKey {
  readonly holderId: string;
}

/** Lives in the documents home. */
export interface UniqueKeys {
  /**
   * Takes every free key of `claims` for its holder and returns the claims that somebody else holds, each with that
   * holder (empty: all taken). Claiming a key that the same holder has is no conflict.
   * MUST: of any number of callers at once exactly one gets a key; the others see it as holder (in MongoDB by repeating the
   * unit, as a duplicate key ends a transaction there).
   */
  claim(unit: Unit, claims: readonly UniqueKeyHolder[]): Promise<readonly UniqueKeyConflict[]>;
  /** Gives back keys of a holder: all, or those named. Others' keys stay. */
  release(unit: Unit, holderId: string, keys?: readonly UniqueKey[]): Promise<void>;
  /** Who holds the keys; keys that nobody holds are left out. At most 10,000 keys a call. */
  holders(unit: Unit | null, keys: readonly UniqueKey[]): Promise<readonly UniqueKeyHolder[]>;
  /** The keys one holder has. */
  heldBy(unit: Unit | null, holderId: string): Promise<readonly UniqueKey[]>;
  /**
   * The keys of all holders after `after`, by holder: a walk over all of them. The last holder of a page comes with all of its keys, so there
   * may be more than `limit`; none at the end.
   */
  list(after: string | null, limit: number): Promise<readonly UniqueKeyHolder[]>;
}

export interface UniqueKeyConflict {
  readonly claim: UniqueKeyHolder;
  /** Who holds it now. Several claims of one call for the same key: the first wins, the next conflict with it. */
  readonly holderId: string;
}
