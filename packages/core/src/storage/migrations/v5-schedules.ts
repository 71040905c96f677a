import type { SqlOperation } from './migration.js';

/** The table of schedules, as layout 5 made it. */
export const scheduleTables: readonly SqlOperation[] = [
  {
    kind: 'create-table',
    table: {
      name: 'job_schedules',
      columns: {
        name: { kind: 'name' },
        plan: { kind: 'text' },
        kind: { kind: 'slug' },
        next_at: { kind: 'instant' },
        last_due: { kind: 'instant', nullable: true },
        last_at: { kind: 'instant', nullable: true },
        last_job: { kind: 'id', nullable: true },
        version: { kind: 'integer', min: 1 },
        format: { kind: 'integer', default: 1 },
      },
      primaryKey: ['name'],
      indexes: [{ name: 'job_schedules_by_time', columns: ['next_at'] }],
    },
  },
];
