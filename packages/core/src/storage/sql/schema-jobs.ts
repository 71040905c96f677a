import type { TableDescription } from './schema-description.js';

/** Work that is to be done later. */
export const jobsSchema: readonly TableDescription[] = [
  {
    name: 'jobs',
    columns: {
      id: { kind: 'id' },
      kind: { kind: 'slug' },
      status: { kind: 'slug', oneOf: ['waiting', 'running', 'done', 'dead', 'cancelled'] },
      priority: { kind: 'integer', min: 0 },
      run_at: { kind: 'instant' },
      attempts: { kind: 'integer', min: 0 },
      max_attempts: { kind: 'integer', min: 1 },
      lease_until: { kind: 'instant', nullable: true },
      lease_holder: { kind: 'name', nullable: true },
      fence: { kind: 'integer', min: 0 },
      payload: { kind: 'json' },
      result: { kind: 'json', nullable: true },
      progress: { kind: 'json', nullable: true },
      last_error: { kind: 'slug', nullable: true },
      dedupe_key: { kind: 'name', nullable: true },
      active_key: { kind: 'name', nullable: true },
      created_at: { kind: 'instant' },
      started_at: { kind: 'instant', nullable: true },
      finished_at: { kind: 'instant', nullable: true },
      actor: { kind: 'name' },
      via: { kind: 'json', nullable: true },
      correlation_id: { kind: 'slug' },
      cancel_requested: { kind: 'flag' },
      format: { kind: 'integer', default: 1 },
    },
    primaryKey: ['id'],
    indexes: [
      { name: 'jobs_due', columns: ['status', 'kind', 'priority', 'run_at', 'id'] },
      { name: 'jobs_by_status', columns: ['status', 'id'] },
      { name: 'jobs_by_kind', columns: ['kind', 'status', 'id'] },
      { name: 'jobs_ended', columns: ['status', 'finished_at'] },
      { name: 'jobs_leased', columns: ['lease_until'], notNull: 'lease_until' },
      { name: 'jobs_active_key', columns: ['kind', 'active_key'], unique: true, notNull: 'active_key' },
    ],
  },
];
