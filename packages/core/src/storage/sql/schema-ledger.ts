import { auditHeadsSchema } from './schema-audit.js';
import { calendarsSchema } from './schema-calendars.js';
import { consentsSchema } from './schema-consents.js';
import type { ColumnDescription, TableDescription } from './schema-description.js';
import { eventsSchema } from './schema-events.js';
import { jobsSchema } from './schema-jobs.js';
import { leadFactsSchema } from './schema-lead-facts.js';
import { leadTotalsSchema } from './schema-lead-totals.js';
import { notificationsSchema } from './schema-notifications.js';
import { outboundSchema } from './schema-outbound.js';
import { schedulesSchema } from './schema-schedules.js';
import { timersSchema } from './schema-timers.js';
import { webhooksSchema } from './schema-webhooks.js';

/** Which shape the row has; a release reads its own and the one before. */
const format: ColumnDescription = { kind: 'integer', default: 1 };

const toUser = { column: 'user_id', table: 'users', references: 'id' } as const;

/** The ledger home as tables. */
export const ledgerSchema: readonly TableDescription[] = [
  {
    name: 'users',
    columns: {
      id: { kind: 'slug' },
      name: { kind: 'text' },
      email: { kind: 'name', nullable: true },
      roles: { kind: 'json' },
      teams: { kind: 'json' },
      partner: { kind: 'slug', nullable: true },
      active: { kind: 'flag' },
      version: { kind: 'integer', min: 1 },
      created_at: { kind: 'instant' },
      updated_at: { kind: 'instant' },
      format,
    },
    primaryKey: ['id'],
    indexes: [{ name: 'users_by_email', columns: ['email'], unique: true }],
  },
  {
    name: 'user_teams',
    columns: { user_id: { kind: 'slug' }, team: { kind: 'slug' } },
    primaryKey: ['team', 'user_id'],
    indexes: [{ name: 'user_teams_by_user', columns: ['user_id'] }],
    foreignKey: toUser,
    clustered: true,
  },
  {
    name: 'user_roles',
    columns: { user_id: { kind: 'slug' }, role: { kind: 'slug' } },
    primaryKey: ['role', 'user_id'],
    indexes: [{ name: 'user_roles_by_user', columns: ['user_id'] }],
    foreignKey: toUser,
    clustered: true,
  },
  {
    name: 'placements',
    columns: {
      id: { kind: 'id' },
      lead_id: { kind: 'id' },
      holder_kind: { kind: 'slug', oneOf: ['rep', 'partner'] },
      holder_id: { kind: 'slug' },
      team: { kind: 'slug', nullable: true },
      status: { kind: 'slug', oneOf: ['reserved', 'confirmed', 'released'] },
      version: { kind: 'integer', min: 1 },
      placed_at: { kind: 'instant' },
      placed_by: { kind: 'name' },
      released_at: { kind: 'instant', nullable: true },
      released_by: { kind: 'name', nullable: true },
      exclusive_lead_id: { kind: 'id', nullable: true },
      format,
    },
    primaryKey: ['id'],
    indexes: [
      { name: 'placements_by_lead', columns: ['lead_id', 'version'], unique: true },
      { name: 'placements_exclusive', columns: ['exclusive_lead_id'], unique: true, notNull: 'exclusive_lead_id' },
      { name: 'placements_by_holder', columns: ['holder_id', 'status', 'lead_id'] },
    ],
  },
  ...leadFactsSchema,
  ...leadTotalsSchema,
  {
    name: 'moves',
    columns: {
      event_id: { kind: 'id' },
      lead_id: { kind: 'id' },
      product_line: { kind: 'slug' },
      pipeline_version: { kind: 'integer', min: 1 },
      from_stage: { kind: 'slug', nullable: true },
      to_stage: { kind: 'slug' },
      at: { kind: 'instant' },
      actor: { kind: 'name' },
      format,
    },
    primaryKey: ['event_id'],
    indexes: [{ name: 'moves_by_lead', columns: ['lead_id', 'at', 'event_id'] }],
    clustered: true,
  },
  {
    name: 'audit',
    columns: {
      id: { kind: 'id' },
      at: { kind: 'instant' },
      actor: { kind: 'name' },
      via: { kind: 'json', nullable: true },
      command: { kind: 'slug' },
      event_type: { kind: 'slug' },
      aggregate_kind: { kind: 'slug' },
      aggregate_id: { kind: 'slug' },
      aggregate_version: { kind: 'integer', min: 0 },
      correlation_id: { kind: 'slug' },
      changes: { kind: 'json' },
      sealed: { kind: 'text', nullable: true },
      payload_hash: { kind: 'hash' },
      position: { kind: 'integer', nullable: true },
      prev_hash: { kind: 'hash', nullable: true },
      chain_hash: { kind: 'hash', nullable: true },
      format,
    },
    primaryKey: ['id'],
    indexes: [
      { name: 'audit_by_aggregate', columns: ['aggregate_kind', 'aggregate_id', 'id'] },
      { name: 'audit_by_actor', columns: ['actor', 'id'] },
      { name: 'audit_by_position', columns: ['position'], unique: true, notNull: 'position' },
      { name: 'audit_unsealed', columns: ['id'], isNull: 'position' },
    ],
  },
  {
    name: 'import_runs',
    columns: {
      id: { kind: 'id' },
      product_line: { kind: 'slug' },
      schema_version: { kind: 'integer', min: 0 },
      file_name: { kind: 'text' },
      file_sha256: { kind: 'hash' },
      file_bytes: { kind: 'integer', min: 0 },
      mapping: { kind: 'json' },
      status: { kind: 'slug', oneOf: ['running', 'completed', 'completed_with_rejects', 'stopped', 'failed'] },
      rows_read: { kind: 'integer', min: 0 },
      created: { kind: 'integer', min: 0 },
      updated: { kind: 'integer', min: 0 },
      duplicates: { kind: 'integer', min: 0 },
      rejected: { kind: 'integer', min: 0 },
      reasons: { kind: 'json' },
      started_at: { kind: 'instant' },
      alive_at: { kind: 'instant', nullable: true },
      finished_at: { kind: 'instant', nullable: true },
      actor: { kind: 'name' },
      error: { kind: 'text', nullable: true },
      version: { kind: 'integer', min: 1 },
      format,
    },
    primaryKey: ['id'],
    indexes: [{ name: 'import_runs_by_file', columns: ['product_line', 'file_sha256', 'id'] }],
  },
  {
    name: 'step_outcomes',
    columns: {
      event_id: { kind: 'id' },
      step: { kind: 'slug' },
      outcome: { kind: 'slug', oneOf: ['done', 'refused'] },
      code: { kind: 'slug', nullable: true },
      reason: { kind: 'text', nullable: true },
      at: { kind: 'instant' },
      format,
    },
    primaryKey: ['event_id', 'step'],
    clustered: true,
  },
  auditHeadsSchema,
  ...outboundSchema,
  ...consentsSchema,
  ...eventsSchema,
  ...jobsSchema,
  ...timersSchema,
  ...calendarsSchema,
  ...webhooksSchema,
  ...notificationsSchema,
  ...schedulesSchema,
];
