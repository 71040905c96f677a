import type { TableDescription } from './schema-description.js';

/** When people work. */
export const calendarsSchema: readonly TableDescription[] = [
  {
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
];
