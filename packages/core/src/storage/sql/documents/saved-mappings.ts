import type { Selectable } from 'kysely';
import type { SavedMappingStore, StoredMapping } from '../../../crm/imports/mappings/saved-mapping-store.js';
import type { Json } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { prepare, runQuery } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { SavedMappingsTable } from '../tables.js';

type MappingRow = Omit<Selectable<SavedMappingsTable>, 'format'>;

const columns = [
  'product_line',
  'name',
  'id',
  'document',
  'version',
  'saved_at',
  'saved_by',
] as const satisfies readonly (keyof MappingRow)[];

export function savedMappingStore(context: SqlContext): SavedMappingStore {
  const { query } = context.flavour;
  const mappings = inserter(context.flavour, 'saved_mappings', columns);
  const find = prepare<{ line: string; name: string }, MappingRow>((parameter) =>
    query
      .selectFrom('saved_mappings')
      .select(columns)
      .where('product_line', '=', parameter('line'))
      .where('name', '=', parameter('name')),
  );
  return {
    async get(unit, line, name) {
      const row = await find.first(readerFor(context, unit, 'documents'), { line, name });
      return row && mappingOf(row);
    },
    async list({ productLine, after, limit }) {
      let list = query.selectFrom('saved_mappings').select(columns);
      if (productLine !== undefined) list = list.where('product_line', '=', productLine);
      if (after !== undefined) {
        list = list.where((each) =>
          each.or([
            each('product_line', '>', after.productLine),
            each.and([each('product_line', '=', after.productLine), each('name', '>', after.name)]),
          ]),
        );
      }
      const { rows } = await runQuery(context.reader, list.orderBy('product_line').orderBy('name').limit(limit));
      return rows.map(mappingOf);
    },
    insert(unit, mapping) {
      return mappings.insertOne(connectionOf(unit, 'documents'), rowOf(mapping));
    },
    async replace(unit, mapping, expectedVersion) {
      const { product_line: line, name, ...change } = rowOf(mapping);
      const update = query
        .updateTable('saved_mappings')
        .set(change)
        .where('product_line', '=', line)
        .where('name', '=', name)
        .where('version', '=', expectedVersion);
      return (await runQuery(connectionOf(unit, 'documents'), update)).affected === 1;
    },
    async remove(unit, line, name, expectedVersion) {
      const removal = query
        .deleteFrom('saved_mappings')
        .where('product_line', '=', line)
        .where('name', '=', name)
        .where('version', '=', expectedVersion);
      return (await runQuery(connectionOf(unit, 'documents'), removal)).affected === 1;
    },
  };
}

function rowOf(mapping: StoredMapping): MappingRow {
  return {
    product_line: mapping.productLine,
    name: mapping.name,
    id: mapping.id,
    document: writeJson(mapping.document),
    version: mapping.version,
    saved_at: mapping.savedAt,
    saved_by: mapping.savedBy,
  };
}

function mappingOf(row: MappingRow): StoredMapping {
  return {
    id: row.id,
    productLine: row.product_line,
    name: row.name,
    document: readJson<Json>(row.document),
    version: row.version,
    savedAt: row.saved_at,
    savedBy: row.saved_by,
  };
}
