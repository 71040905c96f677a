import {
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import type { Tables } from './tables.js';

export type FlavourName = 'sqlite' | 'mysql';

/** The whole seam between the SQL engines: what the shared stores must know of the one they run on. */
export interface Flavour {
  readonly name: FlavourName;
  /** Builds and compiles queries; it never connects. Statements run on a `SqlConnection`. */
  readonly query: Kysely<Tables>;
  /** True where a read must lock the rows it is about to change (`FOR UPDATE`); SQLite's one writer needs no row locks. */
  readonly locksRows: boolean;
  /**
   * Values of one INSERT, and so its rows. One where a call costs next to nothing and each row's own outcome is known: a row a
   * statement; many where a call is a round trip.
   */
  readonly valuesPerInsert: number;
  /** Characters of text of one INSERT of several rows: it must fit into what a server takes at once (`max_allowed_packet`). */
  readonly charactersPerInsert: number;
  /** True when an INSERT that leaves existing rows alone reports how many rows were new. */
  readonly countsNewRows: boolean;
  /** True when `(a, b) > (x, y)` is a range of an index. */
  readonly seeksRowValues: boolean;
  /**
   * True when DELETE takes ORDER BY and LIMIT. An engine that does takes no index of the table for rows that a subquery names: MariaDB
   * before 11.1 reads, and locks, all of them.
   */
  readonly deletesInOrder: boolean;
  /** Ends an INSERT so that rows whose key is taken stay as they are. @param column any column of the table */
  keepExisting(column: string): RawBuilder<unknown>;
  /** Ends an INSERT so that rows whose key is taken get new values of these columns. */
  overwriteExisting(columns: readonly string[]): RawBuilder<unknown>;
  /** Ends an INSERT so that in rows whose key is taken these columns are added to. */
  addToExisting(columns: readonly string[]): RawBuilder<unknown>;
  /** Follows a table's name: read it by this index, where the engine, which knows little of the values, would take another. */
  byIndex(name: string): RawBuilder<unknown>;
  /**
   * Follows the name of a table of which rows are named by many keys: else an engine that locks rows reads a small table whole, and waits
   * for rows of others.
   */
  readonly byKey: RawBuilder<unknown>;
}

export const sqliteFlavour: Flavour = {
  name: 'sqlite',
  query: new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new SqliteIntrospector(database),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  locksRows: false,
  valuesPerInsert: 1,
  charactersPerInsert: Number.POSITIVE_INFINITY,
  countsNewRows: true,
  seeksRowValues: true,
  deletesInOrder: false,
  keepExisting: () => sql`on conflict do nothing`,
  overwriteExisting: (columns) =>
    sql`on conflict do update set ${sql.join(columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`))}`,
  addToExisting: (columns) =>
    sql`on conflict do update set ${sql.join(columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(column)} + ${sql.ref(`excluded.${column}`)}`))}`,
  byIndex: (name) => sql` indexed by ${sql.ref(name)}`,
  byKey: sql``,
};

/** MySQL 8+ and MariaDB 10.11+. `INSERT IGNORE` would also swallow truncation, so a row is updated to itself instead. */
export const mysqlFlavour: Flavour = {
  name: 'mysql',
  query: new Kysely<Tables>({
    dialect: {
      createAdapter: () => new MysqlAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new MysqlIntrospector(database),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
  }),
  locksRows: true,
  valuesPerInsert: 14_000,
  // At most three bytes each: within the 16 MB that MariaDB takes as it comes, and which is the least that a server may be set to.
  charactersPerInsert: 4_000_000,
  countsNewRows: false,
  seeksRowValues: false,
  deletesInOrder: true,
  keepExisting: (column) => sql`on duplicate key update ${sql.ref(column)} = ${sql.ref(column)}`,
  // VALUES(), which MySQL would have written otherwise since 8.0.20, is the one spelling that MariaDB knows too.
  overwriteExisting: (columns) =>
    sql`on duplicate key update ${sql.join(columns.map((column) => sql`${sql.ref(column)} = values(${sql.ref(column)})`))}`,
  addToExisting: (columns) =>
    sql`on duplicate key update ${sql.join(columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(column)} + values(${sql.ref(column)})`))}`,
  byIndex: (name) => sql` force index (${sql.ref(name)})`,
  byKey: sql` force index (primary)`,
};
