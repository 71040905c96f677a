import type { Selectable } from 'kysely';
import type { Instant } from '../../../foundation/kernel/index.js';
import type { DataKeyStore, StoreKeyStore } from '../../../foundation/privacy/data-key-store.js';
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
      return rows.map((row) => ({
        kind: row.kind,
        id: row.id,
        wrapped: row.wrapped,
        masterKeyId: row.master_key_id,
        destroyedAt: row.destroyed_at,
      }));
    },
    async destroy(unit, kind, id, at) {
      await destroy.run(connectionOf(unit, 'documents'), { kind, id, at });
    },
  };
}

export function storeKeyStore(context: SqlContext): StoreKeyStore {
  const storeKeys = inserter(context.flavour, 'store_keys', storeKeyColumns);
  const find = prepare<{ name: string }, StoreKeyRow>((parameter) =>
    context.flavour.query.selectFrom('store_keys').select(storeKeyColumns).where('name', '=', parameter('name')),
  );
  return {
    insert: (unit, { name, wrapped, masterKeyId }) =>
      storeKeys.insertOne(connectionOf(unit, 'documents'), { name, wrapped, master_key_id: masterKeyId }),
    async find(unit, name) {
      const row = await find.first(readerFor(context, unit, 'documents'), { name });
      return row && { name: row.name, wrapped: row.wrapped, masterKeyId: row.master_key_id };
    },
  };
}
