import type { DomainEvent, EventId } from '../../foundation/kernel/index.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { rowsById } from './rows-by-id.js';

/** Of what an event in the trail told, without its contents. */
export interface ToldOf {
  readonly id: string;
  readonly event_type: string;
  readonly aggregate_kind: string;
  readonly aggregate_id: string;
  readonly aggregate_version: number;
}

/** A row of the trail: all that an event said. */
export interface ToldEvent extends ToldOf {
  readonly at: string;
  readonly actor: string;
  readonly via: string | null;
  readonly command: string;
  readonly correlation_id: string;
  readonly changes: string;
  readonly sealed: string | null;
}

const columnsOfWhat = 'id, event_type, aggregate_kind, aggregate_id, aggregate_version';
const columns = `${columnsOfWhat}, at, actor, via, command, correlation_id, changes, sealed`;
/** Every event is of the first version of its type. */
const typeVersion = 1;
/** Few enough that a server looks each of them up by its index. */
const leadsAtOnce = 200;

export function newlyTold(later: SqlConnection, ids: readonly string[]): Promise<readonly ToldOf[]> {
  return rowsById<ToldOf>(later, `SELECT ${columnsOfWhat} FROM audit WHERE id`, ids);
}

export function toldEvents(later: SqlConnection, ids: readonly string[]): Promise<readonly ToldEvent[]> {
  return rowsById<ToldEvent>(later, `SELECT ${columns} FROM audit WHERE id`, ids);
}

/** A lead in a version. */
export interface LeadVersion {
  readonly id: string;
  readonly version: number;
}

/** The ids of the last events of leads, each up to its version; none of a lead without such an event. */
export async function lastToldOf(later: SqlConnection, leads: readonly LeadVersion[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (let at = 0; at < leads.length; at += leadsAtOnce) {
    const upTo = await ofLeads<LeadVersion>(later, leads.slice(at, at + leadsAtOnce), {
      select: 'aggregate_id AS id, MAX(aggregate_version) AS version',
      versions: '<=',
    });
    const last = await ofLeads<{ readonly id: string }>(later, upTo, { select: 'MAX(id) AS id', versions: '=' });
    found.push(...last.map(({ id }) => id));
  }
  return found;
}

/** One row a lead, of its events up to or of a version. */
async function ofLeads<Row>(
  later: SqlConnection,
  leads: readonly LeadVersion[],
  { select, versions }: { readonly select: string; readonly versions: '<=' | '=' },
): Promise<readonly Row[]> {
  if (leads.length === 0) return [];
  const each = leads.map(() => `(aggregate_id = ? AND aggregate_version ${versions} ?)`).join(' OR ');
  const sql = `SELECT ${select} FROM audit WHERE aggregate_kind = 'lead' AND (${each}) GROUP BY aggregate_id`;
  const parameters = leads.flatMap(({ id, version }) => [id, version]);
  return (await later.execute<Row>({ sql, parameters })).rows;
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
