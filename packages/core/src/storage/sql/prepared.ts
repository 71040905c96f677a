import { type Compilable, type RawBuilder, sql } from 'kysely';
import type { Flavour } from './flavour.js';
import { type SqlConnection, type SqlResult, type SqlStatement, type SqlValue, storable } from './sql-connection.js';

/** Stands for the value of a named parameter while a query is built. */
export type ParameterOf<Parameters> = <Name extends keyof Parameters>(name: Name) => RawBuilder<Parameters[Name]>;

export interface Prepared<Parameters, Row> {
  all(connection: SqlConnection, parameters: Parameters): Promise<readonly Row[]>;
  first(connection: SqlConnection, parameters: Parameters): Promise<Row | null>;
  /** Rows inserted or matched. */
  run(connection: SqlConnection, parameters: Parameters): Promise<number>;
}

/**
 * A query that Kysely builds and compiles once, on first use; a run only binds. Building a query costs some 20 to 60
 * microseconds, several times what SQLite takes to run it.
 */
export function prepare<Parameters, Row>(
  build: (parameter: ParameterOf<Parameters>) => Compilable<Row>,
): Prepared<Parameters, Row> {
  let bind: ((parameters: Parameters) => SqlStatement) | null = null;
  const execute = (connection: SqlConnection, parameters: Parameters): Promise<SqlResult<Row>> => {
    bind ??= compileOnce(build);
    return connection.execute<Row>(bind(parameters));
  };
  return {
    all: async (connection, parameters) => (await execute(connection, parameters)).rows,
    first: async (connection, parameters) => (await execute(connection, parameters)).rows[0] ?? null,
    run: async (connection, parameters) => (await execute(connection, parameters)).affected,
  };
}

function compileOnce<Parameters, Row>(
  build: (parameter: ParameterOf<Parameters>) => Compilable<Row>,
): (parameters: Parameters) => SqlStatement {
  const names = new Map<unknown, keyof Parameters>();
  const compiled = build((name) => {
    const token = { name };
    names.set(token, name);
    return sql`${token}`;
  }).compile();
  const slots = compiled.parameters.map((bound) => {
    const name = names.get(bound);
    return name === undefined ? { fixed: storable(bound) } : { name };
  });
  return (parameters) => ({
    sql: compiled.sql,
    parameters: slots.map((slot) => ('name' in slot ? storable(parameters[slot.name]) : slot.fixed)),
  });
}

/** A query written as SQL text, for what Kysely's builder has no words for. */
export function compilable<Row>(flavour: Flavour, query: RawBuilder<Row>): Compilable<Row> {
  return { compile: () => query.compile(flavour.query) };
}

/** Runs a query built for this one call. */
export async function runQuery<Row>(connection: SqlConnection, query: Compilable<Row>): Promise<SqlResult<Row>> {
  const { sql: text, parameters } = query.compile();
  return connection.execute<Row>({ sql: text, parameters: parameters.map(storable) });
}

export interface PreparedList<Item, Parameters, Row> {
  /** Rows for all items, in no order; nothing runs for no items. */
  all(connection: SqlConnection, items: readonly Item[], parameters: Parameters): Promise<readonly Row[]>;
}

const largestList = 512;

/**
 * A prepared query with an `IN (...)` list. The list is filled up to a power of two by repeating its last item, so that at most ten texts
 * are ever compiled; longer lists run in several statements.
 */
export function prepareList<Item extends SqlValue, Parameters, Row>(
  build: (items: readonly RawBuilder<Item>[], parameter: ParameterOf<Parameters>) => Compilable<Row>,
): PreparedList<Item, Parameters, Row> {
  const bySize = new Map<number, (items: readonly Item[], parameters: Parameters) => SqlStatement>();
  const statementFor = (size: number): ((items: readonly Item[], parameters: Parameters) => SqlStatement) => {
    let statement = bySize.get(size);
    if (!statement) {
      statement = compileList(size, build);
      bySize.set(size, statement);
    }
    return statement;
  };
  return {
    async all(connection, items, parameters) {
      const rows: Row[] = [];
      for (let start = 0; start < items.length; start += largestList) {
        const chunk = items.slice(start, start + largestList);
        const statement = statementFor(sizeFor(chunk.length))(chunk, parameters);
        const result = await connection.execute<Row>(statement);
        if (items.length <= largestList) return result.rows;
        rows.push(...result.rows);
      }
      return rows;
    },
  };
}

function sizeFor(count: number): number {
  let size = 1;
  while (size < count) size *= 2;
  return size;
}

function compileList<Item extends SqlValue, Parameters, Row>(
  size: number,
  build: (items: readonly RawBuilder<Item>[], parameter: ParameterOf<Parameters>) => Compilable<Row>,
): (items: readonly Item[], parameters: Parameters) => SqlStatement {
  const positions = new Map<unknown, number>();
  const names = new Map<unknown, keyof Parameters>();
  const placeholders = Array.from({ length: size }, (_, position) => {
    const token = { position };
    positions.set(token, position);
    return sql<Item>`${token}`;
  });
  const compiled = build(placeholders, (name) => {
    const token = { name };
    names.set(token, name);
    return sql`${token}`;
  }).compile();
  const slots = compiled.parameters.map((bound) => {
    const position = positions.get(bound);
    const name = names.get(bound);
    if (position !== undefined) return { position };
    return name === undefined ? { fixed: storable(bound) } : { name };
  });
  return (items, parameters) => {
    const last = items[items.length - 1] ?? null;
    return {
      sql: compiled.sql,
      parameters: slots.map((slot) => {
        if ('position' in slot) return storable(items[slot.position] ?? last);
        return 'name' in slot ? storable(parameters[slot.name]) : slot.fixed;
      }),
    };
  };
}
