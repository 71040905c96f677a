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

/** Where a walk over the data keys stands. */
export type DataKeyPlace = Pick<StoredDataKey, 'kind' | 'id'>;

/** A data key, wrapped by another master key than before. */
export interface RewrappedDataKey extends DataKeyPlace {
  /** The wrapped text that this stands in for. */
  readonly from: string;
  readonly wrapped: string;
  readonly masterKeyId: string;
}

/** Lives in the documents home. */
export interface DataKeyStore {
  insert(unit: Unit, keys: readonly StoredDataKey[]): Promise<void>;
  /** Keys of the aggregates that have one. At most 10,000 ids a call. */
  find(unit: Unit | null, kind: string, ids: readonly string[]): Promise<readonly StoredDataKey[]>;
  /** Empties the wrapped key and marks it; a destroyed key stays destroyed. */
  destroy(unit: Unit, kind: string, id: string, at: Instant): Promise<void>;
  /** The next keys of all aggregates, by kind and id, destroyed ones too; none at the end. At most 1,000 a call. */
  list(after: DataKeyPlace | null, limit: number): Promise<readonly StoredDataKey[]>;
  /**
   * MUST: changes those keys alone that are still wrapped as given, so that none is revived that was destroyed and of two callers at once
   * one takes effect. At most 100 a call. @returns how many were changed
   */
  rewrap(unit: Unit, keys: readonly RewrappedDataKey[]): Promise<number>;
}

/** A store-wide key, such as the look-up key, wrapped by the master key. */
export interface StoredStoreKey {
  readonly name: string;
  readonly wrapped: string;
  readonly masterKeyId: string;
}

/** A store key, wrapped by another master key than before. */
export interface RewrappedStoreKey extends StoredStoreKey {
  /** The wrapped text that this stands in for. */
  readonly from: string;
}

/** Lives in the documents home. */
export interface StoreKeyStore {
  /** MUST: of two callers at once one inserts (true), the other gets false. */
  insert(unit: Unit, key: StoredStoreKey): Promise<boolean>;
  /** In a unit the key stays as it was read until the unit ends, or {@link awaitReaders} waits for that end. */
  find(unit: Unit | null, name: string): Promise<StoredStoreKey | null>;
  /** All of them, by name: there is one a purpose. At most 1,000 are given. */
  list(): Promise<readonly StoredStoreKey[]>;
  /** MUST: changes the key only while it is wrapped as given; else false. */
  rewrap(unit: Unit, key: RewrappedStoreKey): Promise<boolean>;
  /**
   * Resolves when every unit that read a store key before it was changed has ended: what such units wrote is there by then, and later ones
   * see the key as it is now. Called after the commit of the change.
   * @throws LmsError retryable when they do not end in time
   */
  awaitReaders(): Promise<void>;
}
