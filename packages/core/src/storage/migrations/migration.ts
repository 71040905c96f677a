import type { MigrationKind } from '../migrations-port.js';
import type { CollectionPlan, CollectionRules } from '../mongo/collection-plan.js';
import type { MongoIndex } from '../mongo/mongo-handle.js';
import type { FlavourName } from '../sql/flavour.js';
import type { ColumnDescription, IndexDescription, TableDescription } from '../sql/schema-description.js';

/**
 * One step from a layout to the next. What it says stands for good: stores were changed by it, so it names tables and columns as
 * they were then and never refers to the newest schema. Each operation looks whether it is done already, so a step that was
 * killed anywhere is begun again from its first one.
 */
export interface Migration {
  /** The layout after it: one more than that before it. */
  readonly version: number;
  /** For people: what it brings. */
  readonly name: string;
  readonly kind: MigrationKind;
  /**
   * The oldest layout whose releases still work with a store after this step, while and after newer ones do. A release that knows
   * less refuses the store (`STORE_TOO_NEW`). Never lower than that of the step before.
   */
  readonly readableBy: number;
  /** For every SQL database of a store. */
  readonly commonTables?: readonly SqlOperation[];
  /** Where tables keep the documents: SQLite, and MySQL alone. */
  readonly documentTables?: readonly SqlOperation[];
  readonly ledgerTables?: readonly SqlOperation[];
  /** Where MongoDB keeps the documents. */
  readonly collections?: readonly MongoOperation[];
}

/** A column that releases which do not know it can leave out of what they write. */
export type AddedColumn = ColumnDescription & ({ readonly nullable: true } | { readonly default: number });

export type SqlOperation =
  | { readonly kind: 'create-table'; readonly table: TableDescription }
  | {
      readonly kind: 'add-column';
      readonly table: string;
      readonly column: string;
      readonly description: AddedColumn;
    }
  | { readonly kind: 'add-index'; readonly table: string; readonly index: IndexDescription }
  | { readonly kind: 'drop-index'; readonly table: string; readonly index: string }
  | SqlFill
  | SqlRun;

/** Gives rows in which `column` is null what another column holds, batch by batch. */
export interface SqlFill {
  readonly kind: 'fill';
  readonly table: string;
  readonly column: string;
  readonly from: string;
  /** A text column that leads the primary key: batches are ranges of it. */
  readonly by: string;
}

/** One statement that finds nothing to do when it was run before. */
export interface SqlRun {
  readonly kind: 'run';
  /** What it does, for people. */
  readonly words: string;
  /** The table that it reads whole. */
  readonly reads: string;
  readonly statement: Readonly<Record<FlavourName, string>>;
}

export type MongoOperation =
  | { readonly kind: 'create-collection'; readonly plan: CollectionPlan }
  | { readonly kind: 'set-rules'; readonly collection: string; readonly rules: CollectionRules }
  | { readonly kind: 'add-index'; readonly collection: string; readonly index: MongoIndex }
  | { readonly kind: 'drop-index'; readonly collection: string; readonly index: string }
  | MongoFill;

/** Gives documents that lack `field` what another field holds, batch by batch. */
export interface MongoFill {
  readonly kind: 'fill';
  readonly collection: string;
  readonly field: string;
  readonly from: string;
}
