import { createPool, type Pool } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { MysqlPool } from './mysql-pool.js';

let databases: ServerDatabases;
let handle: Pool;

beforeAll(async () => {
  databases = await makeServerDatabases();
  handle = createPool({ uri: databases.mysqlUrl, connectionLimit: 4, flags: ['FOUND_ROWS'] });
});

afterAll(async () => {
  await handle.promise().end();
  await databases.drop();
});

function poolOf(): MysqlPool {
  return new MysqlPool(handle, {
    server: 'the test server',
    acquireMillis: 2000,
    statementMillis: 5000,
    lockWaitSeconds: 1,
  });
}

describe('the pool', () => {
  it('sets every session, whatever the server is set to', async () => {
    const { rows } = await poolOf().reader.execute({
      sql: 'SELECT @@transaction_isolation AS isolation, @@time_zone AS zone, @@innodb_lock_wait_timeout AS lockWait',
      parameters: [],
    });
    expect(rows).toEqual([{ isolation: 'READ-COMMITTED', zone: '+00:00', lockWait: 1 }]);
  });

  it('reads on although its idle connections were killed', async () => {
    const pool = poolOf();
    await Promise.all(
      Array.from({ length: 4 }, () => pool.reader.execute({ sql: 'SELECT SLEEP(0.05)', parameters: [] })),
    );
    const killer = await createConnection(databases.mysqlUrl);
    const [rows] = await killer.query(
      'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
    );
    for (const row of Array.isArray(rows) ? rows : []) {
      if ('id' in row) await killer.query(`KILL ${row.id}`);
    }
    await killer.end();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => pool.reader.execute({ sql: 'SELECT 1 AS one', parameters: [] })),
    );
    expect(answers.map(({ rows }) => rows)).toEqual(Array.from({ length: 8 }, () => [{ one: 1 }]));
  });

  it('reads every double as it was written', async () => {
    const doubles = [9.527672457201735, 9.027672457201737, 0.1 + 0.2, 5e-324, 1.7976931348623157e-300, -1 / 3];
    for (const double of doubles) {
      const { rows } = await poolOf().reader.execute({ sql: 'SELECT CAST(? AS DOUBLE) AS d', parameters: [double] });
      expect(rows).toEqual([{ d: double }]);
    }
  });

  it('refuses numbers that a number cannot hold', async () => {
    const read = (sql: string) => poolOf().reader.execute({ sql, parameters: [] });
    expect((await read('SELECT 9007199254740991 AS n, SUM(2) AS s, 0.5 AS f, NULL AS x')).rows).toEqual([
      { n: 9_007_199_254_740_991, s: 2, f: 0.5, x: null },
    ]);
    await expect(read('SELECT 9007199254740993 AS n')).rejects.toMatchObject({ code: 'VALUE_NOT_STORABLE' });
    await expect(read('SELECT SUM(9007199254740993) AS s')).rejects.toMatchObject({ code: 'VALUE_NOT_STORABLE' });
  });

  it('gives up waiting for a connection in time', async () => {
    const small = createPool({ uri: databases.mysqlUrl, connectionLimit: 1 });
    const pool = new MysqlPool(small, {
      server: 'the test server',
      acquireMillis: 150,
      statementMillis: 5000,
      lockWaitSeconds: 1,
    });
    const held = await pool.acquire();
    await expect(pool.acquire()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    held.release();
    await pool.using(async (connection) => connection.command('DO 1'));
    await small.promise().end();
  });
});
