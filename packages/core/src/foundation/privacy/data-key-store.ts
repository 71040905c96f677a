import type { Instant } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';

/** The data key of one aggregate, wrapped by the master key. Destroying it erases all that was sealed under it. */
export interface StoredDataKey {
  readonly kind: string;
  readonly id: string;
  /** Base64 of the wrapped key; empty once destroyed. */
  readonly wrapped: string;
  /** Which master key wraps it. */
  readonly masterKeyId: string;
  readonly destroyedAt: Instant | null;
}

/** Lives in the documents home. */
export interface DataKeyStore {
  insert(unit: Unit, keys: readonly StoredDataKey[]): Promise<void>;
  /** Keys of the aggregates that have one. At most 10,000 ids a call. */
  find(unit: Unit | null, kind: string, ids: readonly string[]): Promise<readonly StoredDataKey[]>;
  /** Empties the wrapped key and marks it; a destroyed key stays destroyed. */
  destroy(unit: Unit, kind: string, id: string, at: Instant): Promise<void>;
}

/** A store-wide key (the look-up key), wrapped by the master key. */
export interface StoredStoreKey {
  readonly name: string;
  readonly wrapped: string;
  readonly masterKeyId: string;
}

/** Lives in the documents home. */
export interface StoreKeyStore {
  /** MUST: of two callers at once one inserts (true), the other gets false. */
  insert(unit: Unit, key: StoredStoreKey): Promise<boolean>;
  find(unit: Unit | null, name: string): Promise<StoredStoreKey | null>;
}
