import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import type { StoreAddress } from './shapes.js';

/** Everything that an engine says of the tables and collections of a store, but their order: sorted lines of JSON. */
export async function catalogueOf(address: StoreAddress): Promise<readonly string[]> {
  switch (address.shape) {
    case 'sqlite':
      return sqliteCatalogue(address.file);
    case 'mysql':
      return mysqlCatalogue(address.mysqlUrl);
    case 'hybrid':
      return [...(await mongoCatalogue(address.mongoUrl)), ...(await mysqlCatalogue(address.mysqlUrl))];
  }
}

const sqliteQuestions = [
  "SELECT t.name AS tab, t.wr, t.strict FROM pragma_table_list t WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%'",
  `SELECT t.name AS tab, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
     FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table'`,
  `SELECT t.name AS tab, i.name, i."unique", i.origin, i.partial, c.seqno, c.name AS col
     FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c WHERE t.type = 'table'`,
  `SELECT t.name AS tab, f."table", f."from", f."to", f.on_delete, f.on_update
     FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`,
  "SELECT tbl_name AS tab, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
];

function sqliteCatalogue(file: string): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const said = sqliteQuestions.flatMap((sql) =>
      database
        .prepare(sql)
        .all()
        .map((row) => JSON.stringify(row)),
    );
    const tables = database.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all();
    const checks = tables.flatMap(({ name, sql }) =>
      [...String(sql).matchAll(/CHECK \((?:[^()]|\([^()]*\))*\)/g)].map(([check]) => `${name}: ${check}`),
    );
    return [...said, ...checks].sort();
  } finally {
    database.close();
  }
}

/** Names of checks are the engine's own; their clauses count. */
const mysqlQuestions = [
  'SELECT table_name AS tab, engine FROM information_schema.tables WHERE table_schema = DATABASE()',
  `SELECT table_name AS tab, column_name AS name, column_type AS type, is_nullable AS nullable, column_default AS standard,
     character_set_name AS characters, collation_name AS collation, column_key AS part, extra AS more
     FROM information_schema.columns WHERE table_schema = DATABASE()`,
  `SELECT table_name AS tab, index_name AS name, non_unique AS multiple, seq_in_index AS place, column_name AS col, sub_part AS cut
     FROM information_schema.statistics WHERE table_schema = DATABASE()`,
  `SELECT table_name AS tab, column_name AS col, referenced_table_name AS parent, referenced_column_name AS target
     FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL`,
];
const checksOfMysql = `SELECT t.table_name AS tab, c.check_clause AS clause
  FROM information_schema.check_constraints c JOIN information_schema.table_constraints t
    ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
  WHERE c.constraint_schema = DATABASE()`;
const checksOfMaria =
  'SELECT table_name AS tab, check_clause AS clause FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()';

async function mysqlCatalogue(url: string): Promise<readonly string[]> {
  const connection = await createConnection(url);
  try {
    const [[server]] = (await connection.query('SELECT VERSION() AS version')) as unknown as [[{ version: string }]];
    const questions = [...mysqlQuestions, server.version.includes('MariaDB') ? checksOfMaria : checksOfMysql];
    const said: string[] = [];
    for (const sql of questions) {
      const [rows] = (await connection.query(sql)) as unknown as [object[]];
      said.push(...rows.map((row) => JSON.stringify(row)));
    }
    return said.sort();
  } finally {
    await connection.end();
  }
}

async function mongoCatalogue(url: string): Promise<readonly string[]> {
  const client = new MongoClient(url);
  try {
    const said: string[] = [];
    for (const { name, options } of await client.db().listCollections({}, { nameOnly: false }).toArray()) {
      // The standard values are said once the rules were changed, and not before.
      said.push(`${name}: ${JSON.stringify({ validationLevel: 'strict', validationAction: 'error', ...options })}`);
      for (const index of await client.db().collection(name).indexes()) said.push(`${name}: ${JSON.stringify(index)}`);
    }
    return said.sort();
  } finally {
    await client.close();
  }
}
