import type { Generated } from 'kysely';
import type { LeadStatus } from '../../crm/leads/index.js';
import type { Instant, LeadId } from '../../foundation/kernel/index.js';

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
