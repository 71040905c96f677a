import { type Insertable, type RawBuilder, sql } from 'kysely';
import type { Flavour } from './flavour.js';
import { DuplicateKey, type SqlConnection, type SqlValue, storable } from './sql-connection.js';
import { statementChunks } from './statement-chunks.js';
import type { Tables } from './tables.js';

export interface Inserter<Row> {
  /** All rows, or {@link DuplicateKey}. */
  insert(connection: SqlConnection, rows: readonly Row[]): Promise<void>;
  /** Leaves rows whose key is taken as they are. Gives the number of new rows, or null where the engine does not tell. */
  insertKeepingExisting(connection: SqlConnection, rows: readonly Row[]): Promise<number | null>;
  /** The rows that could not be inserted because a key is taken; on MySQL all rows of a statement that met one. */
  insertReturningTaken(connection: SqlConnection, rows: readonly Row[]): Promise<readonly Row[]>;
  /** Rows whose key is taken get the values of `overwritten`; their other columns stay. Lock them first: the last writer wins. */
  insertOverwriting(
    connection: SqlConnection,
    rows: readonly Row[],
    overwritten: readonly (keyof Row & string)[],
  ): Promise<void>;
  /** In rows whose key is taken these columns, which hold numbers, are added to; their others stay. */
  insertAdding(connection: SqlConnection, rows: readonly Row[], added: readonly (keyof Row & string)[]): Promise<void>;
  /** One row; false when a unique key is taken. */
  insertOne(connection: SqlConnection, row: Row): Promise<boolean>;
}

const mostRowsRemembered = 100;

/** Inserts rows with statements compiled once for each number of rows (as many as the flavour takes at once). */
export function inserter<Name extends keyof Tables & string, Column extends keyof Insertable<Tables[Name]> & string>(
  flavour: Flavour,
  table: Name,
  columns: readonly [Column, ...Column[]],
): Inserter<Pick<Insertable<Tables[Name]>, Column>> {
  type Row = Pick<Insertable<Tables[Name]>, Column>;
  const rowsPerInsert = Math.max(1, Math.floor(flavour.valuesPerInsert / columns.length));
  const oneByOne = rowsPerInsert === 1;
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const start = sql`insert into ${sql.table(table)} (${names}) values `.compile(flavour.query).sql;
  const row = `(${columns.map(() => '?').join(', ')})`;
  const keepExistingEnd = sql` ${flavour.keepExisting(columns[0])}`.compile(flavour.query).sql;
  const texts = new Map<string, string>();

  /** Texts of few rows recur, and so do those of full statements. */
  function textFor(rowCount: number, end: string): string {
    const key = `${rowCount}:${end}`;
    let text = texts.get(key);
    if (text === undefined) {
      const rows = Array.from({ length: rowCount }, () => row).join(', ');
      text = `${start}${rows}${end}`;
      if (rowCount <= mostRowsRemembered || rowCount === rowsPerInsert) texts.set(key, text);
    }
    return text;
  }

  async function insertRows(connection: SqlConnection, rows: readonly Row[], end: string): Promise<number> {
    const parameters = rows.flatMap(parametersOf);
    return (await connection.execute({ sql: textFor(rows.length, end), parameters })).affected;
  }

  /** A statement for each row. @returns what each inserted */
  async function insertEach(connection: SqlConnection, rows: readonly Row[], end: string): Promise<readonly number[]> {
    const text = textFor(1, end);
    if (connection.executeEach !== undefined) return connection.executeEach(text, rows.map(parametersOf));
    const inserted: number[] = [];
    for (const row of rows) {
      inserted.push((await connection.execute({ sql: text, parameters: parametersOf(row) })).affected);
    }
    return inserted;
  }

  function parametersOf(row: Row): SqlValue[] {
    return columns.map((column) => storable(row[column]));
  }

  /** As many rows as one statement takes, by their number and their text. */
  const limits = { rows: rowsPerInsert, characters: flavour.charactersPerInsert, lengthOf: charactersOf };
  const chunks = (rows: readonly Row[]): Iterable<readonly Row[]> => statementChunks(rows, limits);

  function charactersOf(given: Row): number {
    let length = 0;
    for (const column of columns) {
      const value: unknown = given[column];
      if (typeof value === 'string') length += value.length;
    }
    return length;
  }

  async function insertOne(connection: SqlConnection, row: Row): Promise<boolean> {
    try {
      return (await insertRows(connection, [row], flavour.countsNewRows ? keepExistingEnd : '')) === 1;
    } catch (error) {
      if (error instanceof DuplicateKey) return false;
      throw error;
    }
  }

  /** The rows of statements that met a taken key. */
  async function insertChunksReturningTaken(connection: SqlConnection, rows: readonly Row[]): Promise<readonly Row[]> {
    const taken: Row[] = [];
    for (const chunk of chunks(rows)) {
      try {
        await insertRows(connection, chunk, '');
      } catch (error) {
        if (!(error instanceof DuplicateKey)) throw error;
        taken.push(...chunk);
      }
    }
    return taken;
  }

  const ends = new Map<string, string>();

  async function insertEnding(
    connection: SqlConnection,
    rows: readonly Row[],
    ending: { readonly name: string; readonly build: () => RawBuilder<unknown> },
  ): Promise<void> {
    const end = ends.get(ending.name) ?? sql` ${ending.build()}`.compile(flavour.query).sql;
    ends.set(ending.name, end);
    if (oneByOne) await insertEach(connection, rows, end);
    else for (const chunk of chunks(rows)) await insertRows(connection, chunk, end);
  }

  return {
    insertOne,
    async insert(connection, rows) {
      if (oneByOne) await insertEach(connection, rows, '');
      else for (const chunk of chunks(rows)) await insertRows(connection, chunk, '');
    },
    async insertKeepingExisting(connection, rows) {
      if (oneByOne) return sum(await insertEach(connection, rows, keepExistingEnd));
      let inserted = 0;
      for (const chunk of chunks(rows)) inserted += await insertRows(connection, chunk, keepExistingEnd);
      return flavour.countsNewRows ? inserted : null;
    },
    insertOverwriting: (connection, rows, overwritten) =>
      insertEnding(connection, rows, {
        name: `overwriting ${overwritten.join()}`,
        build: () => flavour.overwriteExisting(overwritten),
      }),
    insertAdding: (connection, rows, added) =>
      insertEnding(connection, rows, { name: `adding ${added.join()}`, build: () => flavour.addToExisting(added) }),
    async insertReturningTaken(connection, rows) {
      if (!oneByOne) return insertChunksReturningTaken(connection, rows);
      const inserted = await insertEach(connection, rows, keepExistingEnd);
      return rows.filter((_, at) => inserted[at] === 0);
    },
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
