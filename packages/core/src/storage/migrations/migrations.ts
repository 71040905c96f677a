import type { Migration } from './migration.js';
import { importsMigration } from './v2-imports.js';
import { relayMigration } from './v3-relay.js';
import { totalsMigration } from './v4-totals.js';
import { operationsMigration } from './v5-operations.js';

/** The layout of the first release: every store before `migrations` is of it. */
const firstLayout = 1;

/**
 * Every step from the first layout to the newest, in order. To change the schema: change its description (new stores are made from
 * that at once), and add a step here that brings older stores to the same; a test compares the two on the real engines.
 */
export const migrations: readonly Migration[] = [
  importsMigration,
  relayMigration,
  totalsMigration,
  operationsMigration,
];

/** The layout that this release makes and knows. */
export const newestLayout: number = migrations.at(-1)?.version ?? firstLayout;

/** The oldest layout whose releases work with a store that this release made. */
export const newestReadableBy: number = migrations.at(-1)?.readableBy ?? firstLayout;
