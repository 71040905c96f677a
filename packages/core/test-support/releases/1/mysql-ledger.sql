CREATE TABLE IF NOT EXISTS `store_schema` (
  `name` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `version` BIGINT NOT NULL CHECK (`version` >= 1),
  PRIMARY KEY (`name`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `outbox` (
  `home` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL CHECK (`home` IN ('documents', 'ledger')),
  `id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `event` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  PRIMARY KEY (`home`, `id`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `commands` (
  `home` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL CHECK (`home` IN ('documents', 'ledger')),
  `scope` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `command_key` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `body_hash` VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `aggregate_kind` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `aggregate_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `version` BIGINT NOT NULL CHECK (`version` >= 0),
  `at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `expires_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (`home`, `scope`, `command_key`),
  KEY `commands_by_expiry` (`home`, `expires_at`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `store_identity` (
  `name` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `users` (
  `id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `name` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `email` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `roles` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `teams` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `partner` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `active` TINYINT NOT NULL CHECK (`active` IN (0, 1)),
  `version` BIGINT NOT NULL CHECK (`version` >= 1),
  `created_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `updated_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `format` BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (`id`),
  UNIQUE KEY `users_by_email` (`email`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `user_teams` (
  `user_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `team` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  PRIMARY KEY (`team`, `user_id`),
  KEY `user_teams_by_user` (`user_id`),
  FOREIGN KEY (`user_id`) REFERENCES `users` (`id`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `user_roles` (
  `user_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `role` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  PRIMARY KEY (`role`, `user_id`),
  KEY `user_roles_by_user` (`user_id`),
  FOREIGN KEY (`user_id`) REFERENCES `users` (`id`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `placements` (
  `id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `lead_id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `holder_kind` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL CHECK (`holder_kind` IN ('rep', 'partner')),
  `holder_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `team` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `status` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL CHECK (`status` IN ('reserved', 'confirmed', 'released')),
  `version` BIGINT NOT NULL CHECK (`version` >= 1),
  `placed_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `placed_by` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `released_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  `released_by` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `exclusive_lead_id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  `format` BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (`id`),
  UNIQUE KEY `placements_by_lead` (`lead_id`, `version`),
  UNIQUE KEY `placements_exclusive` (`exclusive_lead_id`),
  KEY `placements_by_holder` (`holder_id`, `status`, `lead_id`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `lead_facts` (
  `lead_id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `version` BIGINT NOT NULL CHECK (`version` >= 0),
  `presence` BIGINT NOT NULL CHECK (`presence` >= 0),
  `number` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `number_month` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `number_seq` BIGINT NOT NULL CHECK (`number_seq` >= 0),
  `number_order` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `product_line` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `stage` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `stage_entered_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `status` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL CHECK (`status` IN ('pending', 'in_progress', 'won', 'lost', 'converted')),
  `region` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `source` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `channel` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `campaign` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `score` DOUBLE NULL,
  `amount_paise` BIGINT NULL,
  `tasks_done` BIGINT NOT NULL CHECK (`tasks_done` >= 0),
  `tasks_total` BIGINT NOT NULL CHECK (`tasks_total` >= 0),
  `sealed_name` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `created_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `updated_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `first_response_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  `decided_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  `won_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  `lost_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  `deleted_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  `owner_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `team` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `partner` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `placement_version` BIGINT NOT NULL CHECK (`placement_version` >= 0),
  `format` BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (`lead_id`),
  KEY `lead_facts_by_stage` (`product_line`, `presence`, `stage`, `stage_entered_at`, `lead_id`, `amount_paise`, `owner_id`, `partner`, `status`, `source`, `region`),
  KEY `lead_facts_totals` (`product_line`, `presence`, `stage`, `owner_id`, `amount_paise`),
  KEY `lead_facts_by_creation` (`presence`, `created_at`, `lead_id`, `product_line`, `stage`, `status`, `owner_id`, `partner`, `source`, `region`),
  KEY `lead_facts_by_update` (`product_line`, `presence`, `updated_at`, `lead_id`),
  KEY `lead_facts_by_entry` (`product_line`, `presence`, `stage_entered_at`, `lead_id`),
  KEY `lead_facts_by_number` (`product_line`, `presence`, `number_order`, `lead_id`),
  KEY `lead_facts_by_amount` (`product_line`, `presence`, `amount_paise`, `lead_id`),
  KEY `lead_facts_by_score` (`product_line`, `presence`, `score`, `lead_id`),
  KEY `lead_facts_by_owner` (`owner_id`, `presence`, `created_at`, `lead_id`),
  KEY `lead_facts_by_partner` (`partner`, `presence`, `created_at`, `lead_id`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `lead_collaborators` (
  `lead_id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `user_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  PRIMARY KEY (`lead_id`, `user_id`),
  KEY `lead_collaborators_by_user` (`user_id`, `lead_id`),
  FOREIGN KEY (`lead_id`) REFERENCES `lead_facts` (`lead_id`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `stage_stays` (
  `lead_id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `sequence` BIGINT NOT NULL CHECK (`sequence` >= 0),
  `stage` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `entered_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `exited_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (`lead_id`, `sequence`),
  FOREIGN KEY (`lead_id`) REFERENCES `lead_facts` (`lead_id`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `lead_index` (
  `lead_id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `field` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `ordinal` BIGINT NOT NULL CHECK (`ordinal` >= 0),
  `product_line` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `number_value` DOUBLE NULL,
  `text_value` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `hash_value` VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (`lead_id`, `field`, `ordinal`),
  KEY `lead_index_by_number` (`product_line`, `field`, `number_value`, `lead_id`),
  KEY `lead_index_by_text` (`product_line`, `field`, `text_value`, `lead_id`),
  KEY `lead_index_by_hash` (`product_line`, `field`, `hash_value`, `lead_id`),
  FOREIGN KEY (`lead_id`) REFERENCES `lead_facts` (`lead_id`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `moves` (
  `event_id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `lead_id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `product_line` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `pipeline_version` BIGINT NOT NULL CHECK (`pipeline_version` >= 1),
  `from_stage` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `to_stage` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `actor` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `format` BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (`event_id`),
  KEY `moves_by_lead` (`lead_id`, `at`, `event_id`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `audit` (
  `id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `actor` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `via` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `command` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `event_type` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `aggregate_kind` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `aggregate_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `aggregate_version` BIGINT NOT NULL CHECK (`aggregate_version` >= 0),
  `correlation_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `changes` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `sealed` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `payload_hash` VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `position` BIGINT NULL,
  `prev_hash` VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
  `chain_hash` VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
  `format` BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (`id`),
  KEY `audit_by_aggregate` (`aggregate_kind`, `aggregate_id`, `id`),
  KEY `audit_by_actor` (`actor`, `id`),
  UNIQUE KEY `audit_by_position` (`position`)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS `import_runs` (
  `id` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `product_line` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `schema_version` BIGINT NOT NULL CHECK (`schema_version` >= 0),
  `file_name` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `file_sha256` VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `file_bytes` BIGINT NOT NULL CHECK (`file_bytes` >= 0),
  `mapping` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `status` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL CHECK (`status` IN ('running', 'completed', 'completed_with_rejects', 'stopped', 'failed')),
  `rows_read` BIGINT NOT NULL CHECK (`rows_read` >= 0),
  `created` BIGINT NOT NULL CHECK (`created` >= 0),
  `updated` BIGINT NOT NULL CHECK (`updated` >= 0),
  `duplicates` BIGINT NOT NULL CHECK (`duplicates` >= 0),
  `rejected` BIGINT NOT NULL CHECK (`rejected` >= 0),
  `reasons` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `started_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `finished_at` CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  `actor` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `error` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  `version` BIGINT NOT NULL CHECK (`version` >= 1),
  `format` BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (`id`),
  KEY `import_runs_by_file` (`product_line`, `file_sha256`, `id`)
) ENGINE=InnoDB;
