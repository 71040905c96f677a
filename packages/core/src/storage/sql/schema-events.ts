import type { TableDescription } from './schema-description.js';

/** Who is told of what happens, and how far. */
export const eventsSchema: readonly TableDescription[] = [
  {
    name: 'event_consumers',
    columns: {
      name: { kind: 'slug' },
      id: { kind: 'id' },
      position: { kind: 'integer', min: 0 },
      status: { kind: 'slug', oneOf: ['running', 'paused', 'stopped'] },
      fence: { kind: 'integer', min: 0 },
      holder: { kind: 'name', nullable: true },
      lease_until: { kind: 'instant', nullable: true },
      attempts: { kind: 'integer', min: 0 },
      retry_at: { kind: 'instant', nullable: true },
      last_error: { kind: 'slug', nullable: true },
      failed_position: { kind: 'integer', nullable: true, min: 0 },
      created_at: { kind: 'instant' },
      updated_at: { kind: 'instant' },
      format: { kind: 'integer', default: 1 },
    },
    primaryKey: ['name'],
    clustered: true,
  },
];
