import type { Generated } from 'kysely';
import type { DefinitionPartName } from '../../crm/fields/definition-store.js';
import type { StoredImportStatus } from '../../crm/imports/import-run-store.js';
import type { ActivityType } from '../../crm/leads/index.js';
import type { ActorRef, Instant, LeadId } from '../../foundation/kernel/index.js';
import type { Home } from '../../foundation/persistence/index.js';
import type { AuditHeadsTable } from './tables-audit.js';
import type { CalendarsTable } from './tables-calendars.js';
import type { ConsentsTable, ConsentWordingsTable, ContactBlocksTable } from './tables-consents.js';
import type { EventConsumersTable } from './tables-events.js';
import type { JobsTable } from './tables-jobs.js';
import type { LeadCollaboratorsTable, LeadFactsTable, LeadIndexTable, StageStaysTable } from './tables-lead-facts.js';
import type { LeadTotalChangesTable, LeadTotalsTable } from './tables-lead-totals.js';
import type {
  InboxNoticesTable,
  NoticeBooksTable,
  NoticePreferencesTable,
  NotificationsTable,
} from './tables-notifications.js';
import type { ExchangesTable, OutboundBudgetsTable } from './tables-outbound.js';
import type { JobSchedulesTable } from './tables-schedules.js';
import type { TimersTable } from './tables-timers.js';
import type { WebhookCursorsTable, WebhookDeliveriesTable, WebhookEndpointsTable } from './tables-webhooks.js';

/**
 * The columns of every table, as Kysely reads them. {@link schema} in `schema.ts` is the same list as DDL; a test compares
 * the two with the real file. Booleans are 0 and 1, instants ISO-8601 text, JSON is text, money whole minor units.
 */
export interface Tables extends DocumentTables, LedgerTables {
  readonly store_schema: StoreSchemaTable;
  readonly outbox: OutboxTable;
  readonly commands: CommandsTable;
}

/** What the store says of itself, a row a name: the oldest releases that may use it (`lms`), its layout, whether a restore fills it. */
export interface StoreSchemaTable {
  name: string;
  version: number;
}

/** Events waiting for the other home. */
export interface OutboxTable {
  home: Home;
  id: string;
  event: string;
  /** By aggregate: one relay at a time works on a lane. */
  lane: Generated<number>;
  /** Tries that failed. */
  attempts: Generated<number>;
  /** When a failed event is tried next; null: at once, or, where `stuck`, never by itself. */
  due_at: Instant | null;
  /** Code of the last failure. */
  error: string | null;
  stuck: Generated<number>;
}

export interface CommandsTable {
  home: Home;
  scope: string;
  command_key: string;
  body_hash: string;
  aggregate_kind: string;
  aggregate_id: string;
  version: number;
  at: Instant;
  expires_at: Instant;
}

export interface DocumentTables {
  readonly leads: LeadsTable;
  readonly lead_activities: LeadActivitiesTable;
  readonly data_keys: DataKeysTable;
  readonly store_keys: StoreKeysTable;
  readonly unique_keys: UniqueKeysTable;
  readonly counters: CountersTable;
  readonly import_receipts: ImportReceiptsTable;
  readonly saved_mappings: SavedMappingsTable;
  readonly product_lines: ProductLinesTable;
  readonly definition_versions: DefinitionVersionsTable;
  readonly definition_drafts: DefinitionDraftsTable;
}

/** The document is the whole lead but for the three projected columns of its placement. */
export interface LeadsTable {
  id: LeadId;
  version: number;
  number: string;
  product_line: string;
  document: string;
  owner_id: string | null;
  partner: string | null;
  placement_version: number;
  format: Generated<number>;
}

export interface LeadActivitiesTable {
  lead_id: LeadId;
  id: string;
  type: ActivityType;
  at: Instant;
  actor: ActorRef;
  data: string;
  sealed: string | null;
  format: Generated<number>;
}

export interface DataKeysTable {
  kind: string;
  id: string;
  wrapped: string;
  master_key_id: string;
  destroyed_at: Instant | null;
  format: Generated<number>;
}

export interface StoreKeysTable {
  name: string;
  wrapped: string;
  master_key_id: string;
  format: Generated<number>;
}

export interface UniqueKeysTable {
  scope: string;
  rule: string;
  hash: string;
  holder_id: string;
}

export interface CountersTable {
  series: string;
  last: number;
}

export interface SavedMappingsTable {
  product_line: string;
  name: string;
  id: string;
  /** JSON. */
  document: string;
  version: number;
  saved_at: Instant;
  saved_by: ActorRef;
  format: Generated<number>;
}

export interface ImportReceiptsTable {
  source: string;
  batch: number;
  version: number;
  /** JSON. */
  taken: string;
  at: Instant;
  format: Generated<number>;
}

