CREATE TABLE IF NOT EXISTS "store_schema" (
  "name" TEXT NOT NULL,
  "version" INTEGER NOT NULL CHECK ("version" >= 1),
  PRIMARY KEY ("name")
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "outbox" (
  "home" TEXT NOT NULL CHECK ("home" IN ('documents', 'ledger')),
  "id" TEXT NOT NULL,
  "event" TEXT NOT NULL,
  PRIMARY KEY ("home", "id")
) STRICT;
CREATE TABLE IF NOT EXISTS "commands" (
  "home" TEXT NOT NULL CHECK ("home" IN ('documents', 'ledger')),
  "scope" TEXT NOT NULL,
  "command_key" TEXT NOT NULL,
  "body_hash" TEXT NOT NULL,
  "aggregate_kind" TEXT NOT NULL,
  "aggregate_id" TEXT NOT NULL,
  "version" INTEGER NOT NULL CHECK ("version" >= 0),
  "at" TEXT NOT NULL,
  "expires_at" TEXT NOT NULL,
  PRIMARY KEY ("home", "scope", "command_key")
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "commands_by_expiry" ON "commands" ("home", "expires_at");
CREATE TABLE IF NOT EXISTS "leads" (
  "id" TEXT NOT NULL,
  "version" INTEGER NOT NULL CHECK ("version" >= 1),
  "number" TEXT NOT NULL,
  "product_line" TEXT NOT NULL,
  "document" TEXT NOT NULL,
  "owner_id" TEXT NULL,
  "partner" TEXT NULL,
  "placement_version" INTEGER NOT NULL CHECK ("placement_version" >= 0),
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("id")
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "leads_by_number" ON "leads" ("number");
CREATE TABLE IF NOT EXISTS "lead_activities" (
  "lead_id" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "at" TEXT NOT NULL,
  "actor" TEXT NOT NULL,
  "data" TEXT NOT NULL,
  "sealed" TEXT NULL,
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("lead_id", "id")
) STRICT;
CREATE TABLE IF NOT EXISTS "data_keys" (
  "kind" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "wrapped" TEXT NOT NULL,
  "master_key_id" TEXT NOT NULL,
  "destroyed_at" TEXT NULL,
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("kind", "id")
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "store_keys" (
  "name" TEXT NOT NULL,
  "wrapped" TEXT NOT NULL,
  "master_key_id" TEXT NOT NULL,
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("name")
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "unique_keys" (
  "scope" TEXT NOT NULL,
  "rule" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "holder_id" TEXT NOT NULL,
  PRIMARY KEY ("scope", "rule", "hash")
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "unique_keys_by_holder" ON "unique_keys" ("holder_id", "scope", "rule", "hash");
CREATE TABLE IF NOT EXISTS "counters" (
  "series" TEXT NOT NULL,
  "last" INTEGER NOT NULL CHECK ("last" >= 1),
  PRIMARY KEY ("series")
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "product_lines" (
  "slug" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "revision" INTEGER NOT NULL CHECK ("revision" >= 1),
  "schema_version" INTEGER NOT NULL CHECK ("schema_version" >= 0),
  "pipeline_version" INTEGER NOT NULL CHECK ("pipeline_version" >= 0),
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("slug")
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "definition_versions" (
  "product_line" TEXT NOT NULL,
  "part" TEXT NOT NULL CHECK ("part" IN ('fields', 'pipeline')),
  "version" INTEGER NOT NULL CHECK ("version" >= 1),
  "body" TEXT NOT NULL,
  "published_at" TEXT NOT NULL,
  "published_by" TEXT NOT NULL,
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("product_line", "part", "version")
) STRICT;
CREATE TABLE IF NOT EXISTS "definition_drafts" (
  "product_line" TEXT NOT NULL,
  "base_revision" INTEGER NOT NULL CHECK ("base_revision" >= 0),
  "definition" TEXT NOT NULL,
  "saved_at" TEXT NOT NULL,
  "saved_by" TEXT NOT NULL,
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("product_line")
) STRICT;
CREATE TABLE IF NOT EXISTS "users" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "email" TEXT NULL,
  "roles" TEXT NOT NULL,
  "teams" TEXT NOT NULL,
  "partner" TEXT NULL,
  "active" INTEGER NOT NULL CHECK ("active" IN (0, 1)),
  "version" INTEGER NOT NULL CHECK ("version" >= 1),
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("id")
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "users_by_email" ON "users" ("email");
CREATE TABLE IF NOT EXISTS "user_teams" (
  "user_id" TEXT NOT NULL,
  "team" TEXT NOT NULL,
  PRIMARY KEY ("team", "user_id"),
  FOREIGN KEY ("user_id") REFERENCES "users" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "user_teams_by_user" ON "user_teams" ("user_id");
CREATE TABLE IF NOT EXISTS "user_roles" (
  "user_id" TEXT NOT NULL,
  "role" TEXT NOT NULL,
  PRIMARY KEY ("role", "user_id"),
  FOREIGN KEY ("user_id") REFERENCES "users" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "user_roles_by_user" ON "user_roles" ("user_id");
CREATE TABLE IF NOT EXISTS "placements" (
  "id" TEXT NOT NULL,
  "lead_id" TEXT NOT NULL,
  "holder_kind" TEXT NOT NULL CHECK ("holder_kind" IN ('rep', 'partner')),
  "holder_id" TEXT NOT NULL,
  "team" TEXT NULL,
  "status" TEXT NOT NULL CHECK ("status" IN ('reserved', 'confirmed', 'released')),
  "version" INTEGER NOT NULL CHECK ("version" >= 1),
  "placed_at" TEXT NOT NULL,
  "placed_by" TEXT NOT NULL,
  "released_at" TEXT NULL,
  "released_by" TEXT NULL,
  "exclusive_lead_id" TEXT NULL,
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("id")
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "placements_by_lead" ON "placements" ("lead_id", "version");
CREATE UNIQUE INDEX IF NOT EXISTS "placements_exclusive" ON "placements" ("exclusive_lead_id") WHERE "exclusive_lead_id" IS NOT NULL;
CREATE INDEX IF NOT EXISTS "placements_by_holder" ON "placements" ("holder_id", "status", "lead_id");
CREATE TABLE IF NOT EXISTS "lead_facts" (
  "lead_id" TEXT NOT NULL,
  "version" INTEGER NOT NULL CHECK ("version" >= 0),
  "presence" INTEGER NOT NULL CHECK ("presence" >= 0),
  "number" TEXT NOT NULL,
  "number_month" TEXT NOT NULL,
  "number_seq" INTEGER NOT NULL CHECK ("number_seq" >= 0),
  "number_order" TEXT NOT NULL,
  "product_line" TEXT NOT NULL,
  "stage" TEXT NOT NULL,
  "stage_entered_at" TEXT NOT NULL,
  "status" TEXT NOT NULL CHECK ("status" IN ('pending', 'in_progress', 'won', 'lost', 'converted')),
  "region" TEXT NULL,
  "source" TEXT NOT NULL,
  "channel" TEXT NULL,
  "campaign" TEXT NULL,
  "score" REAL NULL,
  "amount_paise" INTEGER NULL,
  "tasks_done" INTEGER NOT NULL CHECK ("tasks_done" >= 0),
  "tasks_total" INTEGER NOT NULL CHECK ("tasks_total" >= 0),
  "sealed_name" TEXT NULL,
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "first_response_at" TEXT NULL,
  "decided_at" TEXT NULL,
  "won_at" TEXT NULL,
  "lost_at" TEXT NULL,
  "deleted_at" TEXT NULL,
  "owner_id" TEXT NULL,
  "team" TEXT NULL,
  "partner" TEXT NULL,
  "placement_version" INTEGER NOT NULL CHECK ("placement_version" >= 0),
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("lead_id")
) STRICT;
CREATE INDEX IF NOT EXISTS "lead_facts_by_stage" ON "lead_facts" ("product_line", "presence", "stage", "stage_entered_at", "lead_id", "amount_paise", "owner_id", "partner", "status", "source", "region");
CREATE INDEX IF NOT EXISTS "lead_facts_totals" ON "lead_facts" ("product_line", "presence", "stage", "owner_id", "amount_paise");
CREATE INDEX IF NOT EXISTS "lead_facts_by_creation" ON "lead_facts" ("presence", "created_at", "lead_id", "product_line", "stage", "status", "owner_id", "partner", "source", "region");
CREATE INDEX IF NOT EXISTS "lead_facts_by_update" ON "lead_facts" ("product_line", "presence", "updated_at", "lead_id");
CREATE INDEX IF NOT EXISTS "lead_facts_by_entry" ON "lead_facts" ("product_line", "presence", "stage_entered_at", "lead_id");
CREATE INDEX IF NOT EXISTS "lead_facts_by_number" ON "lead_facts" ("product_line", "presence", "number_order", "lead_id");
CREATE INDEX IF NOT EXISTS "lead_facts_by_amount" ON "lead_facts" ("product_line", "presence", "amount_paise", "lead_id");
CREATE INDEX IF NOT EXISTS "lead_facts_by_score" ON "lead_facts" ("product_line", "presence", "score", "lead_id");
CREATE INDEX IF NOT EXISTS "lead_facts_by_owner" ON "lead_facts" ("owner_id", "presence", "created_at", "lead_id") WHERE "owner_id" IS NOT NULL;
CREATE INDEX IF NOT EXISTS "lead_facts_by_partner" ON "lead_facts" ("partner", "presence", "created_at", "lead_id") WHERE "partner" IS NOT NULL;
CREATE TABLE IF NOT EXISTS "lead_collaborators" (
  "lead_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  PRIMARY KEY ("lead_id", "user_id"),
  FOREIGN KEY ("lead_id") REFERENCES "lead_facts" ("lead_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "lead_collaborators_by_user" ON "lead_collaborators" ("user_id", "lead_id");
CREATE TABLE IF NOT EXISTS "stage_stays" (
  "lead_id" TEXT NOT NULL,
  "sequence" INTEGER NOT NULL CHECK ("sequence" >= 0),
  "stage" TEXT NOT NULL,
  "entered_at" TEXT NOT NULL,
  "exited_at" TEXT NULL,
  PRIMARY KEY ("lead_id", "sequence"),
  FOREIGN KEY ("lead_id") REFERENCES "lead_facts" ("lead_id")
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "lead_index" (
  "lead_id" TEXT NOT NULL,
  "field" TEXT NOT NULL,
  "ordinal" INTEGER NOT NULL CHECK ("ordinal" >= 0),
  "product_line" TEXT NOT NULL,
  "number_value" REAL NULL,
  "text_value" TEXT NULL,
  "hash_value" TEXT NULL,
  PRIMARY KEY ("lead_id", "field", "ordinal"),
  FOREIGN KEY ("lead_id") REFERENCES "lead_facts" ("lead_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "lead_index_by_number" ON "lead_index" ("product_line", "field", "number_value", "lead_id") WHERE "number_value" IS NOT NULL;
CREATE INDEX IF NOT EXISTS "lead_index_by_text" ON "lead_index" ("product_line", "field", "text_value", "lead_id") WHERE "text_value" IS NOT NULL;
CREATE INDEX IF NOT EXISTS "lead_index_by_hash" ON "lead_index" ("product_line", "field", "hash_value", "lead_id") WHERE "hash_value" IS NOT NULL;
CREATE TABLE IF NOT EXISTS "moves" (
  "event_id" TEXT NOT NULL,
  "lead_id" TEXT NOT NULL,
  "product_line" TEXT NOT NULL,
  "pipeline_version" INTEGER NOT NULL CHECK ("pipeline_version" >= 1),
  "from_stage" TEXT NULL,
  "to_stage" TEXT NOT NULL,
  "at" TEXT NOT NULL,
  "actor" TEXT NOT NULL,
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("event_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "moves_by_lead" ON "moves" ("lead_id", "at", "event_id");
CREATE TABLE IF NOT EXISTS "audit" (
  "id" TEXT NOT NULL,
  "at" TEXT NOT NULL,
  "actor" TEXT NOT NULL,
  "via" TEXT NULL,
  "command" TEXT NOT NULL,
  "event_type" TEXT NOT NULL,
  "aggregate_kind" TEXT NOT NULL,
  "aggregate_id" TEXT NOT NULL,
  "aggregate_version" INTEGER NOT NULL CHECK ("aggregate_version" >= 0),
  "correlation_id" TEXT NOT NULL,
  "changes" TEXT NOT NULL,
  "sealed" TEXT NULL,
  "payload_hash" TEXT NOT NULL,
  "position" INTEGER NULL,
  "prev_hash" TEXT NULL,
  "chain_hash" TEXT NULL,
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("id")
) STRICT;
CREATE INDEX IF NOT EXISTS "audit_by_aggregate" ON "audit" ("aggregate_kind", "aggregate_id", "id");
CREATE INDEX IF NOT EXISTS "audit_by_actor" ON "audit" ("actor", "id");
CREATE UNIQUE INDEX IF NOT EXISTS "audit_by_position" ON "audit" ("position") WHERE "position" IS NOT NULL;
CREATE TABLE IF NOT EXISTS "import_runs" (
  "id" TEXT NOT NULL,
  "product_line" TEXT NOT NULL,
  "schema_version" INTEGER NOT NULL CHECK ("schema_version" >= 0),
  "file_name" TEXT NOT NULL,
  "file_sha256" TEXT NOT NULL,
  "file_bytes" INTEGER NOT NULL CHECK ("file_bytes" >= 0),
  "mapping" TEXT NOT NULL,
  "status" TEXT NOT NULL CHECK ("status" IN ('running', 'completed', 'completed_with_rejects', 'stopped', 'failed')),
  "rows_read" INTEGER NOT NULL CHECK ("rows_read" >= 0),
  "created" INTEGER NOT NULL CHECK ("created" >= 0),
  "updated" INTEGER NOT NULL CHECK ("updated" >= 0),
  "duplicates" INTEGER NOT NULL CHECK ("duplicates" >= 0),
  "rejected" INTEGER NOT NULL CHECK ("rejected" >= 0),
  "reasons" TEXT NOT NULL,
  "started_at" TEXT NOT NULL,
  "finished_at" TEXT NULL,
  "actor" TEXT NOT NULL,
  "error" TEXT NULL,
  "version" INTEGER NOT NULL CHECK ("version" >= 1),
  "format" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("id")
) STRICT;
CREATE INDEX IF NOT EXISTS "import_runs_by_file" ON "import_runs" ("product_line", "file_sha256", "id");
