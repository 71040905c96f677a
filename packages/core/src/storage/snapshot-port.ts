import type { SnapshotStore, StoreLoading, StoreSnapshot } from '../foundation/backup/snapshot-store.js';
import { newestLayout } from './migrations/migrations.js';
import { copiedLayouts } from './sql/copied-tables.js';
import { trailRow } from './trail-row.js';

/** The port of a shape: how it is copied out of, and how it is filled. */
export function snapshotPort(shape: {
  snapshot(signal?: AbortSignal): Promise<StoreSnapshot>;
  load(): Promise<StoreLoading>;
}): SnapshotStore {
  return { schemaVersion: newestLayout, tables: copiedLayouts, trailRow, ...shape };
}
