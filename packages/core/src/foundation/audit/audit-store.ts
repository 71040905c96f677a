import type { ActorRef, ActorVia, AggregateRef, Instant, Json } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';

/** One row of the trail. `payloadHash` is SHA-256 over RFC 8785 JSON of the row as stored, without the last four. */
export interface AuditRow {
  /** The event's id. */
  readonly id: string;
  readonly at: Instant;
  readonly actor: ActorRef;
  readonly via: ActorVia | null;
  readonly command: string;
  readonly eventType: string;
  readonly aggregate: AggregateRef;
  readonly correlationId: string;
  /** What changed: clear where harmless, masked where personal. */
  readonly changes: Json;
  /** The personal part, sealed under the aggregate's data key. */
  readonly sealed: string | null;
  readonly payloadHash: string;
  /** Given by the sealer. */
  readonly position: number | null;
  readonly prevHash: string | null;
  readonly chainHash: string | null;
}

/** What the payload hash covers: everything but the hash itself and what the sealer gives. */
export type AuditPayload = Omit<AuditRow, 'payloadHash' | 'position' | 'prevHash' | 'chainHash'>;

export interface AuditQuery {
  readonly aggregateKind?: string;
  readonly aggregateId?: string;
  readonly actor?: ActorRef;
  readonly eventType?: string;
  readonly from?: Instant;
  readonly to?: Instant;
  /** Rows after this id, newest first. */
  readonly after?: string;
  readonly limit: number;
}

/** Lives in the ledger. */
export interface AuditStore {
  /** Inserts rows; a row whose id is there already is left as it is. */
  insert(unit: Unit, rows: readonly AuditRow[]): Promise<void>;
  /** Newest first (by id descending). */
  list(query: AuditQuery): Promise<readonly AuditRow[]>;
}
