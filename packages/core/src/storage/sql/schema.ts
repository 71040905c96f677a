import type { TableDescription } from './schema-description.js';
import { documentSchema } from './schema-documents.js';
import { ledgerSchema } from './schema-ledger.js';

/**
 * Name of the row of `store_schema` that says the store is one of ours. Its version is the oldest layout whose releases work with the
 * store: all that releases of the first layout look at.
 */
export const schemaName = 'lms';

/** Name of the row of `store_schema` with the layout itself; stores of the first layout lack it. */
export const layoutName = 'lms-layout';

/** Kept in every SQL database: what it is, the outbox of its home or homes, and the command keys. */
const commonSchema: readonly TableDescription[] = [
  {
    name: 'store_schema',
    columns: { name: { kind: 'slug' }, version: { kind: 'integer', min: 1 } },
    primaryKey: ['name'],
    clustered: true,
  },
  {
    name: 'outbox',
    columns: {
      home: { kind: 'slug', oneOf: ['documents', 'ledger'] },
      id: { kind: 'id' },
      event: { kind: 'json' },
      lane: { kind: 'integer', default: 0, min: 0 },
      attempts: { kind: 'integer', default: 0, min: 0 },
      due_at: { kind: 'instant', nullable: true },
      error: { kind: 'slug', nullable: true },
      stuck: { kind: 'flag', default: 0 },
    },
    primaryKey: ['home', 'id'],
    indexes: [{ name: 'outbox_by_lane', columns: ['home', 'stuck', 'lane', 'id'] }],
  },
  {
    name: 'commands',
    columns: {
      home: { kind: 'slug', oneOf: ['documents', 'ledger'] },
      scope: { kind: 'name' },
      command_key: { kind: 'name' },
      body_hash: { kind: 'hash' },
      aggregate_kind: { kind: 'slug' },
      aggregate_id: { kind: 'slug' },
      version: { kind: 'integer', min: 0 },
      at: { kind: 'instant' },
      expires_at: { kind: 'instant' },
    },
    primaryKey: ['home', 'scope', 'command_key'],
    indexes: [{ name: 'commands_by_expiry', columns: ['home', 'expires_at'] }],
    clustered: true,
  },
];

/** Tables of a database that is both homes: SQLite, or MySQL alone. */
export const bothHomesSchema: readonly TableDescription[] = [...commonSchema, ...documentSchema, ...ledgerSchema];

/** Kept where the documents are on another server: the store that this half is of. One row, `name` = `lms`. */
const storeIdentity: TableDescription = {
  name: 'store_identity',
  columns: { name: { kind: 'slug' }, id: { kind: 'id' } },
  primaryKey: ['name'],
  clustered: true,
};

/** Tables of a database that keeps the ledger alone: MySQL beside MongoDB. */
export const ledgerOnlySchema: readonly TableDescription[] = [...commonSchema, storeIdentity, ...ledgerSchema];
