import { type Insertable, sql } from 'kysely';
import type { Flavour } from './flavour.js';
import { DuplicateKey, type SqlConnection, type SqlValue, storable } from './sql-connection.js';
import type { Tables } from './tables.js';

export interface Inserter<Row> {
  /** All rows, or {@link DuplicateKey}. */
  insert(connection: SqlConnection, rows: readonly Row[]): Promise<void>;
  /** Leaves rows whose key is taken as they are. Gives the number of new rows, or null where the engine does not tell. */
  insertKeepingExisting(connection: SqlConnection, rows: readonly Row[]): Promise<number | null>;
  /** The rows that could not be inserted because a key is taken; on MySQL all rows of a statement that met one. */
  insertReturningTaken(connection: SqlConnection, rows: readonly Row[]): Promise<readonly Row[]>;
  /** One row; false when a unique key is taken. */
  insertOne(connection: SqlConnection, row: Row): Promise<boolean>;
}

/** Inserts rows with statements compiled once for each number of rows (at most `rowsPerInsert`). */
export function inserter<Name extends keyof Tables & string, Column extends keyof Insertable<Tables[Name]> & string>(
  flavour: Flavour,
  table: Name,
  columns: readonly [Column, ...Column[]],
): Inserter<Pick<Insertable<Tables[Name]>, Column>> {
  type Row = Pick<Insertable<Tables[Name]>, Column>;
  const texts = new Map<string, string>();

  function textFor(rowCount: number, keepExisting: boolean): string {
    const key = `${rowCount}:${keepExisting}`;
    let text = texts.get(key);
    if (text === undefined) {
      const row = sql`(${sql.join(columns.map((column) => sql`${column}`))})`;
      const rows = sql.join(Array.from({ length: rowCount }, () => row));
      const names = sql.join(columns.map((column) => sql.ref(column)));
      const end = keepExisting ? sql` ${flavour.keepExisting(columns[0])}` : sql``;
      text = sql`insert into ${sql.table(table)} (${names}) values ${rows}${end}`.compile(flavour.query).sql;
      texts.set(key, text);
    }
    return text;
  }

  async function insertRows(connection: SqlConnection, rows: readonly Row[], keepExisting: boolean): Promise<number> {
    const parameters: SqlValue[] = [];
    for (const row of rows) for (const column of columns) parameters.push(storable(row[column]));
    return (await connection.execute({ sql: textFor(rows.length, keepExisting), parameters })).affected;
  }

  function* chunks(rows: readonly Row[]): Generator<readonly Row[]> {
    for (let start = 0; start < rows.length; start += flavour.rowsPerInsert) {
      yield rows.length <= flavour.rowsPerInsert ? rows : rows.slice(start, start + flavour.rowsPerInsert);
    }
  }

  async function insertOne(connection: SqlConnection, row: Row): Promise<boolean> {
    try {
      return (await insertRows(connection, [row], flavour.countsNewRows)) === 1;
    } catch (error) {
      if (error instanceof DuplicateKey) return false;
      throw error;
    }
  }

  return {
    insertOne,
    async insert(connection, rows) {
      for (const chunk of chunks(rows)) await insertRows(connection, chunk, false);
    },
    async insertKeepingExisting(connection, rows) {
      let inserted = 0;
      for (const chunk of chunks(rows)) inserted += await insertRows(connection, chunk, true);
      return flavour.countsNewRows ? inserted : null;
    },
    async insertReturningTaken(connection, rows) {
      const taken: Row[] = [];
      for (const chunk of chunks(rows)) {
        try {
          const inserted = await insertRows(connection, chunk, flavour.rowsPerInsert === 1);
          if (flavour.rowsPerInsert === 1 && inserted === 0) taken.push(...chunk);
        } catch (error) {
          if (!(error instanceof DuplicateKey)) throw error;
          taken.push(...chunk);
        }
      }
      return taken;
    },
  };
}
