import type { SqlOperation } from './migration.js';

/** The tables of notifications, as layout 5 made them. */
export const notificationTables: readonly SqlOperation[] = [
  {
    kind: 'create-table',
    table: {
      name: 'notice_books',
      columns: {
        version: { kind: 'integer', min: 1 },
        book: { kind: 'json' },
        published_at: { kind: 'instant' },
        published_by: { kind: 'name' },
        format: { kind: 'integer', default: 1 },
      },
      primaryKey: ['version'],
      clustered: true,
    },
  },
  {
    kind: 'create-table',
    table: {
      name: 'notifications',
      columns: {
        id: { kind: 'id' },
        event_id: { kind: 'id' },
        event_type: { kind: 'slug' },
        rule: { kind: 'slug' },
        recipient: { kind: 'slug' },
        channel: { kind: 'slug', oneOf: ['email', 'sms', 'in-app'] },
        lead_id: { kind: 'id' },
        book_version: { kind: 'integer', min: 1 },
        details: { kind: 'json' },
        status: { kind: 'slug', oneOf: ['waiting', 'sending', 'sent', 'suppressed', 'failed', 'unknown'] },
        reason: { kind: 'slug', nullable: true },
        answer: { kind: 'slug', nullable: true },
        language: { kind: 'slug', nullable: true },
        attempts: { kind: 'integer', min: 0 },
        held_until: { kind: 'instant', nullable: true },
        edition: { kind: 'integer', min: 1 },
        version: { kind: 'integer', min: 1 },
        made_at: { kind: 'instant' },
        updated_at: { kind: 'instant' },
        format: { kind: 'integer', default: 1 },
      },
      primaryKey: ['id'],
      indexes: [
        { name: 'notifications_by_time', columns: ['made_at', 'id'] },
        { name: 'notifications_by_status', columns: ['status', 'made_at', 'id', 'held_until'] },
        { name: 'notifications_by_lead', columns: ['lead_id', 'made_at', 'id'] },
      ],
    },
  },
  {
    kind: 'create-table',
    table: {
      name: 'inbox_notices',
      columns: {
        user_id: { kind: 'slug' },
        id: { kind: 'id' },
        event_type: { kind: 'slug' },
        rule: { kind: 'slug' },
        lead_id: { kind: 'id' },
        book_version: { kind: 'integer', min: 1 },
        details: { kind: 'json' },
        made_at: { kind: 'instant' },
        read_at: { kind: 'instant', nullable: true },
        format: { kind: 'integer', default: 1 },
      },
      primaryKey: ['user_id', 'id'],
      indexes: [
        { name: 'inbox_notices_by_user', columns: ['user_id', 'made_at', 'id'] },
        { name: 'inbox_notices_unread', columns: ['user_id', 'read_at', 'made_at', 'id'] },
        { name: 'inbox_notices_by_time', columns: ['made_at'] },
      ],
    },
  },
  {
    kind: 'create-table',
    table: {
      name: 'notice_preferences',
      columns: {
        user_id: { kind: 'slug' },
        preferences: { kind: 'json' },
        version: { kind: 'integer', min: 1 },
        updated_at: { kind: 'instant' },
        updated_by: { kind: 'name' },
        format: { kind: 'integer', default: 1 },
      },
      primaryKey: ['user_id'],
      clustered: true,
    },
  },
];
