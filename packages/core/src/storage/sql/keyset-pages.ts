import type { RowBatch, StoredCell, StoredRow } from '../../foundation/backup/snapshot-store.js';
import { LmsError } from '../../foundation/kernel/index.js';
import { batchCharacters, lengthOf, RowGatherer } from './row-batches.js';
import { quoted } from './row-loader.js';
import type { TableDescription } from './schema-description.js';
import type { SqlConnection, SqlStatement } from './sql-connection.js';

const firstPage = 50;
const mostRows = 2_000;

/**
 * All rows of a table in the order of its primary key, in batches: page by page, each page about as long as a batch should be. Every
 * statement is one range of the key: `(a, b) > (x, y)` would not be one to MySQL, so it is asked for as what follows under the
 * same `a`, then what follows `a`.
 */
export async function* keysetPages(connection: SqlConnection, table: TableDescription): AsyncGenerator<RowBatch> {
  const columns = Object.keys(table.columns);
  const keyPlaces = table.primaryKey.map((column) => columns.indexOf(column));
  const gatherer = new RowGatherer(table.name);
  let limit = firstPage;
  let after: readonly StoredCell[] = [];
  for (let equal = 0; equal >= 0; ) {
    const statement = pageStatement(table, { columns, after, equal, limit });
    const { rows } = await connection.execute<Readonly<Record<string, StoredCell>>>(statement);
    const page = rows.map((row) => columns.map((column) => cellOf(row, column)));
    const last = page.at(-1);
    if (last === undefined || page.length < limit) equal = after.length === 0 ? -1 : equal - 1;
    else {
      after = keyPlaces.map((place) => last[place] ?? null);
      equal = keyPlaces.length - 1;
    }
    if (last === undefined) continue;
    limit = nextLimit(limit, page);
    for (const row of page) {
      const batch = gatherer.add(row);
      if (batch !== null) yield batch;
    }
  }
  const rest = gatherer.take();
  if (rest.rows.length > 0) yield rest;
}

interface Page {
  readonly columns: readonly string[];
  /** The key of the last row seen; empty before the first. */
  readonly after: readonly StoredCell[];
  /** How many columns of the key are as in that row. */
  readonly equal: number;
  readonly limit: number;
}

function pageStatement({ name, primaryKey }: TableDescription, { columns, after, equal, limit }: Page): SqlStatement {
  const conditions = primaryKey
    .slice(0, equal + 1)
    .map((column, at) => `${quoted(column)} ${at < equal ? '=' : '>'} ?`);
  const where = after.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const order = primaryKey.map(quoted).join(', ');
  return {
    sql: `SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(name)}${where} ORDER BY ${order} LIMIT ${limit}`,
    parameters: after.slice(0, equal + 1),
  };
}

function nextLimit(limit: number, page: readonly StoredRow[]): number {
  const characters = page.reduce((sum, row) => sum + lengthOf(row), 0);
  const wanted = Math.floor((limit * batchCharacters) / Math.max(1, characters));
  return Math.max(1, Math.min(wanted, limit * 2, mostRows));
}

function cellOf(row: Readonly<Record<string, StoredCell>>, column: string): StoredCell {
  const cell = row[column];
  if (cell === undefined) throw new LmsError('INTERNAL', { message: `a row came without its column ${column}` });
  return cell;
}
