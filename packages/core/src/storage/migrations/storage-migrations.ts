import { type Layout, refuseTooNew } from './layout.js';
import type { MigrationKind } from './migration.js';
import { migrations, newestLayout } from './migrations.js';
import { type MigrationProgress, type MigrationTarget, pendingAfter, runMigrations } from './run-migrations.js';

export type { Layout, MigratePolicy } from './layout.js';
export type { MigrationKind } from './migration.js';
export type { MigrationProgress } from './run-migrations.js';

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

/** @see StorageMigrations.status */
export async function statusOf<Operation>(
  part: StorePart,
  target: MigrationTarget<Operation>,
): Promise<MigrationStatus> {
  const layout = await target.layout();
  const rows = layout === null ? new Map<string, number>() : await target.rowEstimates();
  const pending = pendingAfter(layout, migrations).map((step) => ({
    version: step.version,
    name: step.name,
    kind: step.kind,
    readableBy: step.readableBy,
    operations: target.operationsOf(step).map((operation) => ({
      operation: target.describe(operation),
      rows: rows.get(target.readBy(operation) ?? '') ?? 0,
    })),
  }));
  return { part, place: target.place, layout, newest: newestLayout, pending, rows: Object.fromEntries(rows) };
}

/** @see StorageMigrations.run */
export async function migrateTarget<Operation>(
  part: StorePart,
  target: MigrationTarget<Operation>,
  options: MigrationRunOptions,
): Promise<MigrationReport> {
  const found = await target.layout();
  if (found !== null) refuseTooNew(found, target.place);
  const taken = await runMigrations(target, { ...options, migrations });
  return {
    part,
    place: target.place,
    taken: taken.map(({ version, name }) => ({ version, name })),
    layout: await target.layout(),
  };
}
