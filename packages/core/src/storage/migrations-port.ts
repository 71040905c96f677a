/** What a database says of its layout. */
export interface Layout {
  /** The last step that was taken. */
  readonly version: number;
  /** The oldest layout whose releases work with it. */
  readonly readableBy: number;
}

/** `at-open`: an older store is migrated when it is opened. `refuse`: opening it fails until `lms storage migrate` was run. */
export type MigratePolicy = 'at-open' | 'refuse';

/**
 * What a step does to a store. `expand` adds what older releases need not know; `fill` brings older rows and documents to what
 * newer ones look like; `contract` takes away or forbids what only releases before `readableBy` need.
 */
export type MigrationKind = 'expand' | 'fill' | 'contract';

/** Where a run stands. */
export interface MigrationProgress {
  /** The file or the server, without credentials. */
  readonly place: string;
  readonly version: number;
  readonly name: string;
  /** In words: `create table saved_mappings`. */
  readonly operation: string;
  /** Rows or documents of this operation that were looked at. */
  readonly rows: number;
}

/** Which part of a store a database keeps. */
export type StorePart = 'store' | 'documents' | 'ledger';

/** One operation of a step that is to come. */
export interface PlannedOperation {
  /** In words: `create table saved_mappings`. */
  readonly operation: string;
  /** About how many rows or documents it reads; 0 when it reads none. */
  readonly rows: number;
}

export interface PendingMigration {
  readonly version: number;
  readonly name: string;
  readonly kind: MigrationKind;
  /** The oldest layout whose releases work with the store afterwards. */
  readonly readableBy: number;
  readonly operations: readonly PlannedOperation[];
}

/** Where one database of a store stands. */
export interface MigrationStatus {
  readonly part: StorePart;
  /** The file or the server, without credentials. */
  readonly place: string;
  /** Null while nothing was made in it: the first opening makes it, of the newest layout. */
  readonly layout: Layout | null;
  /** The layout that this release makes. */
  readonly newest: number;
  readonly pending: readonly PendingMigration[];
  /** About how many rows each table, or documents each collection, has. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What was done to one database of a store. */
export interface MigrationReport {
  readonly part: StorePart;
  readonly place: string;
  /** The steps that this call took; none when there were none, or others took them. */
  readonly taken: readonly { readonly version: number; readonly name: string }[];
  readonly layout: Layout | null;
}

export interface MigrationRunOptions {
  /** Stops between two operations or batches with `COMMAND_ABORTED`; what was done stays, and the next run goes on. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: MigrationProgress) => void;
  /** How long a step that another process takes is waited for, in milliseconds; 60,000 when absent. */
  readonly waitMillis?: number;
}

/**
 * Brings a store to the layout of this release. Works on a store that opening refuses, and beside servers that work with it. Nothing is
 * made in an empty database.
 */
export interface StorageMigrations {
  /** Changes nothing. Documents first. @throws LmsError `STORE_*`, `DRIVER_MISSING` */
  status(): Promise<readonly MigrationStatus[]>;
  /**
   * Takes the steps that are pending, documents first. Of callers at once, in any number of processes, one takes a step and the others
   * wait for it.
   * @throws LmsError `STORE_LOCKED`, `STORE_TOO_NEW`, `COMMAND_ABORTED`, and as opening does
   */
  run(options?: MigrationRunOptions): Promise<readonly MigrationReport[]>;
}
