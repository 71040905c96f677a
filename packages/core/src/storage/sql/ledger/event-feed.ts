import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { EventFeedStore, EventTypes, FeedEvent, FeedWindow } from '../../../foundation/events/event-feed-store.js';
import type { EventId, Json } from '../../../foundation/kernel/index.js';
import { readJson } from '../json-text.js';
import { runQuery } from '../prepared.js';
import type { SqlContext } from '../sql-unit.js';
import { type AuditRowInTable, type AuditRowRead, versionText } from './audit.js';

const columns = [
  'position',
  'id',
  'event_type',
  'at',
  'actor',
  'command',
  'aggregate_kind',
  'aggregate_id',
  'correlation_id',
  'changes',
] as const;

type FeedRow = Pick<AuditRowInTable, (typeof columns)[number]> & Pick<AuditRowRead, 'version_text'>;

/** What the trail keeps are events of the first version of their types. */
const typeVersion = 1;

export function eventFeedStore(context: SqlContext): EventFeedStore {
  return {
    async events(window) {
      const { rows } = await runQuery(context.reader, windowQuery(context, window));
      return rows.map(feedEventOf);
    },
  };
}

function windowQuery({ flavour }: SqlContext, { after, through, types, aggregateIds, limit }: FeedWindow) {
  let window = flavour.query
    .selectFrom('audit')
    .select([...columns, versionText])
    .where('position', '>', after)
    .where('position', '<=', through);
  if (types !== null) window = window.where(ofTypes(types));
  if (aggregateIds !== null) window = window.where('aggregate_id', 'in', aggregateIds);
  return window.orderBy('position').limit(limit);
}

/** Names, and ranges of names: what begins with `lead.` lies before `lead/`, the next character of ASCII. */
function ofTypes({ names, prefixes }: EventTypes): RawBuilder<SqlBool> {
  const type = sql.ref('event_type');
  const among = names.length === 0 ? [] : [sql`${type} in (${sql.join(names)})`];
  const ranges = prefixes.map((prefix) => sql`(${type} >= ${prefix} and ${type} < ${`${prefix.slice(0, -1)}/`})`);
  return sql<SqlBool>`(${sql.join([...among, ...ranges], sql` or `)})`;
}

/**
 * A row in which somebody else has written what cannot be read is an event all the same: verifying the trail names it, and it holds up
 * nobody.
 */
function feedEventOf(row: FeedRow): FeedEvent {
  return {
    position: row.position ?? 0,
    id: row.id as EventId,
    type: row.event_type,
    typeVersion,
    at: row.at,
    actor: row.actor,
    command: row.command,
    aggregate: { kind: row.aggregate_kind, id: row.aggregate_id, version: Number(row.version_text) },
    correlationId: row.correlation_id,
    data: dataOf(row),
  };
}

function dataOf({ changes }: FeedRow): Json {
  try {
    return readJson<Json>(changes);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
