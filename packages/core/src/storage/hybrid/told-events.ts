import type { DomainEvent, EventId } from '../../foundation/kernel/index.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { rowsById } from './rows-by-id.js';

/** A row of the trail: all that an event said. */
export interface ToldEvent {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly via: string | null;
  readonly command: string;
  readonly event_type: string;
  readonly aggregate_kind: string;
  readonly aggregate_id: string;
  readonly aggregate_version: number;
  readonly correlation_id: string;
  readonly changes: string;
  readonly sealed: string | null;
}

const columns =
  'id, at, actor, via, command, event_type, aggregate_kind, aggregate_id, aggregate_version, correlation_id, changes, sealed';
/** Every event is of the first version of its type. */
const typeVersion = 1;

export async function newlyTold(later: SqlConnection, ids: readonly string[]): Promise<readonly ToldEvent[]> {
  return rowsById<ToldEvent>(later, `SELECT ${columns} FROM audit WHERE id`, ids);
}

/** The last event of a lead up to a version. */
export async function lastToldOf(later: SqlConnection, leadId: string, version: number): Promise<ToldEvent | null> {
  const sql = `SELECT ${columns} FROM audit WHERE aggregate_kind = 'lead' AND aggregate_id = ? AND aggregate_version <= ? ORDER BY aggregate_version DESC, id DESC LIMIT 1`;
  return (await later.execute<ToldEvent>({ sql, parameters: [leadId, version] })).rows[0] ?? null;
}

/** The event as its outbox had it. Telling it again leaves the trail as it is, as its row is there by the same id. */
export function eventTextOf(told: ToldEvent): string {
  const event: DomainEvent = {
    id: told.id as EventId,
    type: told.event_type,
    typeVersion,
    aggregate: { kind: told.aggregate_kind, id: told.aggregate_id, version: told.aggregate_version },
    at: told.at,
    actor: told.actor,
    via: told.via === null ? null : JSON.parse(told.via),
    command: told.command,
    correlationId: told.correlation_id,
    causationId: null,
    data: JSON.parse(told.changes),
    sealed: told.sealed,
  };
  return JSON.stringify(event);
}
