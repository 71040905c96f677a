import type { Generated } from 'kysely';
import type { DefinitionPartName } from '../../crm/fields/definition-store.js';
import type { StoredImportStatus } from '../../crm/imports/import-run-store.js';
import type { ActivityType, LeadStatus } from '../../crm/leads/index.js';
import type { ActorRef, Instant, LeadId } from '../../foundation/kernel/index.js';
import type { Home } from '../../foundation/persistence/index.js';

/**
 * The columns of every table, as Kysely reads them. {@link schema} in `schema.ts` is the same list as DDL; a test compares
 * the two with the real file. Booleans are 0 and 1, instants ISO-8601 text, JSON is text, money whole minor units.
 */
export interface Tables extends DocumentTables, LedgerTables {
  readonly store_schema: StoreSchemaTable;
  readonly outbox: OutboxTable;
  readonly commands: CommandsTable;
}

/** What the store is, and which release wrote it. One row, `name` = `lms`. */
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
  readonly moves: MovesTable;
  readonly audit: AuditTable;
  readonly import_runs: ImportRunsTable;
  readonly step_outcomes: StepOutcomesTable;
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

/** Whether lists show a row: live, deleted, or only the owner of a lead whose facts have not come yet. */
export const presence = { live: 0, deleted: 1, awaited: 2 } as const;

export interface LeadFactsTable {
  lead_id: LeadId;
  /** 0 while `awaited`. */
  version: number;
  /** See {@link presence}. */
  presence: number;
  number: string;
  number_month: string;
  number_seq: number;
  /** Month and padded sequence: sorts as the numbers were given, past 99,999 a month too. */
  number_order: string;
  product_line: string;
  stage: string;
  stage_entered_at: Instant;
  status: LeadStatus;
  region: string | null;
  source: string;
  channel: string | null;
  campaign: string | null;
  score: number | null;
  amount_paise: number | null;
  tasks_done: number;
  tasks_total: number;
  sealed_name: string | null;
  created_at: Instant;
  updated_at: Instant;
  first_response_at: Instant | null;
  decided_at: Instant | null;
  won_at: Instant | null;
  lost_at: Instant | null;
  deleted_at: Instant | null;
  owner_id: string | null;
  team: string | null;
  partner: string | null;
  placement_version: number;
  format: Generated<number>;
}

export interface LeadCollaboratorsTable {
  lead_id: LeadId;
  user_id: string;
}

export interface StageStaysTable {
  lead_id: LeadId;
  sequence: number;
  stage: string;
  entered_at: Instant;
  exited_at: Instant | null;
}

/** `ordinal` counts the entries of one field of one lead. */
export interface LeadIndexTable {
  lead_id: LeadId;
  field: string;
  ordinal: number;
  product_line: string;
  number_value: number | null;
  text_value: string | null;
  hash_value: string | null;
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
