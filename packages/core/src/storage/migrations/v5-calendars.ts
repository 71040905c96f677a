import type { SqlOperation } from './migration.js';

/** The table of calendars, as layout 5 made it. */
export const calendarTables: readonly SqlOperation[] = [
  {
    kind: 'create-table',
    table: {
      name: 'calendars',
      columns: {
        slug: { kind: 'slug' },
        version: { kind: 'integer', min: 1 },
        id: { kind: 'id' },
        body: { kind: 'json' },
        published_at: { kind: 'instant' },
        published_by: { kind: 'name' },
        format: { kind: 'integer', default: 1 },
      },
      primaryKey: ['slug', 'version'],
    },
  },
];
