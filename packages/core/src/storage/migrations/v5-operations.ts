import type { Migration } from './migration.js';

/** To calls to other systems that leave a record and have budgets. */
export const operationsMigration: Migration = {
  version: 5,
  name: 'records of calls to other systems, and their budgets',
  kind: 'expand',
  readableBy: 4,
  ledgerTables: [
    {
      kind: 'create-table',
      table: {
        name: 'exchanges',
        columns: {
          id: { kind: 'id' },
          target: { kind: 'slug' },
          purpose: { kind: 'slug' },
          subject_kind: { kind: 'slug', nullable: true },
          subject_id: { kind: 'slug', nullable: true },
          actor: { kind: 'name' },
          correlation_id: { kind: 'slug', nullable: true },
          method: { kind: 'slug' },
          host: { kind: 'text' },
          path: { kind: 'text' },
          started_at: { kind: 'instant' },
          request_bytes: { kind: 'integer', min: 0 },
          request_hash: { kind: 'hash', nullable: true },
          sealed_request: { kind: 'text', nullable: true },
          outcome: { kind: 'slug' },
          finished_at: { kind: 'instant', nullable: true },
          status: { kind: 'integer', nullable: true },
          attempts: { kind: 'integer', min: 0 },
          response_bytes: { kind: 'integer', nullable: true, min: 0 },
          response_hash: { kind: 'hash', nullable: true },
          sealed_response: { kind: 'text', nullable: true },
          format: { kind: 'integer', default: 1 },
        },
        primaryKey: ['id'],
        indexes: [
          { name: 'exchanges_by_subject', columns: ['subject_kind', 'subject_id', 'id'], notNull: 'subject_id' },
          { name: 'exchanges_by_target', columns: ['target', 'id'] },
          { name: 'exchanges_by_start', columns: ['started_at'] },
        ],
      },
    },
    {
      kind: 'create-table',
      table: {
        name: 'outbound_budgets',
        columns: {
          target: { kind: 'slug' },
          period: { kind: 'slug' },
          spent: { kind: 'integer', min: 0 },
          spent_at: { kind: 'instant' },
        },
        primaryKey: ['target', 'period'],
        indexes: [{ name: 'outbound_budgets_by_time', columns: ['spent_at'] }],
        clustered: true,
      },
    },
  ],
};
