import { ledgerOnlySchema, schemaName } from '../sql/schema.js';
import type { SqlStatement } from '../sql/sql-connection.js';
import type { StoreHalf } from '../store-half.js';
import type { MysqlPool } from './mysql-pool.js';

/** The ledger's half: its id is a row of `store_identity`, which the layout has by then. */
export function mysqlStoreHalf(pool: MysqlPool, server: string): StoreHalf {
  return {
    server,
    async id() {
      const { rows } = await pool.reader.execute<{ readonly id: string }>(readId);
      return rows[0]?.id ?? null;
    },
    async holdsData() {
      const { rows } = await pool.reader.execute<{ readonly held: number }>(anyRow);
      return rows[0]?.held === 1;
    },
    async takeId(id) {
      const parameters = [schemaName, id];
      await pool.using((connection) => connection.execute({ sql: insertId, parameters }));
    },
  };
}

const readId: SqlStatement = { sql: 'SELECT id FROM store_identity WHERE name = ?', parameters: [schemaName] };

const insertId = 'INSERT INTO store_identity (name, id) VALUES (?, ?) ON DUPLICATE KEY UPDATE id = id';

/** Of the layout itself, not data. */
const layoutTables: readonly string[] = ['store_schema', 'store_identity'];

const anyRow: SqlStatement = {
  sql: `SELECT ${ledgerOnlySchema
    .filter(({ name }) => !layoutTables.includes(name))
    .map(({ name }) => `EXISTS (SELECT 1 FROM \`${name}\`)`)
    .join(' OR ')} AS held`,
  parameters: [],
};
