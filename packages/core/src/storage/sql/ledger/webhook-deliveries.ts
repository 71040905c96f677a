import { sql } from 'kysely';
import type {
  DeliveryEnding,
  DeliveryQuery,
  DeliveryStatus,
  EndpointCounts,
  StoredDelivery,
  WebhookStore,
} from '../../../crm/notify/webhooks/webhook-store.js';
import type { Instant } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { writeJson } from '../json-text.js';
import { compilable, prepare, prepareList, runQuery } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import { trimByKey } from '../trim.js';
import { type DeliveryRow, deliveryColumns, deliveryOf, newDeliveryRowOf } from './webhook-rows.js';

type DeliveryPart = Pick<
  WebhookStore,
  | 'insertDeliveries'
  | 'claim'
  | 'end'
  | 'delivery'
  | 'deliveries'
  | 'replay'
  | 'replayDead'
  | 'dismiss'
  | 'dismissDead'
  | 'counts'
  | 'trim'
>;

type HeldRow = Pick<DeliveryRow, 'id' | 'fence'>;
type FailedRow = Pick<DeliveryRow, 'id' | 'status' | 'at' | 'failures'>;

interface DueParameters {
  readonly endpoint: string;
  readonly now: Instant;
  readonly limit: number;
}

/** What endpoints are told, and how far. */
export function webhookDeliveries(context: SqlContext): DeliveryPart {
  const { flavour } = context;
  const { query, locksRows } = flavour;
  const inserted = inserter(flavour, 'webhook_deliveries', deliveryColumns);
  const columns = sql.join(deliveryColumns.map((column) => sql.ref(column)));
  const byDue = flavour.byIndex('webhook_deliveries_due');
  const at = sql.ref('at');
  const status = sql.ref('status');
  /** Those that another unit is at are passed over, not waited for. */
  const taking = sql.raw(locksRows ? 'for update skip locked' : '');
  const due = prepare<DueParameters, DeliveryRow>((parameter) =>
    compilable(
      flavour,
      sql<DeliveryRow>`select ${columns} from webhook_deliveries${byDue} where endpoint_id = ${parameter('endpoint')} and ${status} = 'waiting' and ${at} <= ${parameter('now')} order by ${at}, id limit ${parameter('limit')} ${taking}`,
    ),
  );
  const take = prepareList<string, { endpoint: string; leaseUntil: Instant }, unknown>((ids, parameter) =>
    query
      .updateTable('webhook_deliveries')
      .set({ at: parameter('leaseUntil'), attempts: sql<number>`attempts + 1`, fence: sql<number>`fence + 1` })
      .where('endpoint_id', '=', parameter('endpoint'))
      .where('id', 'in', ids),
  );
  const waiting = prepareList<string, { endpoint: string }, HeldRow>((ids, parameter) =>
    query
      .selectFrom('webhook_deliveries')
      .select(['id', 'fence'])
      .where('endpoint_id', '=', parameter('endpoint'))
      .where('id', 'in', ids)
      .where('status', '=', 'waiting')
      .$if(locksRows, (select) => select.forUpdate()),
  );
  const delivered = prepareList<string, { endpoint: string; now: Instant; answer: number }, unknown>((ids, parameter) =>
    query
      .updateTable('webhook_deliveries')
      .set({ status: 'delivered', at: parameter('now'), delivered_status: parameter('answer') })
      .where('endpoint_id', '=', parameter('endpoint'))
      .where('id', 'in', ids),
  );
  const failed = prepare<FailedRow & { endpoint: string }, unknown>((parameter) =>
    query
      .updateTable('webhook_deliveries')
      .set({
        status: parameter('status'),
        at: parameter('at'),
        failures: parameter('failures'),
        fence: sql<number>`fence + 1`,
      })
      .where('endpoint_id', '=', parameter('endpoint'))
      .where('id', '=', parameter('id')),
  );
  const released = prepare<{ endpoint: string; id: string; at: Instant }, unknown>((parameter) =>
    query
      .updateTable('webhook_deliveries')
      .set({ at: parameter('at'), attempts: sql<number>`attempts - 1`, fence: sql<number>`fence + 1` })
      .where('endpoint_id', '=', parameter('endpoint'))
      .where('id', '=', parameter('id')),
  );
  const one = prepare<{ id: string }, DeliveryRow>((parameter) =>
    query.selectFrom('webhook_deliveries').select(deliveryColumns).where('id', '=', parameter('id')),
  );
  const again = { status: 'waiting', attempts: 0, fence: sql<number>`fence + 1`, delivered_status: null } as const;
  const replay = prepareList<string, { endpoint: string; now: Instant }, { readonly id: string }>((ids, parameter) =>
    query
      .updateTable('webhook_deliveries')
      .set({ ...again, at: parameter('now') })
      .where('endpoint_id', '=', parameter('endpoint'))
      .where('id', 'in', ids),
  );
  const dismissed = prepareList<string, { endpoint: string }, unknown>((ids, parameter) =>
    query
      .updateTable('webhook_deliveries')
      .set({ status: 'dismissed' })
      .where('endpoint_id', '=', parameter('endpoint'))
      .where('id', 'in', ids),
  );
  const there = prepare<{ endpoint: string; id: string }, Pick<DeliveryRow, 'id' | 'status'>>((parameter) =>
    query
      .selectFrom('webhook_deliveries')
      .select(['id', 'status'])
      .where('endpoint_id', '=', parameter('endpoint'))
      .where('id', '=', parameter('id'))
      .$if(locksRows, (select) => select.forUpdate()),
  );
  const dead = prepare<{ endpoint: string; since: Instant; limit: number }, { readonly id: string }>((parameter) =>
    compilable(
      flavour,
      sql<{
        id: string;
      }>`select id from webhook_deliveries${byDue} where endpoint_id = ${parameter('endpoint')} and ${status} = 'dead' and ${at} >= ${parameter('since')} order by ${at}, id limit ${parameter('limit')} ${taking}`,
    ),
  );
  const counted = (which: DeliveryStatus) =>
    sql`(select count(*) from webhook_deliveries where endpoint_id = webhook_endpoints.id and ${sql.ref('webhook_deliveries.status')} = ${sql.lit(which)})`;
  const counts = prepare<Record<never, never>, EndpointCounts>(() =>
    compilable(
      flavour,
      sql<EndpointCounts>`select id as ${sql.ref('endpointId')}, ${counted('waiting')} as waiting, ${counted('dead')} as dead, (select min(${at}) from webhook_deliveries where endpoint_id = webhook_endpoints.id and ${sql.ref('webhook_deliveries.status')} = 'waiting') as ${sql.ref('oldestAt')} from webhook_endpoints where ${sql.ref('webhook_endpoints.status')} <> 'removed' order by id`,
    ),
  );

  async function endOf(connection: SqlConnection, endpoint: string, endings: readonly DeliveryEnding[], now: Instant) {
    const fences = new Map(endings.map(({ id, fence }) => [id, fence]));
    // In one order, so that two who lock several do not wait for each other.
    const rows = await waiting.all(connection, [...fences.keys()].sort(), { endpoint });
    const held = new Set(rows.filter(({ id, fence }) => fences.get(id) === fence).map(({ id }) => id));
    const answered = new Map<number, string[]>();
    for (const { id, outcome } of endings) {
      if (!held.has(id)) continue;
      if (outcome.kind === 'delivered') {
        answered.set(outcome.status, [...(answered.get(outcome.status) ?? []), id]);
      } else if (outcome.kind === 'released') {
        await released.run(connection, { endpoint, id, at: outcome.at });
      } else {
        const isDead = outcome.kind === 'dead';
        const failures = writeJson(outcome.failures);
        const ended = { status: isDead ? 'dead' : 'waiting', at: isDead ? now : outcome.at } as const;
        await failed.run(connection, { endpoint, id, ...ended, failures });
      }
    }
    for (const [answer, ids] of answered) await delivered.all(connection, ids, { endpoint, now, answer });
    return held;
  }

  return {
    async insertDeliveries(unit, deliveries) {
      await inserted.insertKeepingExisting(connectionOf(unit, 'ledger'), deliveries.map(newDeliveryRowOf));
    },
    async claim(unit, claims, { now, leaseUntil }) {
      const connection = connectionOf(unit, 'ledger');
      const taken: StoredDelivery[] = [];
      for (const { endpointId: endpoint, limit } of claims) {
        const rows = await due.all(connection, { endpoint, now, limit });
        const ids = rows.map(({ id }) => id);
        await take.all(connection, ids, { endpoint, leaseUntil });
        for (const row of rows) {
          const delivery = deliveryOf(row);
          taken.push({
            ...delivery,
            at: leaseUntil,
            attempts: delivery.attempts + 1,
            fence: delivery.fence + 1,
          });
        }
      }
      return taken;
    },
    async end(unit, endings, now) {
      const connection = connectionOf(unit, 'ledger');
      const held = new Set<string>();
      const byEndpoint = new Map<string, DeliveryEnding[]>();
      for (const ending of endings) {
        byEndpoint.set(ending.endpointId, [...(byEndpoint.get(ending.endpointId) ?? []), ending]);
      }
      for (const endpoint of [...byEndpoint.keys()].sort()) {
        for (const id of await endOf(connection, endpoint, byEndpoint.get(endpoint) ?? [], now)) held.add(id);
      }
      return held;
    },
    async delivery(id) {
      const row = await one.first(context.reader, { id });
      return row && deliveryOf(row);
    },
    async deliveries(wanted) {
      const { rows } = await runQuery(context.reader, listQuery(context, wanted));
      return rows.map(deliveryOf);
    },
    async replay(unit, { endpointId: endpoint, id }, now) {
      const connection = connectionOf(unit, 'ledger');
      if ((await there.first(connection, { endpoint, id })) === null) return false;
      await replay.all(connection, [id], { endpoint, now });
      return true;
    },
    async replayDead(unit, { endpointId: endpoint, since, limit }, now) {
      const connection = connectionOf(unit, 'ledger');
      const rows = await dead.all(connection, { endpoint, since, limit });
      const ids = rows.map(({ id }) => id);
      await replay.all(connection, ids, { endpoint, now });
      return ids.length;
    },
    async dismiss(unit, { endpointId: endpoint, id }) {
      const connection = connectionOf(unit, 'ledger');
      const row = await there.first(connection, { endpoint, id });
      if (row?.status !== 'dead') return false;
      await dismissed.all(connection, [id], { endpoint });
      return true;
    },
    async dismissDead(unit, { endpointId: endpoint, since, limit }) {
      const connection = connectionOf(unit, 'ledger');
      const ids = (await dead.all(connection, { endpoint, since, limit })).map(({ id }) => id);
      await dismissed.all(connection, ids, { endpoint });
      return ids.length;
    },
    counts: () => counts.all(context.scanner, {}),
    trim: (endpointId, which, before, limit) =>
      trimByKey(context, {
        home: 'ledger',
        table: 'webhook_deliveries',
        key: 'id',
        where: sql`endpoint_id = ${endpointId} and ${status} = ${which} and ${at} < ${before}`,
        order: 'at',
        limit,
      }),
  };
}

function listQuery({ flavour }: SqlContext, { endpointId, status, after, limit }: DeliveryQuery) {
  let list = flavour.query
    .selectFrom('webhook_deliveries')
    .select(deliveryColumns)
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', status);
  if (after !== undefined) {
    list = list
      .where('at', '<=', after.at)
      .where((either) => either.or([either('at', '<', after.at), either('id', '<', after.id)]));
  }
  return list.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit);
}
