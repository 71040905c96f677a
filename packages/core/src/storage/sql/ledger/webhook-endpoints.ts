import { sql } from 'kysely';
import type { StoredEndpoint, WebhookStore } from '../../../crm/notify/webhooks/webhook-store.js';
import type { Instant } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { compilable, prepare, runQuery } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import { type EndpointRow, endpointColumns, endpointOf, endpointRowOf } from './webhook-rows.js';

type EndpointPart = Pick<
  WebhookStore,
  | 'insertEndpoint'
  | 'updateEndpoint'
  | 'endpoint'
  | 'endpoints'
  | 'forgetEndpoint'
  | 'markFailing'
  | 'position'
  | 'lockPosition'
  | 'savePosition'
  | 'dueEndpoints'
>;

/** There is one sequence of events. */
const cursor = 'events';

/** Endpoints, and up to where they were told. */
export function webhookEndpoints(context: SqlContext): EndpointPart {
  const { flavour } = context;
  const { query, locksRows } = flavour;
  const endpoints = inserter(flavour, 'webhook_endpoints', endpointColumns);
  const cursors = inserter(flavour, 'webhook_cursors', ['name', 'position']);
  const oneOf = (lock: boolean) =>
    prepare<{ id: string }, EndpointRow>((parameter) =>
      query
        .selectFrom('webhook_endpoints')
        .select(endpointColumns)
        .where('id', '=', parameter('id'))
        .$if(lock, (select) => select.forUpdate()),
    );
  const [read, readLocked] = [oneOf(false), oneOf(locksRows)];
  const all = prepare<Record<never, never>, EndpointRow>(() =>
    query.selectFrom('webhook_endpoints').select(endpointColumns).orderBy('id'),
  );
  const columns = sql.join(endpointColumns.map((column) => sql.ref(`webhook_endpoints.${column}`)));
  const due = prepare<{ now: Instant }, EndpointRow>((parameter) =>
    compilable(
      flavour,
      sql<EndpointRow>`select ${columns} from webhook_endpoints where ${sql.ref('webhook_endpoints.status')} = 'active' and exists (select 1 from webhook_deliveries${flavour.byIndex('webhook_deliveries_due')} where ${sql.ref('webhook_deliveries.endpoint_id')} = ${sql.ref('webhook_endpoints.id')} and ${sql.ref('webhook_deliveries.status')} = 'waiting' and ${sql.ref('webhook_deliveries.at')} <= ${parameter('now')}) order by ${sql.ref('webhook_endpoints.id')}`,
    ),
  );
  const fails = prepare<{ id: string; since: Instant | null }, unknown>((parameter) =>
    query
      .updateTable('webhook_endpoints')
      .set({ failing_since: parameter('since') })
      .where('id', '=', parameter('id'))
      .where('failing_since', 'is', null),
  );
  const works = prepare<{ id: string }, unknown>((parameter) =>
    query.updateTable('webhook_endpoints').set({ failing_since: null }).where('id', '=', parameter('id')),
  );
  const anyDelivery = prepare<{ id: string }, { id: string }>((parameter) =>
    query.selectFrom('webhook_deliveries').select('id').where('endpoint_id', '=', parameter('id')).limit(1),
  );
  const forget = prepare<{ id: string }, unknown>((parameter) =>
    query.deleteFrom('webhook_endpoints').where('id', '=', parameter('id')).where('status', '=', 'removed'),
  );
  const positionOf = (lock: boolean) =>
    prepare<{ name: string }, { position: number }>((parameter) =>
      query
        .selectFrom('webhook_cursors')
        .select('position')
        .where('name', '=', parameter('name'))
        .$if(lock, (select) => select.forUpdate()),
    );
  const [position, positionLocked] = [positionOf(false), positionOf(locksRows)];
  const move = prepare<{ name: string; position: number }, unknown>((parameter) =>
    query
      .updateTable('webhook_cursors')
      .set({ position: parameter('position') })
      .where('name', '=', parameter('name')),
  );

  return {
    async insertEndpoint(unit, endpoint) {
      await endpoints.insert(connectionOf(unit, 'ledger'), [endpointRowOf(endpoint)]);
    },
    async updateEndpoint(unit, endpoint) {
      await runQuery(connectionOf(unit, 'ledger'), updateOf(context, endpoint));
    },
    async endpoint(unit, id) {
      const row = await (unit === null ? read : readLocked).first(readerFor(context, unit, 'ledger'), { id });
      return row && endpointOf(row);
    },
    async endpoints(unit) {
      return (await all.all(readerFor(context, unit, 'ledger'), {})).map(endpointOf);
    },
    async forgetEndpoint(unit, id) {
      const connection = connectionOf(unit, 'ledger');
      if ((await anyDelivery.first(connection, { id })) !== null) return false;
      return (await forget.run(connection, { id })) === 1;
    },
    async markFailing(unit, id, since) {
      const connection = connectionOf(unit, 'ledger');
      await (since === null ? works.run(connection, { id }) : fails.run(connection, { id, since }));
    },
    async position() {
      return (await position.first(context.reader, { name: cursor }))?.position ?? null;
    },
    async lockPosition(unit, first) {
      const connection = connectionOf(unit, 'ledger');
      const there = await positionLocked.first(connection, { name: cursor });
      if (there !== null) return there.position;
      await cursors.insertKeepingExisting(connection, [{ name: cursor, position: first }]);
      return (await positionLocked.first(connection, { name: cursor }))?.position ?? first;
    },
    async savePosition(unit, reached) {
      await move.run(connectionOf(unit, 'ledger'), { name: cursor, position: reached });
    },
    async dueEndpoints(now) {
      return (await due.all(context.reader, { now })).map(endpointOf);
    },
  };
}

function updateOf({ flavour }: SqlContext, endpoint: StoredEndpoint) {
  const { id, ...columns } = endpointRowOf(endpoint);
  return flavour.query.updateTable('webhook_endpoints').set(columns).where('id', '=', id);
}
