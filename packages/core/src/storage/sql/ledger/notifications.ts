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
  | 'id'
  | 'book_version'
  | 'status'
  | 'reason'
  | 'answer'
  | 'language'
  | 'attempts'
  | 'held_until'
  | 'edition'
  | 'version'
  | 'updated_at'
> & { readonly before: number };

const openStatuses: readonly NotificationStatus[] = ['waiting', 'sending'];

interface CountRow {
  readonly status: NotificationStatus | 'held';
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
        held_until: parameter('held_until'),
        edition: parameter('edition'),
        version: parameter('version'),
        updated_at: parameter('updated_at'),
      })
      .where('id', '=', parameter('id'))
      .where('version', '=', parameter('before')),
  );
  const made = sql.ref('made_at');
  /** A range of one index each. */
  const counted = (which: NotificationStatus, also: RawBuilder<unknown>, as: CountRow['status'] = which) =>
    sql`select ${sql.lit(as)} as ${sql.ref('status')}, count(*) as made, min(${made}) as oldest from notifications${flavour.byIndex('notifications_by_status')} where ${sql.ref('status')} = ${sql.lit(which)}${also}`;
  const counts = prepare<{ since: Instant; now: Instant }, CountRow>((parameter) => {
    const lately = sql` and ${made} >= ${parameter('since')}`;
    const all = [
      counted('waiting', sql` and (held_until is null or held_until <= ${parameter('now')})`),
      counted('waiting', sql` and held_until > ${parameter('now')}`, 'held'),
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
      // In one order, so that two who add the same do not wait for each other.
      const inOrder = [...given].sort((one, other) => (one.id < other.id ? -1 : 1)).map(newNotificationRowOf);
      const added = new Set(inOrder.map(({ id }) => id));
      // Where one of several is there, an engine may add none of them: then they are added one by one.
      for (const row of await notifications.insertReturningTaken(connection, inOrder)) {
        if (!(await notifications.insertOne(connection, row))) added.delete(row.id);
      }
      return added;
    },
    async get(unit, id) {
      const row = await (unit === null ? read : readLocked).first(readerFor(context, unit, 'ledger'), { id });
      return row && notificationOf(row);
    },
    async save(unit, notification) {
      const { bookVersion, heldUntil, updatedAt, version } = notification;
      const { id, status, reason, answer, language, attempts, edition } = notification;
      const saved = { id, status, reason, answer, language, attempts, edition, version, before: version - 1 };
      const renamed = { book_version: bookVersion, held_until: heldUntil, updated_at: updatedAt };
      return (await save.run(connectionOf(unit, 'ledger'), { ...saved, ...renamed })) === 1;
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
    async counts(moments) {
      const rows = await counts.all(context.scanner, moments);
      const of = (...statuses: readonly CountRow['status'][]): readonly CountRow[] =>
        rows.filter((row) => statuses.includes(row.status));
      const sum = (found: readonly CountRow[]): number => found.reduce((total, row) => total + row.made, 0);
      const left = of('waiting', 'sending');
      const [oldestAt = null] = left.flatMap(({ oldest }) => oldest ?? []).sort();
      const held = sum(of('held'));
      return { waiting: sum(left) + held, held, oldestAt, failed: sum(of('failed')), unknown: sum(of('unknown')) };
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
    }>`select id, made_at from notifications${flavour.byIndex('notifications_by_status')} where ${sql.ref('status')} = ${status} and made_at < ${before} and updated_at < ${before} and (held_until is null or held_until < ${before}) order by made_at, id limit ${limit}`,
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
