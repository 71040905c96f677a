import { type Selectable, sql } from 'kysely';
import type { Instant } from '../../../foundation/kernel/index.js';
import type {
  DataKeyStore,
  StoredDataKey,
  StoredStoreKey,
  StoreKeyStore,
} from '../../../foundation/privacy/data-key-store.js';
import { inserter } from '../inserter.js';
import { prepare, prepareList } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { DataKeysTable, StoreKeysTable } from '../tables.js';

type DataKeyRow = Omit<Selectable<DataKeysTable>, 'format'>;
type StoreKeyRow = Omit<Selectable<StoreKeysTable>, 'format'>;

const dataKeyColumns = [
  'kind',
  'id',
  'wrapped',
  'master_key_id',
  'destroyed_at',
] as const satisfies readonly (keyof DataKeyRow)[];
const mostStoreKeys = 1_000;
const storeKeyColumns = ['name', 'wrapped', 'master_key_id'] as const satisfies readonly (keyof StoreKeyRow)[];

export function dataKeyStore(context: SqlContext): DataKeyStore {
  const { query } = context.flavour;
  const dataKeys = inserter(context.flavour, 'data_keys', dataKeyColumns);
  const find = prepareList<string, { kind: string }, DataKeyRow>((ids, parameter) =>
    query.selectFrom('data_keys').select(dataKeyColumns).where('kind', '=', parameter('kind')).where('id', 'in', ids),
  );
  const destroy = prepare<{ kind: string; id: string; at: Instant }, unknown>((parameter) =>
    query
      .updateTable('data_keys')
      .set({ wrapped: '', destroyed_at: parameter('at') })
      .where('kind', '=', parameter('kind'))
      .where('id', '=', parameter('id'))
      .where('destroyed_at', 'is', null),
  );
  const next = prepare<{ kind: string; after: string; limit: number }, DataKeyRow>((parameter) =>
    query
      .selectFrom('data_keys')
      .select(dataKeyColumns)
      .where('kind', '=', parameter('kind'))
      .where('id', '>', parameter('after'))
      .orderBy('id')
      .limit(parameter('limit')),
  );
  const nextKind = prepare<{ after: string }, Pick<DataKeyRow, 'kind'>>((parameter) =>
    query.selectFrom('data_keys').select('kind').where('kind', '>', parameter('after')).orderBy('kind').limit(1),
  );
  const rewrap = prepare<{ kind: string; id: string; from: string; wrapped: string; master: string }, unknown>(
    (parameter) =>
      query
        .updateTable('data_keys')
        .set({ wrapped: parameter('wrapped'), master_key_id: parameter('master') })
        .where('kind', '=', parameter('kind'))
        .where('id', '=', parameter('id'))
        .where('wrapped', '=', parameter('from'))
        .where('destroyed_at', 'is', null),
  );
  return {
    async insert(unit, keys) {
      await dataKeys.insert(
        connectionOf(unit, 'documents'),
        keys.map((key) => ({
          kind: key.kind,
          id: key.id,
          wrapped: key.wrapped,
          master_key_id: key.masterKeyId,
          destroyed_at: key.destroyedAt,
        })),
      );
    },
    async find(unit, kind, ids) {
      const rows = await find.all(readerFor(context, unit, 'documents'), [...new Set(ids)], { kind });
      return rows.map(dataKeyOf);
    },
    async destroy(unit, kind, id, at) {
      await destroy.run(connectionOf(unit, 'documents'), { kind, id, at });
    },
    async list(after, limit) {
      const { kind, id } = after ?? { kind: '', id: '' };
      const rows = await next.all(context.scanner, { kind, after: id, limit });
      if (rows.length > 0) return rows.map(dataKeyOf);
      // Kind by kind, as no engine but one walks along two columns at once.
      const other = await nextKind.first(context.scanner, { after: kind });
      if (other === null) return [];
      return (await next.all(context.scanner, { kind: other.kind, after: '', limit })).map(dataKeyOf);
    },
    async rewrap(unit, keys) {
      const connection = connectionOf(unit, 'documents');
      let changed = 0;
      for (const { kind, id, from, wrapped, masterKeyId: master } of keys) {
        changed += await rewrap.run(connection, { kind, id, from, wrapped, master });
      }
      return changed;
    },
  };
}

function dataKeyOf(row: DataKeyRow): StoredDataKey {
  return {
    kind: row.kind,
    id: row.id,
    wrapped: row.wrapped,
    masterKeyId: row.master_key_id,
    destroyedAt: row.destroyed_at,
  };
}

export function storeKeyStore(context: SqlContext): StoreKeyStore {
  const storeKeys = inserter(context.flavour, 'store_keys', storeKeyColumns);
  const find = prepare<{ name: string }, StoreKeyRow>((parameter) =>
    context.flavour.query.selectFrom('store_keys').select(storeKeyColumns).where('name', '=', parameter('name')),
  );
  /** Shared by all that read the key, and waited for by who changes it. */
  const findHeld = prepare<{ name: string }, StoreKeyRow>((parameter) =>
    context.flavour.query
      .selectFrom('store_keys')
      .select(storeKeyColumns)
      .where('name', '=', parameter('name'))
      .$if(context.flavour.locksRows, (select) => select.modifyEnd(sql`lock in share mode`)),
  );
  const rewrap = prepare<{ name: string; from: string; wrapped: string; master: string }, unknown>((parameter) =>
    context.flavour.query
      .updateTable('store_keys')
      .set({ wrapped: parameter('wrapped'), master_key_id: parameter('master') })
      .where('name', '=', parameter('name'))
      .where('wrapped', '=', parameter('from')),
  );
  const all = prepare<object, StoreKeyRow>(() =>
    context.flavour.query.selectFrom('store_keys').select(storeKeyColumns).orderBy('name').limit(mostStoreKeys),
  );
  return {
    insert: (unit, { name, wrapped, masterKeyId }) =>
      storeKeys.insertOne(connectionOf(unit, 'documents'), { name, wrapped, master_key_id: masterKeyId }),
    async find(unit, name) {
      const statement = unit === null ? find : findHeld;
      const row = await statement.first(readerFor(context, unit, 'documents'), { name });
      return row && storeKeyOf(row);
    },
    list: async () => (await all.all(context.reader, {})).map(storeKeyOf),
    rewrap: async (unit, { name, from, wrapped, masterKeyId: master }) =>
      (await rewrap.run(connectionOf(unit, 'documents'), { name, from, wrapped, master })) === 1,
    // Changing the key waited for them.
    awaitReaders: async () => undefined,
  };
}

function storeKeyOf({ name, wrapped, master_key_id }: StoreKeyRow): StoredStoreKey {
  return { name, wrapped, masterKeyId: master_key_id };
}
