import type { TableDescription } from './schema-description.js';
import { documentSchema } from './schema-documents.js';
import { ledgerSchema } from './schema-ledger.js';

/** The newest schema this release writes; a store with a higher one is refused (`STORE_TOO_NEW`). */
export const schemaVersion = 1;

/** Name of the row of `store_schema` that says the store is one of ours. */
export const schemaName = 'lms';

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
    columns: { home: { kind: 'slug', oneOf: ['documents', 'ledger'] }, id: { kind: 'id' }, event: { kind: 'json' } },
    primaryKey: ['home', 'id'],
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
