import type { Generated } from 'kysely';
import type { ActorRef, Instant } from '../../foundation/kernel/index.js';
import type { ExchangeEnd } from '../../foundation/outbound/exchange-store.js';

/** A call to another system. */
export interface ExchangesTable {
  id: string;
  target: string;
  purpose: string;
  subject_kind: string | null;
  subject_id: string | null;
  actor: ActorRef;
  correlation_id: string | null;
  method: string;
  host: string;
  path: string;
  started_at: Instant;
  request_bytes: number;
  request_hash: string | null;
  sealed_request: string | null;
  outcome: ExchangeEnd;
  finished_at: Instant | null;
  status: number | null;
  attempts: number;
  response_bytes: number | null;
  response_hash: string | null;
  sealed_response: string | null;
  format: Generated<number>;
}

/** What was spent on a target in a day or month. */
export interface OutboundBudgetsTable {
  target: string;
  period: string;
  spent: number;
  spent_at: Instant;
}
