import { bson } from '../mongo/collection-plan.js';
import type { Migration } from './migration.js';

/** To outboxes in lanes that remember failed tries, and to steps whose outcomes are kept. */
export const relayMigration: Migration = {
  version: 3,
  name: 'outboxes in lanes, with what failed and when it is tried again; outcomes of steps',
  kind: 'expand',
  readableBy: 1,
  commonTables: [
    { kind: 'add-column', table: 'outbox', column: 'lane', description: { kind: 'integer', default: 0, min: 0 } },
    { kind: 'add-column', table: 'outbox', column: 'attempts', description: { kind: 'integer', default: 0, min: 0 } },
    { kind: 'add-column', table: 'outbox', column: 'due_at', description: { kind: 'instant', nullable: true } },
    { kind: 'add-column', table: 'outbox', column: 'error', description: { kind: 'slug', nullable: true } },
    { kind: 'add-column', table: 'outbox', column: 'stuck', description: { kind: 'flag', default: 0 } },
    {
      kind: 'add-index',
      table: 'outbox',
      index: { name: 'outbox_by_lane', columns: ['home', 'stuck', 'lane', 'id'] },
    },
  ],
  ledgerTables: [
    {
      kind: 'create-table',
      table: {
        name: 'step_outcomes',
        columns: {
          event_id: { kind: 'id' },
          step: { kind: 'slug' },
          outcome: { kind: 'slug', oneOf: ['done', 'refused'] },
          code: { kind: 'slug', nullable: true },
          reason: { kind: 'text', nullable: true },
          at: { kind: 'instant' },
          format: { kind: 'integer', default: 1 },
        },
        primaryKey: ['event_id', 'step'],
        clustered: true,
      },
    },
  ],
  collections: [
    {
      kind: 'set-rules',
      collection: 'outbox',
      rules: {
        required: ['format', 'event'],
        properties: {
          _id: bson.text,
          format: { enum: [1] },
          event: bson.text,
          lane: bson.whole,
          attempts: bson.whole,
          dueAt: bson.textOrNull,
          error: bson.textOrNull,
          stuck: { bsonType: 'bool' },
        },
      },
    },
    { kind: 'add-index', collection: 'outbox', index: { key: { stuck: 1, lane: 1, _id: 1 }, name: 'lane' } },
  ],
};
