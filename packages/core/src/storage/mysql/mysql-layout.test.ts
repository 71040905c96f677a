import { createPool, type Pool } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../test-support/catalogue.js';
import { loadRelease } from '../../../test-support/releases/load-release.js';
import { makePlace, type StoreAddress, type StorePlace } from '../../../test-support/shapes.js';
import { newestLayout, newestReadableBy } from '../migrations/migrations.js';
import { bothHomesSchema } from '../sql/schema.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { withLayoutLock } from './layout-lock.js';
import { mysqlLayout, prepareMysqlLayout } from './mysql-layout.js';
import { type MysqlConnection, MysqlPool } from './mysql-pool.js';

let place: StorePlace;
let whole: StorePlace;
let handle: Pool;

beforeAll(async () => {
  [place, whole] = await Promise.all([makePlace('mysql'), makePlace('mysql')]);
  const storage = whole.handle();
  await storage.open();
  await storage.close();
  handle = createPool({ uri: urlOf(place.address), flags: ['FOUND_ROWS'], charset: 'utf8mb4_bin' });
});

afterAll(async () => {
  await handle.promise().end();
  await Promise.all([place.remove(), whole.remove()]);
});

function urlOf(address: StoreAddress): string {
  if (address.shape !== 'mysql') throw new Error('a place of MySQL was asked for');
  return address.mysqlUrl;
}

function onConnection<Result>(work: (connection: MysqlConnection) => Promise<Result>): Promise<Result> {
  const limits = { server: 'the test server', acquireMillis: 5000, statementMillis: 10_000, lockWaitSeconds: 1 };
  return new MysqlPool(handle, limits).using(work);
}

/** The same connection; `before` each statement it may write on another one, or end the process that makes the statement. */
function watched(connection: SqlConnection, before: (sql: string) => Promise<void>): SqlConnection {
  return {
    async execute(statement) {
      await before(statement.sql);
      return connection.execute(statement);
    },
  };
}

const prepare = (connection: SqlConnection): Promise<void> =>
  prepareMysqlLayout(connection, bothHomesSchema, 'the test server');

describe('the tables of a new store', () => {
  it('are made whole by whoever comes after one that was killed, wherever that was; nobody meanwhile sees half a layout', async () => {
    let kills = 0;
    for (let passed = 1; ; passed += 1) {
      let left = passed;
      const outcome = await onConnection((connection) =>
        prepare(
          watched(connection, async (sql) => {
            if (!/^(CREATE|ALTER|INSERT|UPDATE|SELECT GET_LOCK)/.test(sql)) return;
            left -= 1;
            if (left < 0) throw new Error('killed');
            if (sql.startsWith('CREATE')) return;
            const seen = await onConnection(mysqlLayout);
            expect([null, { version: newestLayout, readableBy: newestReadableBy }]).toContainEqual(seen);
          }),
        ).then(
          () => 'ready',
          (error: unknown) => String(error),
        ),
      );
      if (outcome === 'ready') break;
      expect(outcome).toBe('Error: killed');
      kills += 1;
    }
    expect(kills).toBeGreaterThan(bothHomesSchema.length);
    expect(await catalogueOf(place.address)).toEqual(await catalogueOf(whole.address));
  });

  it('that an older release left behind unfinished become those of this one', async () => {
    const older = await makePlace('mysql');
    await loadRelease(1, older.address);
    const connection = await createConnection(urlOf(older.address));
    await connection.query('DELETE FROM store_schema');
    await connection.query('DROP TABLE import_runs');
    await connection.end();
    const storage = older.handle();
    await storage.open();
    expect(await storage.users.count()).toBe(4);
    await storage.close();
    expect(await catalogueOf(older.address)).toEqual(await catalogueOf(whole.address));
    await older.remove();
  });

  it.each([
    { release: 'newer', version: 98, readableBy: 97, code: 'STORE_TOO_NEW' },
    { release: 'older', version: 1, readableBy: 1, code: 'STORE_OUTDATED' },
  ])('made by a release that is $release, while this one waited for it, are refused', async (other) => {
    const fresh = await makePlace('mysql');
    const second = await createConnection(urlOf(fresh.address));
    const pool = createPool({ uri: urlOf(fresh.address), flags: ['FOUND_ROWS'] });
    const limits = { server: 'the test server', acquireMillis: 5000, statementMillis: 10_000, lockWaitSeconds: 1 };
    const makeFirst = async (sql: string): Promise<void> => {
      if (!sql.includes('GET_LOCK')) return;
      await second.query('CREATE TABLE store_schema (name VARCHAR(100) PRIMARY KEY, version BIGINT NOT NULL)');
      await second.query('INSERT INTO store_schema VALUES (?, ?), (?, ?)', [
        ...['lms', other.readableBy],
        ...['lms-layout', other.version],
      ]);
    };
    const outcome = new MysqlPool(pool, limits).using((connection) => prepare(watched(connection, makeFirst)));
    await expect(outcome).rejects.toMatchObject({ code: other.code });
    const [tables] = await second.query('SHOW TABLES');
    expect(tables).toHaveLength(1);
    await second.end();
    await pool.promise().end();
    await fresh.remove();
  });
});

describe('the lock of the layout', () => {
  it('that cannot be given back, as its connection is gone, hides nothing that the work said', async () => {
    const outcome = onConnection((connection) =>
      withLayoutLock(connection, async () => {
        const { rows } = await connection.execute<{ readonly id: number }>({
          sql: 'SELECT CONNECTION_ID() AS id',
          parameters: [],
        });
        const killer = await createConnection(urlOf(place.address));
        await killer.query(`KILL ${rows[0]?.id}`);
        await killer.end();
        throw new Error('what went wrong');
      }),
    );
    await expect(outcome).rejects.toThrow('what went wrong');
    expect(await onConnection((connection) => withLayoutLock(connection, async () => 'free', 1000))).toBe('free');
  });
});
