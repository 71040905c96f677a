import type { Selectable } from 'kysely';
import type { ConsumerStore, StoredConsumer } from '../../../foundation/events/consumer-store.js';
import { inserter } from '../inserter.js';
import { prepare } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { EventConsumersTable } from '../tables-events.js';

type ConsumerRow = Omit<Selectable<EventConsumersTable>, 'format'>;

/** The name first. */
const columns = [
  'name',
  'id',
  'position',
  'status',
  'fence',
  'holder',
  'lease_until',
  'attempts',
  'retry_at',
  'last_error',
  'failed_position',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof ConsumerRow)[];

export function consumerStore(context: SqlContext): ConsumerStore {
  const { query, locksRows } = context.flavour;
  const consumers = inserter(context.flavour, 'event_consumers', columns);
  const byName = (lock: boolean) =>
    prepare<{ name: string }, ConsumerRow>((parameter) =>
      query
        .selectFrom('event_consumers')
        .select(columns)
        .where('name', '=', parameter('name'))
        .$if(lock, (select) => select.forUpdate()),
    );
  const found = byName(false);
  const foundLocked = locksRows ? byName(true) : found;
  const page = prepare<{ after: string; limit: number }, ConsumerRow>((parameter) =>
    query
      .selectFrom('event_consumers')
      .select(columns)
      .where('name', '>', parameter('after'))
      .orderBy('name')
      .limit(parameter('limit')),
  );
  const replace = prepare<Omit<ConsumerRow, 'id' | 'created_at'> & { seen: number }, unknown>((parameter) =>
    query
      .updateTable('event_consumers')
      .set({
        position: parameter('position'),
        status: parameter('status'),
        fence: parameter('fence'),
        holder: parameter('holder'),
        lease_until: parameter('lease_until'),
        attempts: parameter('attempts'),
        retry_at: parameter('retry_at'),
        last_error: parameter('last_error'),
        failed_position: parameter('failed_position'),
        updated_at: parameter('updated_at'),
      })
      .where('name', '=', parameter('name'))
      .where('fence', '=', parameter('seen')),
  );
  const removed = prepare<{ name: string }, unknown>((parameter) =>
    query.deleteFrom('event_consumers').where('name', '=', parameter('name')),
  );

  return {
    async insert(unit, consumer) {
      await consumers.insertKeepingExisting(connectionOf(unit, 'ledger'), [rowOf(consumer)]);
    },
    async get(unit, name) {
      const statement = unit === null ? found : foundLocked;
      const row = await statement.first(readerFor(context, unit, 'ledger'), { name });
      return row && consumerOf(row);
    },
    async list({ after = '', limit }) {
      return (await page.all(context.reader, { after, limit })).map(consumerOf);
    },
    async save(unit, consumer, fence) {
      return (await replace.run(connectionOf(unit, 'ledger'), { ...rowOf(consumer), seen: fence })) === 1;
    },
    async remove(unit, name) {
      return (await removed.run(connectionOf(unit, 'ledger'), { name })) === 1;
    },
  };
}

function rowOf(consumer: StoredConsumer): ConsumerRow {
  return {
    name: consumer.name,
    id: consumer.id,
    position: consumer.position,
    status: consumer.status,
    fence: consumer.fence,
    holder: consumer.holder,
    lease_until: consumer.leaseUntil,
    attempts: consumer.attempts,
    retry_at: consumer.retryAt,
    last_error: consumer.lastError,
    failed_position: consumer.failedPosition,
    created_at: consumer.createdAt,
    updated_at: consumer.updatedAt,
  };
}

function consumerOf(row: ConsumerRow): StoredConsumer {
  return {
    name: row.name,
    id: row.id,
    position: row.position,
    status: row.status,
    fence: row.fence,
    holder: row.holder,
    leaseUntil: row.lease_until,
    attempts: row.attempts,
    retryAt: row.retry_at,
    lastError: row.last_error,
    failedPosition: row.failed_position,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
