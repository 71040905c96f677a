import type { TableDescription } from './schema-description.js';

/** What is to happen at a time. */
export const timersSchema: readonly TableDescription[] = [
  {
    name: 'timers',
    columns: {
      timer_key: { kind: 'name' },
      id: { kind: 'id' },
      due_at: { kind: 'instant' },
      fire_at: { kind: 'instant' },
      stuck: { kind: 'flag' },
      attempts: { kind: 'integer', min: 0 },
      last_error: { kind: 'slug', nullable: true },
      event_type: { kind: 'slug' },
      aggregate_kind: { kind: 'slug' },
      aggregate_id: { kind: 'id' },
      aggregate_version: { kind: 'integer', min: 0 },
      data: { kind: 'json' },
      actor: { kind: 'name' },
      via: { kind: 'json', nullable: true },
      correlation_id: { kind: 'slug' },
      set_at: { kind: 'instant' },
      format: { kind: 'integer', default: 1 },
    },
    primaryKey: ['timer_key'],
    indexes: [{ name: 'timers_due', columns: ['stuck', 'fire_at', 'timer_key'] }],
  },
];
