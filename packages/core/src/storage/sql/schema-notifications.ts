import type { TableDescription } from './schema-description.js';

/** What people are told: templates and rules, and what became of each notification. */
export const notificationsSchema: readonly TableDescription[] = [
  {
    name: 'notice_books',
    columns: {
      version: { kind: 'integer', min: 1 },
      book: { kind: 'json' },
      published_at: { kind: 'instant' },
      published_by: { kind: 'name' },
      format: { kind: 'integer', default: 1 },
    },
    primaryKey: ['version'],
    // Else SQLite would number a row that has no version.
    clustered: true,
  },
  {
    name: 'notifications',
    columns: {
      id: { kind: 'id' },
      event_id: { kind: 'id' },
      event_type: { kind: 'slug' },
      rule: { kind: 'slug' },
      recipient: { kind: 'slug' },
      channel: { kind: 'slug', oneOf: ['email', 'sms'] },
      lead_id: { kind: 'id' },
      book_version: { kind: 'integer', min: 1 },
      details: { kind: 'json' },
      status: { kind: 'slug', oneOf: ['waiting', 'sending', 'sent', 'suppressed', 'failed', 'unknown'] },
      reason: { kind: 'slug', nullable: true },
      answer: { kind: 'slug', nullable: true },
      language: { kind: 'slug', nullable: true },
      attempts: { kind: 'integer', min: 0 },
      made_at: { kind: 'instant' },
      updated_at: { kind: 'instant' },
      format: { kind: 'integer', default: 1 },
    },
    primaryKey: ['id'],
    indexes: [
      { name: 'notifications_by_time', columns: ['made_at', 'id'] },
      { name: 'notifications_by_status', columns: ['status', 'made_at', 'id'] },
      { name: 'notifications_by_lead', columns: ['lead_id', 'made_at', 'id'] },
    ],
  },
];
