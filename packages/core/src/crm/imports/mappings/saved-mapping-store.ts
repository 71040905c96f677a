import type { ActorRef, Instant, Json } from '../../../foundation/kernel/index.js';
import type { Unit } from '../../../foundation/persistence/index.js';

/** A mapping as it rests. Holds headings, never a value of a row. */
export interface StoredMapping {
  readonly id: string;
  readonly productLine: string;
  /** Unique in its line; compared byte by byte. */
  readonly name: string;
  readonly document: Json;
  readonly version: number;
  readonly savedAt: Instant;
  readonly savedBy: ActorRef;
}

/** Lives in the documents home. */
export interface SavedMappingStore {
  get(unit: Unit | null, productLine: string, name: string): Promise<StoredMapping | null>;
  /** By line and name, after the given place; without documents of other lines when a line is given. */
  list(query: {
    readonly productLine?: string;
    readonly after?: { readonly productLine: string; readonly name: string };
    readonly limit: number;
  }): Promise<readonly StoredMapping[]>;
  /** MUST: false when the line has a mapping of this name; of two callers at once one gets true. */
  insert(unit: Unit, mapping: StoredMapping): Promise<boolean>;
  /** Compare-and-swap on version. */
  replace(unit: Unit, mapping: StoredMapping, expectedVersion: number): Promise<boolean>;
  /** Compare-and-swap on version. */
  remove(unit: Unit, productLine: string, name: string, expectedVersion: number): Promise<boolean>;
}
