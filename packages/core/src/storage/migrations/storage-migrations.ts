import type { MigrationReport, MigrationRunOptions, MigrationStatus, StorePart } from '../migrations-port.js';
import { refuseTooNew } from './layout.js';
import { migrations, newestLayout } from './migrations.js';
import { type MigrationTarget, pendingAfter, runMigrations } from './run-migrations.js';

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
