import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { ByHand } from './by-hand.ts';
import { mysqlEngine, type Query } from './facts-queries.ts';
import { type SqlDriver, sqlByHand } from './sql-by-hand.ts';

/** Prepared statements of `mysql2` on one connection. */
export async function mysqlByHand(url: string, stages: readonly string[]): Promise<ByHand> {
  return sqlByHand(await mysqlDriver(url), stages);
}

export async function mysqlDriver(url: string): Promise<SqlDriver> {
  const connection: Connection = await createConnection({ uri: url });
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  return {
    engine: mysqlEngine,
    async rows({ sql, parameters }: Query) {
      const [rows] = await connection.execute<RowDataPacket[]>(sql, [...parameters]);
      return rows;
    },
    close: () => connection.end(),
  };
}
