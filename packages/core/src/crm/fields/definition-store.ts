import type { ActorRef, Instant, Json } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';

/** What a product line currently stands on. `revision` rises with every publish, of fields or pipeline. */
export interface LineHead {
  readonly slug: string;
  readonly name: string;
  readonly revision: number;
  readonly schemaVersion: number;
  readonly pipelineVersion: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** The versioned parts of a product line. */
export type DefinitionPartName = 'fields' | 'pipeline';

/** A published version of one part; never changes. */
export interface StoredDefinition {
  readonly productLine: string;
  readonly part: DefinitionPartName;
  readonly version: number;
  readonly body: Json;
  readonly publishedAt: Instant;
  readonly publishedBy: ActorRef;
}

/** An unpublished definition file of a line; one a line. */
export interface StoredDraft {
  readonly productLine: string;
  /** Revision of the line it was begun on; 0 for a new line. */
  readonly baseRevision: number;
  readonly definition: Json;
  readonly savedAt: Instant;
  readonly savedBy: ActorRef;
}

/** Lives in the documents home. */
export interface DefinitionStore {
  /** In a unit the line stays as it was read until the unit ends, or {@link awaitReaders} waits for that end. */
  head(unit: Unit | null, slug: string): Promise<LineHead | null>;
  /** By slug, at most 1,000. */
  heads(): Promise<readonly LineHead[]>;
  /** MUST: false when the slug exists; of two callers at once one gets true. */
  insertHead(unit: Unit, head: LineHead): Promise<boolean>;
  /** Compare-and-swap on revision. */
  replaceHead(unit: Unit, head: LineHead, expectedRevision: number): Promise<boolean>;
  /**
   * Resolves when every unit that read a head before it was replaced has ended. Called after the commit of a definition that takes
   * something out of use: what such units wrote is there by then, and later ones see the new head.
   * @throws LmsError retryable when they do not end in time
   */
  awaitReaders(): Promise<void>;
  insertVersion(unit: Unit, definition: StoredDefinition): Promise<void>;
  version(unit: Unit | null, slug: string, part: DefinitionPartName, version: number): Promise<StoredDefinition | null>;
  /** Newest first, without bodies, at most `limit`. */
  versions(slug: string, part: DefinitionPartName, limit: number): Promise<readonly Omit<StoredDefinition, 'body'>[]>;
  draft(unit: Unit | null, slug: string): Promise<StoredDraft | null>;
  saveDraft(unit: Unit, draft: StoredDraft): Promise<void>;
  removeDraft(unit: Unit, slug: string): Promise<void>;
}
