import { type RawBuilder, sql } from 'kysely';
import type { Home } from '../../foundation/persistence/index.js';
import { deletingByKey } from './delete-by-key.js';
import { compilable, runQuery } from './prepared.js';
import { connectionOf, type SqlContext } from './sql-unit.js';

interface Doomed<Key> {
  readonly home: Home;
  readonly table: string;
  /** The primary key. */
  readonly key: Key;
  /** Which rows may be forgotten, by an index that has them in this order. */
  readonly where: RawBuilder<unknown>;
  readonly order: string;
  readonly limit: number;
}

/**
 * Deletes the first rows of an order, in a unit of their own. Mostly there are none: then it only reads, and takes no turn of those who
 * write. @returns how many
 */
export async function trimOldest(context: SqlContext, doomed: Doomed<readonly string[]>): Promise<number> {
  const { flavour, reader } = context;
  const found = await runQuery(reader, compilable(flavour, sql`select 1 as one ${firstOf({ ...doomed, limit: 1 })}`));
  if (found.rows.length === 0) return 0;
  const key = sql.join(doomed.key.map((column) => sql.ref(column)));
  const remove = flavour.deletesInOrder
    ? sql`delete ${firstOf(doomed)}`
    : sql`delete from ${sql.ref(doomed.table)} where (${key}) in (select ${key} ${firstOf(doomed)})`;
  return deleteIn(context, doomed.home, remove);
}

/** The same by their keys, so that no engine locks others on the way. What may not be forgotten any more when its turn comes stays. */
export async function trimByKey(context: SqlContext, doomed: Doomed<string>): Promise<number> {
  const { flavour, reader } = context;
  const { home, table, key, where } = doomed;
  const select = sql<{ readonly doomed: string }>`select ${sql.ref(key)} as doomed ${firstOf(doomed)}`;
  const { rows } = await runQuery(reader, compilable(flavour, select));
  if (rows.length === 0) return 0;
  const keys = rows.map((row) => sql`${row.doomed}`);
  return deleteIn(context, home, deletingByKey(flavour, { table, key, keys, where }));
}

function firstOf({ table, where, order, limit }: Doomed<unknown>): RawBuilder<unknown> {
  return sql`from ${sql.ref(table)} where ${where} order by ${sql.ref(order)} limit ${limit}`;
}

function deleteIn({ flavour, unitOfWork }: SqlContext, home: Home, remove: RawBuilder<unknown>): Promise<number> {
  return unitOfWork.run(home, async (unit) => {
    return (await runQuery(connectionOf(unit, home), compilable(flavour, remove))).affected;
  });
}
