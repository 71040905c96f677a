import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { ddl } from './ddl.js';
import { bothHomesSchema, ledgerOnlySchema } from './schema.js';

function databaseWith(statements: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  for (const statement of statements) database.exec(statement);
  return database;
}

describe('the schema as data', () => {
  it('makes exactly the described tables, columns and indexes, and running it again changes nothing', () => {
    const statements = ddl('sqlite', bothHomesSchema);
    const database = databaseWith([...statements, ...statements]);
    const names = database
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .all()
      .map((row) => row['name']);
    expect(names).toEqual(bothHomesSchema.map((table) => table.name).sort());
    for (const table of bothHomesSchema) {
      const columns = database.prepare(`pragma table_info('${table.name}')`).all();
      expect(columns.map((column) => column['name'])).toEqual(Object.keys(table.columns));
      const indexes = database.prepare(`pragma index_list('${table.name}')`).all();
      const named = indexes.map((index) => index['name']).filter((name) => !String(name).startsWith('sqlite_'));
      expect(named.sort()).toEqual((table.indexes ?? []).map((index) => index.name).sort());
    }
  });

  it('names only columns that exist in keys, indexes and references', () => {
    const byName = new Map(bothHomesSchema.map((table) => [table.name, table]));
    for (const table of bothHomesSchema) {
      const used = [
        ...table.primaryKey,
        ...(table.indexes ?? []).flatMap((index) => index.columns),
        ...(table.foreignKey ? [table.foreignKey.column] : []),
      ];
      expect(used.filter((column) => !(column in table.columns))).toEqual([]);
      if (table.foreignKey) {
        expect(byName.get(table.foreignKey.table)?.primaryKey).toEqual([table.foreignKey.references]);
      }
    }
  });

  it('refuses values of another type, statuses that do not exist and children without their facts', () => {
    const database = databaseWith(['pragma foreign_keys = on', ...ddl('sqlite', ledgerOnlySchema)]);
    const refused =
      (sql: string): (() => void) =>
      () =>
        database.exec(sql);
    expect(refused("insert into outbox (home, id, event) values ('elsewhere', 'a', '{}')")).toThrow(/CHECK/);
    expect(refused("insert into store_schema (name, version) values ('lms', 'two')")).toThrow(/cannot store TEXT/);
    expect(
      refused("insert into stage_stays (lead_id, sequence, stage, entered_at) values ('a', 0, 'new', 'now')"),
    ).toThrow(/FOREIGN KEY/);
  });

  it('keeps every MySQL key within the 3,072 bytes InnoDB allows', () => {
    const bytes = {
      id: 64,
      hash: 128,
      instant: 24,
      slug: 400,
      name: 1020,
      integer: 8,
      serial: 8,
      flag: 1,
      number: 8,
    } as const;
    for (const table of bothHomesSchema) {
      const keys = [table.primaryKey, ...(table.indexes ?? []).map((index) => index.columns)];
      for (const key of keys) {
        const size = key.reduce((sum, column) => {
          const kind = table.columns[column]?.kind;
          if (kind === undefined || kind === 'text' || kind === 'json') throw new Error(`${column} cannot be a key`);
          return sum + bytes[kind];
        }, 0);
        expect(size, `${table.name} (${key.join(', ')})`).toBeLessThanOrEqual(3072);
      }
    }
  });

  it('writes MySQL tables with binary collations, InnoDB and no partial indexes', () => {
    for (const statement of ddl('mysql', bothHomesSchema, 'utf8mb4_nopad_bin')) {
      expect(statement).toMatch(/^CREATE TABLE IF NOT EXISTS `\w+` \(/);
      expect(statement).toMatch(/ENGINE=InnoDB$/);
      expect(statement).not.toMatch(/WHERE|STRICT|WITHOUT ROWID/);
      for (const line of statement.split('\n').filter((each) => /VARCHAR|CHAR\(|TEXT/.test(each))) {
        expect(line).toMatch(/CHARACTER SET (ascii COLLATE ascii_bin|utf8mb4 COLLATE utf8mb4_nopad_bin)/);
      }
    }
  });
});
