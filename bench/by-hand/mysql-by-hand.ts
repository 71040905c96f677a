import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { ByHand } from './by-hand.ts';
import { mysqlEngine, type Query } from './facts-queries.ts';
import { bestTotalsIndex, type SqlDriver, sqlByHand } from './sql-by-hand.ts';

/** Prepared statements of `mysql2` on one connection. */
export async function mysqlByHand(url: string, stages: readonly string[]): Promise<ByHand> {
  return sqlByHand(await mysqlDriver(url), stages);
}

export async function mysqlDriver(url: string): Promise<SqlDriver> {
  const connection: Connection = await createConnection({ uri: url });
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  const [indexes] = await connection.query<RowDataPacket[]>('SHOW INDEX FROM lead_facts');
  return {
    engine: mysqlEngine,
    totalsIndex: bestTotalsIndex(new Set(indexes.map((row) => String(row['Key_name'])))),
    async rows({ sql, parameters }: Query) {
      const [rows] = await connection.execute<RowDataPacket[]>(sql, [...parameters]);
      return rows;
    },
    close: () => connection.end(),
  };
}
