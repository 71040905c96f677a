import { type RawBuilder, type Selectable, sql } from 'kysely';
import type {
  InboxDetails,
  InboxQuery,
  InboxStore,
  NewInboxNotice,
  StoredInboxNotice,
} from '../../../crm/notify/inbox/inbox-store.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { compilable, runQuery } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import type { InboxNoticesTable } from '../tables-notifications.js';
import { trimOldest } from '../trim.js';

type InboxRow = Omit<Selectable<InboxNoticesTable>, 'format'>;

const columns = [
  'user_id',
  'id',
  'event_type',
  'rule',
  'lead_id',
  'book_version',
  'details',
  'made_at',
  'read_at',
] as const satisfies readonly (keyof InboxRow)[];

export function inboxStore(context: SqlContext): InboxStore {
  const { flavour, reader } = context;
  const notices = inserter(flavour, 'inbox_notices', columns);
  const unreadOf = (userId: string): RawBuilder<unknown> =>
    sql`from inbox_notices${flavour.byIndex('inbox_notices_unread')} where user_id = ${userId} and read_at is null`;

  return {
    async insert(unit, given) {
      if (given.length === 0) return;
      const inOrder = [...given].sort((one, other) => (one.id < other.id ? -1 : 1));
      await notices.insertKeepingExisting(connectionOf(unit, 'ledger'), inOrder.map(rowOf));
    },
    async list(query) {
      const { rows } = await runQuery(reader, listQuery(context, query));
      return rows.map(noticeOf);
    },
    async unread(userId, most) {
      const counted = sql<{
        readonly unread: number;
      }>`select count(*) as unread from (select 1 as one ${unreadOf(userId)} limit ${most}) as counted`;
      const { rows } = await runQuery(reader, compilable(flavour, counted));
      return Number(rows[0]?.unread ?? 0);
    },
    async unreadIds({ userId, until, limit }) {
      const found = sql<{
        readonly id: string;
      }>`select id ${unreadOf(userId)} and made_at <= ${until} order by made_at, id limit ${limit}`;
      const { rows } = await runQuery(reader, compilable(flavour, found));
      return rows.map(({ id }) => id);
    },
    async markRead(unit, { userId, ids, at }) {
      if (ids.length === 0) return 0;
      // In one order, so that two who mark the same do not wait for each other.
      const keys = sql.join([...ids].sort().map((id) => sql`${id}`));
      const mark = sql`update inbox_notices${flavour.byKey} set read_at = ${at} where user_id = ${userId} and id in (${keys}) and read_at is null`;
      return (await runQuery(connectionOf(unit, 'ledger'), compilable(flavour, mark))).affected;
    },
    trim: (before, limit) =>
      trimOldest(context, {
        home: 'ledger',
        table: 'inbox_notices',
        key: ['user_id', 'id'],
        where: sql`made_at < ${before}`,
        order: 'made_at',
        limit,
      }),
  };
}

function listQuery({ flavour }: SqlContext, { userId, unread, after, limit }: InboxQuery) {
  const conditions: RawBuilder<unknown>[] = [sql`user_id = ${userId}`];
  if (unread) conditions.push(sql`read_at is null`);
  if (after !== undefined) {
    const { madeAt, id } = after;
    conditions.push(sql`made_at <= ${madeAt} and (made_at < ${madeAt} or id < ${id})`);
  }
  const index = flavour.byIndex(unread ? 'inbox_notices_unread' : 'inbox_notices_by_user');
  const selected = sql.join(columns.map((column) => sql.ref(column)));
  return compilable(
    flavour,
    sql<InboxRow>`select ${selected} from inbox_notices${index} where ${sql.join(conditions, sql` and `)} order by made_at desc, id desc limit ${limit}`,
  );
}

function rowOf({ userId, id, eventType, rule, leadId, bookVersion, details, madeAt }: NewInboxNotice): InboxRow {
  return {
    ...{ user_id: userId, id, event_type: eventType, rule, lead_id: leadId, book_version: bookVersion },
    ...{ details: writeJson(details), made_at: madeAt, read_at: null },
  };
}

function noticeOf(row: InboxRow): StoredInboxNotice {
  return {
    id: row.id,
    userId: row.user_id,
    eventType: row.event_type,
    rule: row.rule,
    leadId: row.lead_id,
    bookVersion: row.book_version,
    details: readJson<InboxDetails>(row.details),
    madeAt: row.made_at,
    readAt: row.read_at,
  };
}
