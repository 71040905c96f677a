import type { Migration } from './migration.js';
import { calendarTables } from './v5-calendars.js';
import { consentTables } from './v5-consents.js';
import { eventTables } from './v5-events.js';
import { notificationTables } from './v5-notifications.js';
import { scheduleTables } from './v5-schedules.js';
import { timerTables } from './v5-timers.js';
import { webhookTables } from './v5-webhooks.js';

/** To calls to other systems that leave a record and have budgets, to jobs, to timers, to a sealed trail, and to consents. */
export const operationsMigration: Migration = {
  version: 5,
  name: 'records of calls to other systems, their budgets, jobs, timers, heads of the sealed trail, and consents',
  kind: 'expand',
  readableBy: 4,
  ledgerTables: [
    ...calendarTables,
    ...consentTables,
    ...eventTables,
    ...scheduleTables,
    ...timerTables,
    ...webhookTables,
    ...notificationTables,
    {
      kind: 'create-table',
      table: {
        name: 'exchanges',
        columns: {
          id: { kind: 'id' },
          target: { kind: 'slug' },
          purpose: { kind: 'slug' },
          subject_kind: { kind: 'slug', nullable: true },
          subject_id: { kind: 'slug', nullable: true },
          actor: { kind: 'name' },
          correlation_id: { kind: 'slug', nullable: true },
          method: { kind: 'slug' },
          host: { kind: 'text' },
          path: { kind: 'text' },
          started_at: { kind: 'instant' },
          request_bytes: { kind: 'integer', min: 0 },
          request_hash: { kind: 'hash', nullable: true },
          sealed_request: { kind: 'text', nullable: true },
          outcome: { kind: 'slug' },
          finished_at: { kind: 'instant', nullable: true },
          status: { kind: 'integer', nullable: true },
          attempts: { kind: 'integer', min: 0 },
          response_bytes: { kind: 'integer', nullable: true, min: 0 },
          response_hash: { kind: 'hash', nullable: true },
          sealed_response: { kind: 'text', nullable: true },
          format: { kind: 'integer', default: 1 },
        },
        primaryKey: ['id'],
        indexes: [
          { name: 'exchanges_by_subject', columns: ['subject_kind', 'subject_id', 'id'], notNull: 'subject_id' },
          { name: 'exchanges_by_target', columns: ['target', 'id'] },
          { name: 'exchanges_by_start', columns: ['started_at'] },
        ],
      },
    },
    {
      kind: 'create-table',
      table: {
        name: 'outbound_budgets',
        columns: {
          target: { kind: 'slug' },
          period: { kind: 'slug' },
          spent: { kind: 'integer', min: 0 },
          spent_at: { kind: 'instant' },
        },
        primaryKey: ['target', 'period'],
        indexes: [{ name: 'outbound_budgets_by_time', columns: ['spent_at'] }],
        clustered: true,
      },
    },
    {
      kind: 'create-table',
      table: {
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
    },
    {
      kind: 'create-table',
      table: {
        name: 'audit_heads',
        columns: {
          name: { kind: 'slug' },
          position: { kind: 'integer', min: 1 },
          chain_hash: { kind: 'hash' },
          at: { kind: 'instant' },
          mac: { kind: 'hash' },
        },
        primaryKey: ['name'],
        clustered: true,
      },
    },
    { kind: 'add-index', table: 'audit', index: { name: 'audit_unsealed', columns: ['id'], isNull: 'position' } },
  ],
};
