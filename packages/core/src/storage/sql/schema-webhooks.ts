import type { TableDescription } from './schema-description.js';

/** Who outside is told of events, and what is to be sent. */
export const webhooksSchema: readonly TableDescription[] = [
  {
    name: 'webhook_endpoints',
    columns: {
      id: { kind: 'id' },
      url: { kind: 'text' },
      description: { kind: 'text' },
      event_types: { kind: 'json' },
      product_lines: { kind: 'json' },
      include: { kind: 'slug', oneOf: ['ids', 'masked'] },
      status: { kind: 'slug', oneOf: ['active', 'disabled', 'removed'] },
      disabled_reason: { kind: 'slug', nullable: true },
      failing_since: { kind: 'instant', nullable: true },
      told_from: { kind: 'integer', min: 0 },
      secrets: { kind: 'json' },
      version: { kind: 'integer', min: 1 },
      created_at: { kind: 'instant' },
      created_by: { kind: 'name' },
      updated_at: { kind: 'instant' },
      format: { kind: 'integer', default: 1 },
    },
    primaryKey: ['id'],
  },
  {
    name: 'webhook_deliveries',
    columns: {
      id: { kind: 'id' },
      endpoint_id: { kind: 'id' },
      event_id: { kind: 'id' },
      event_type: { kind: 'slug' },
      aggregate_kind: { kind: 'slug' },
      aggregate_id: { kind: 'slug' },
      payload: { kind: 'text' },
      made_at: { kind: 'instant' },
      status: { kind: 'slug', oneOf: ['waiting', 'delivered', 'dead', 'dismissed'] },
      at: { kind: 'instant' },
      attempts: { kind: 'integer', min: 0 },
      fence: { kind: 'integer', min: 0 },
      delivered_status: { kind: 'integer', nullable: true },
      failures: { kind: 'json' },
      format: { kind: 'integer', default: 1 },
    },
    primaryKey: ['id'],
    indexes: [
      { name: 'webhook_deliveries_by_event', columns: ['endpoint_id', 'event_id'], unique: true },
      { name: 'webhook_deliveries_due', columns: ['endpoint_id', 'status', 'at', 'id'] },
    ],
  },
  {
    name: 'webhook_cursors',
    columns: { name: { kind: 'slug' }, position: { kind: 'integer', min: 0 } },
    primaryKey: ['name'],
    clustered: true,
  },
];
