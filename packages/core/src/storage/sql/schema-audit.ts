import type { TableDescription } from './schema-description.js';

/** Where the sealed trail stands: one row for now, and one for each day as it ended. */
export const auditHeadsSchema: TableDescription = {
  name: 'audit_heads',
  columns: {
    name: { kind: 'slug' },
    position: { kind: 'integer', min: 1 },
    chain_hash: { kind: 'hash' },
    at: { kind: 'instant' },
    mac: { kind: 'hash' },
  },
  primaryKey: ['name'],
  clustered: true,
};
