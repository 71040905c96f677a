import type { Generated } from 'kysely';
import type { ActorRef, Instant } from '../../foundation/kernel/index.js';
import type { BlockedChannel, ConsentSource } from '../../foundation/privacy/consent/consent-store.js';

/** What a person allows. */
export interface ConsentsTable {
  id: string;
  subject_kind: string;
  subject_id: string;
  phone_hash: string | null;
  email_hash: string | null;
  purpose: string;
  partner: string | null;
  /** JSON: a list of texts. */
  data_items: string;
  wording_language: string;
  wording_version: number;
  wording_hash: string;
  source: ConsentSource;
  given_at: Instant;
  expires_at: Instant | null;
  recorded_at: Instant;
  recorded_by: ActorRef;
  sealed_evidence: string | null;
  withdrawn_at: Instant | null;
  withdrawn_by: ActorRef | null;
  withdrawal_source: ConsentSource | null;
  sealed_reason: string | null;
  version: number;
  /** When it was withdrawn, else given. */
  decided_at: Instant;
  /** Of the subject, purpose, partner and moment. */
  given_key: string;
  format: Generated<number>;
}

/** By what a person must not be contacted. */
export interface ContactBlocksTable {
  id: string;
  subject_kind: string;
  subject_id: string;
  phone_hash: string | null;
  email_hash: string | null;
  channel: BlockedChannel;
  blocked_at: Instant;
  blocked_by: ActorRef;
  source: ConsentSource;
  sealed_reason: string | null;
  lifted_at: Instant | null;
  lifted_by: ActorRef | null;
  version: number;
  /** Of the subject and channel while it stands. */
  standing_key: string | null;
  format: Generated<number>;
}

/** A text that people agree to. */
export interface ConsentWordingsTable {
  id: string;
  purpose: string;
  language: string;
  version: number;
  text: string;
  hash: string;
  added_at: Instant;
  added_by: ActorRef;
  format: Generated<number>;
}