export interface ProductLinesTable {
  slug: string;
  name: string;
  revision: number;
  schema_version: number;
  pipeline_version: number;
  created_at: Instant;
  updated_at: Instant;
  format: Generated<number>;
}

export interface DefinitionVersionsTable {
  product_line: string;
  part: DefinitionPartName;
  version: number;
  body: string;
  published_at: Instant;
  published_by: ActorRef;
  format: Generated<number>;
}

export interface DefinitionDraftsTable {
  product_line: string;
  base_revision: number;
  definition: string;
  saved_at: Instant;
  saved_by: ActorRef;
  format: Generated<number>;
}

export interface LedgerTables {
  readonly users: UsersTable;
  readonly user_teams: UserTeamsTable;
  readonly user_roles: UserRolesTable;
  readonly placements: PlacementsTable;
  readonly lead_facts: LeadFactsTable;
  readonly lead_collaborators: LeadCollaboratorsTable;
  readonly stage_stays: StageStaysTable;
  readonly lead_index: LeadIndexTable;
  readonly lead_totals: LeadTotalsTable;
  readonly lead_total_changes: LeadTotalChangesTable;
  readonly moves: MovesTable;
  readonly audit: AuditTable;
  readonly audit_heads: AuditHeadsTable;
  readonly import_runs: ImportRunsTable;
  readonly step_outcomes: StepOutcomesTable;
  readonly exchanges: ExchangesTable;
  readonly outbound_budgets: OutboundBudgetsTable;
  readonly consents: ConsentsTable;
  readonly contact_blocks: ContactBlocksTable;
  readonly consent_wordings: ConsentWordingsTable;
  readonly event_consumers: EventConsumersTable;
  readonly jobs: JobsTable;
  readonly timers: TimersTable;
  readonly calendars: CalendarsTable;
  readonly webhook_endpoints: WebhookEndpointsTable;
  readonly webhook_deliveries: WebhookDeliveriesTable;
  readonly webhook_cursors: WebhookCursorsTable;
  readonly notice_books: NoticeBooksTable;
  readonly notifications: NotificationsTable;
  readonly inbox_notices: InboxNoticesTable;
  readonly notice_preferences: NoticePreferencesTable;
  readonly job_schedules: JobSchedulesTable;
}

/** `roles` and `teams` keep their order as JSON; the two child tables are for look-ups. */
export interface UsersTable {
  id: string;
  name: string;
  email: string | null;
  roles: string;
  teams: string;
  partner: string | null;
  active: number;
  version: number;
  created_at: Instant;
  updated_at: Instant;
  format: Generated<number>;
}

export interface UserTeamsTable {
  user_id: string;
  team: string;
}

export interface UserRolesTable {
  user_id: string;
  role: string;
}

export interface PlacementsTable {
  id: string;
  lead_id: LeadId;
  holder_kind: 'rep' | 'partner';
  holder_id: string;
  team: string | null;
  status: 'reserved' | 'confirmed' | 'released';
  version: number;
  placed_at: Instant;
  placed_by: ActorRef;
  released_at: Instant | null;
  released_by: ActorRef | null;
  /** The lead while this is its active rep placement, else null: unique, so a lead has at most one. */
  exclusive_lead_id: LeadId | null;
  format: Generated<number>;
}

export interface MovesTable {
  event_id: string;
  lead_id: LeadId;
  product_line: string;
  pipeline_version: number;
  from_stage: string | null;
  to_stage: string;
  at: Instant;
  actor: ActorRef;
  format: Generated<number>;
}

export interface AuditTable {
  id: string;
  at: Instant;
  actor: ActorRef;
  via: string | null;
  command: string;
  event_type: string;
  aggregate_kind: string;
  aggregate_id: string;
  aggregate_version: number;
  correlation_id: string;
  changes: string;
  sealed: string | null;
  payload_hash: string;
  position: number | null;
  prev_hash: string | null;
  chain_hash: string | null;
  format: Generated<number>;
}

export interface ImportRunsTable {
  id: string;
  product_line: string;
  schema_version: number;
  file_name: string;
  file_sha256: string;
  file_bytes: number;
  mapping: string;
  status: StoredImportStatus;
  rows_read: number;
  created: number;
  updated: number;
  duplicates: number;
  rejected: number;
  reasons: string;
  started_at: Instant;
  /** Null in what the first release wrote. */
  alive_at: Instant | null;
  finished_at: Instant | null;
  actor: ActorRef;
  error: string | null;
  version: number;
  format: Generated<number>;
}

/** What became of steps that follow from events. */
export interface StepOutcomesTable {
  event_id: string;
  step: string;
  outcome: 'done' | 'refused';
  code: string | null;
  reason: string | null;
  at: Instant;
  format: Generated<number>;
}
