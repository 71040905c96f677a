import { type RawBuilder, sql } from 'kysely';
import type {
  NotificationQuery,
  NotificationStatus,
  NotificationStore,
} from '../../../crm/notify/notices/notification-store.js';
import type { Instant } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { compilable, prepare, runQuery } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import { trimByKey } from '../trim.js';
import {
  type BookRow,
  bookColumns,
  bookOf,
  bookRowOf,
  type NotificationRow,
  newNotificationRowOf,
  notificationColumns,
  notificationOf,
} from './notification-rows.js';

type Saved = Pick<
  NotificationRow,
  'id' | 'book_version' | 'status' | 'reason' | 'answer' | 'language' | 'attempts' | 'updated_at'
> & { readonly expected_attempts: number; readonly expected_status: NotificationStatus };

const openStatuses: readonly NotificationStatus[] = ['waiting', 'sending'];

interface CountRow {
  readonly status: NotificationStatus;
  readonly made: number;
  readonly oldest: Instant | null;
}

export function notificationStore(context: SqlContext): NotificationStore {
  const { flavour } = context;
  const { query, locksRows } = flavour;
  const books = inserter(flavour, 'notice_books', bookColumns);
  const notifications = inserter(flavour, 'notifications', notificationColumns);

  const newest = prepare<Record<never, never>, BookRow>(() =>
    query.selectFrom('notice_books').select(bookColumns).orderBy('version', 'desc').limit(1),
  );
  const ofVersion = prepare<{ version: number }, BookRow>((parameter) =>
    query.selectFrom('notice_books').select(bookColumns).where('version', '=', parameter('version')),
  );
  const rowOf = (lock: boolean) =>
    prepare<{ id: string }, NotificationRow>((parameter) =>
      query
        .selectFrom('notifications')
        .select(notificationColumns)
        .where('id', '=', parameter('id'))
        .$if(lock, (select) => select.forUpdate()),
    );
  const [read, readLocked] = [rowOf(false), rowOf(locksRows)];
  const save = prepare<Saved, unknown>((parameter) =>
    query
      .updateTable('notifications')
      .set({
        book_version: parameter('book_version'),
        status: parameter('status'),
        reason: parameter('reason'),
        answer: parameter('answer'),
        language: parameter('language'),
        attempts: parameter('attempts'),
        updated_at: parameter('updated_at'),
      })
      .where('id', '=', parameter('id'))
      .where('attempts', '=', parameter('expected_attempts'))
      .where('status', '=', parameter('expected_status')),
  );
  const made = sql.ref('made_at');
  /** A range of one index each. */
  const counted = (which: NotificationStatus, since: RawBuilder<unknown>) =>
    sql`select ${sql.lit(which)} as ${sql.ref('status')}, count(*) as made, min(${made}) as oldest from notifications${flavour.byIndex('notifications_by_status')} where ${sql.ref('status')} = ${sql.lit(which)}${since}`;
  const counts = prepare<{ since: Instant }, CountRow>((parameter) => {
    const lately = sql` and ${made} >= ${parameter('since')}`;
    const all = [
      counted('waiting', sql``),
      counted('sending', sql``),
      counted('failed', lately),
      counted('unknown', lately),
    ];
    return compilable(flavour, sql<CountRow>`${sql.join(all, sql` union all `)}`);
  });

  return {
    insertBook: (unit, book) => books.insertOne(connectionOf(unit, 'ledger'), bookRowOf(book)),
    async book(unit, version) {
      const connection = readerFor(context, unit, 'ledger');
      const row =
        version === 'newest' ? await newest.first(connection, {}) : await ofVersion.first(connection, { version });
      return row && bookOf(row);
    },
    async insert(unit, given) {
      const connection = connectionOf(unit, 'ledger');
      const added = new Set<string>();
      // In one order, so that two who add the same do not wait for each other.
      const inOrder = [...given].sort((one, other) => (one.id < other.id ? -1 : 1));
      for (const each of inOrder) {
        if (await notifications.insertOne(connection, newNotificationRowOf(each))) added.add(each.id);
      }
      return added;
    },
    async get(unit, id) {
      const row = await (unit === null ? read : readLocked).first(readerFor(context, unit, 'ledger'), { id });
      return row && notificationOf(row);
    },
    async save(unit, notification, expected) {
      const { id, bookVersion, status, reason, answer, language, attempts, updatedAt } = notification;
      const saved = { book_version: bookVersion, status, reason, answer, language, attempts, updated_at: updatedAt };
      const before = { expected_attempts: expected.attempts, expected_status: expected.status };
      return (await save.run(connectionOf(unit, 'ledger'), { id, ...before, ...saved })) === 1;
    },
    async untouched(before, limit) {
      const found: (readonly { readonly id: string; readonly made_at: Instant }[])[] = [];
      for (const status of openStatuses) {
        found.push((await runQuery(context.reader, untouchedQuery(context, { status, before, limit }))).rows);
      }
      return found
        .flat()
        .sort((one, other) => (one.made_at < other.made_at ? -1 : one.made_at > other.made_at ? 1 : 0))
        .slice(0, limit)
        .map(({ id }) => id);
    },
    async list(wanted) {
      const { rows } = await runQuery(context.reader, listQuery(context, wanted));
      return rows.map(notificationOf);
    },
    async counts(since) {
      const rows = await counts.all(context.scanner, { since });
      const of = (...statuses: readonly NotificationStatus[]): readonly CountRow[] =>
        rows.filter((row) => statuses.includes(row.status));
      const sum = (found: readonly CountRow[]): number => found.reduce((total, row) => total + row.made, 0);
      const left = of('waiting', 'sending');
      const [oldestAt = null] = left.flatMap(({ oldest }) => oldest ?? []).sort();
      return { waiting: sum(left), oldestAt, failed: sum(of('failed')), unknown: sum(of('unknown')) };
    },
    trim: (before, limit) =>
      trimByKey(context, {
        home: 'ledger',
        table: 'notifications',
        key: 'id',
        where: sql`made_at < ${before}`,
        order: 'made_at',
        limit,
      }),
  };
}

/** What is written later than it was made lies in the range, too: it is passed over. */
function untouchedQuery(
  { flavour }: SqlContext,
  { status, before, limit }: { readonly status: NotificationStatus; readonly before: Instant; readonly limit: number },
) {
  return compilable(
    flavour,
    sql<{
      readonly id: string;
      readonly made_at: Instant;
    }>`select id, made_at from notifications${flavour.byIndex('notifications_by_status')} where ${sql.ref('status')} = ${status} and made_at < ${before} and updated_at < ${before} order by made_at, id limit ${limit}`,
  );
}

/** By the index that has them in this order: an engine that knows little of the values would sort a small table. */
function listQuery({ flavour }: SqlContext, { status, leadId, after, limit }: NotificationQuery) {
  const conditions: RawBuilder<unknown>[] = [];
  if (leadId !== undefined) conditions.push(sql`lead_id = ${leadId}`);
  if (status !== undefined) conditions.push(sql`${sql.ref('status')} = ${status}`);
  if (after !== undefined) {
    const { madeAt, id } = after;
    conditions.push(sql`made_at <= ${madeAt} and (made_at < ${madeAt} or id < ${id})`);
  }
  const by = leadId !== undefined ? 'lead' : status !== undefined ? 'status' : 'time';
  const columns = sql.join(notificationColumns.map((column) => sql.ref(column)));
  const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
  return compilable(
    flavour,
    sql<NotificationRow>`select ${columns} from notifications${flavour.byIndex(`notifications_by_${by}`)} ${where} order by made_at desc, id desc limit ${limit}`,
  );
}
