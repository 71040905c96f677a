import { inspect } from 'node:util';
import { createPool, type Pool } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { cryptoRandom } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import { connectionOf } from '../sql/sql-unit.js';
import type { MysqlConnectionHandle, MysqlPoolHandle } from './mysql-handle.js';
import { MysqlPool } from './mysql-pool.js';
import { MysqlUnitOfWork } from './mysql-unit-of-work.js';

let databases: ServerDatabases;
let handle: Pool;
let name = '';

beforeAll(async () => {
  databases = await makeServerDatabases();
  handle = createPool({ uri: databases.mysqlUrl, connectionLimit: 4, flags: ['FOUND_ROWS'] });
  await handle.promise().query('CREATE TABLE notes (id VARCHAR(100) PRIMARY KEY, body VARCHAR(20)) ENGINE=InnoDB');
});

afterAll(async () => {
  await handle.promise().end();
  await databases.drop();
});

beforeEach(({ task }) => {
  name = task.id;
});

const repeats = { attempts: 5, firstPauseMillis: 1, longestPauseMillis: 2 };

function poolOf(pool: MysqlPoolHandle = handle, statementMillis: number = 5000): MysqlPool {
  return new MysqlPool(pool, {
    server: 'the test server',
    acquireMillis: 2000,
    statementMillis,
    lockWaitSeconds: 1,
  });
}

function units(pool: MysqlPool = poolOf()): MysqlUnitOfWork {
  return new MysqlUnitOfWork({
    open: () => pool,
    server: 'the test server',
    random: cryptoRandom(),
    repeats,
    bothHomes: false,
    unitsAtOnce: 2,
  });
}

function insert(unit: Unit, id: string, body = ''): Promise<unknown> {
  return connectionOf(unit, 'ledger').execute({ sql: 'INSERT INTO notes VALUES (?, ?)', parameters: [id, body] });
}

async function stored(id: string): Promise<readonly unknown[]> {
  const [rows] = await handle.promise().query('SELECT * FROM notes WHERE id = ?', [id]);
  return Array.isArray(rows) ? rows : [];
}

async function killedFromOutside(unit: Unit): Promise<void> {
  const { rows } = await connectionOf(unit, 'ledger').execute<{ id: number }>({
    sql: 'SELECT CONNECTION_ID() AS id',
    parameters: [],
  });
  const killer = await createConnection(databases.mysqlUrl);
  await killer.query(`KILL ${rows[0]?.id}`);
  await killer.end();
}

/** The real pool, with one statement of its connections intercepted. */
function intercepting(
  sql: string,
  instead: (connection: MysqlConnectionHandle) => Promise<Error | null>,
): MysqlPoolHandle {
  return {
    end: (callback) => handle.end(callback),
    getConnection: (callback) =>
      handle.getConnection((error, connection) => {
        if (error) return callback(error, connection);
        const intercepted: MysqlConnectionHandle = {
          query(query, answer) {
            if (query.sql !== sql) return connection.query(query, answer);
            return instead(connection).then((failure) =>
              failure ? answer(failure, undefined) : connection.query(query, answer),
            );
          },
          release: () => connection.release(),
          destroy: () => connection.destroy(),
        };
        return callback(null, intercepted);
      }),
  };
}

describe('a unit', () => {
  it('runs again when its connection is killed before the commit', async () => {
    let calls = 0;
    await units().run(
      'ledger',
      async (unit) => {
        calls += 1;
        await insert(unit, name);
        if (calls === 1) await killedFromOutside(unit);
        await insert(unit, `${name}-second`);
      },
      {},
    );
    expect(calls).toBe(2);
    expect(await stored(name)).toHaveLength(1);
  });

  it('is not committed when its work swallowed a lost connection', async () => {
    const swallowing = units().run(
      'ledger',
      async (unit) => {
        await insert(unit, name);
        await killedFromOutside(unit);
        await insert(unit, `${name}-second`).catch(() => {});
      },
      {},
    );
    await expect(swallowing).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await stored(name)).toEqual([]);
  });

  it('runs again after a deadlock, and both units take effect', async () => {
    await units().run(
      'ledger',
      async (unit) => {
        await insert(unit, `${name}-a`);
        await insert(unit, `${name}-b`);
      },
      {},
    );
    let calls = 0;
    let letGo = (): void => undefined;
    const bothHold = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const crossing = (first: string, second: string) =>
      units().run(
        'ledger',
        async (unit) => {
          const update = "UPDATE notes SET body = CONCAT(body, 'x') WHERE id = ?";
          await connectionOf(unit, 'ledger').execute({ sql: update, parameters: [first] });
          calls += 1;
          if (calls >= 2) letGo();
          await bothHold;
          await connectionOf(unit, 'ledger').execute({ sql: update, parameters: [second] });
        },
        {},
      );
    await Promise.all([crossing(`${name}-a`, `${name}-b`), crossing(`${name}-b`, `${name}-a`)]);
    expect(calls).toBeGreaterThan(2);
    expect(await stored(`${name}-a`)).toMatchObject([{ body: 'xx' }]);
  });

  it('gives up with STORE_CONFLICT when a lock is never let go', async () => {
    await units().run('ledger', (unit) => insert(unit, name, 'before'), {});
    const blocking = await createConnection(databases.mysqlUrl);
    await blocking.query('START TRANSACTION');
    await blocking.query("UPDATE notes SET body = 'held' WHERE id = ?", [name]);
    const blocked = units().run(
      'ledger',
      (unit) =>
        connectionOf(unit, 'ledger').execute({
          sql: "UPDATE notes SET body = 'mine' WHERE id = ?",
          parameters: [name],
        }),
      {},
    );
    await expect(blocked).rejects.toMatchObject({ code: 'STORE_CONFLICT', retryable: true });
    await blocking.query('ROLLBACK');
    await blocking.end();
    expect(await stored(name)).toMatchObject([{ body: 'before' }]);
  });

  it('is given up when a statement takes too long, once, and nothing of it stays', async () => {
    let calls = 0;
    const slow = units(poolOf(handle, 250)).run(
      'ledger',
      async (unit) => {
        calls += 1;
        await insert(unit, name);
        await connectionOf(unit, 'ledger').execute({ sql: 'SELECT SLEEP(1)', parameters: [] });
      },
      {},
    );
    await expect(slow).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringMatching(/timeouts\.statementMillis/),
    });
    expect(calls).toBe(1);
    expect(await stored(name)).toEqual([]);
  });

  it('says DISK_FULL where a table may not grow, and takes back what it had written', async () => {
    const setUp = await createConnection(databases.mysqlUrl);
    await setUp.query('SET max_heap_table_size = 16384');
    await setUp.query('CREATE TABLE small (body VARCHAR(1000)) ENGINE=MEMORY');
    await setUp.end();
    const filling = units().run(
      'ledger',
      async (unit) => {
        await insert(unit, name);
        const sql = `INSERT INTO small VALUES ${Array(100).fill("(REPEAT('x', 1000))").join(', ')}`;
        await connectionOf(unit, 'ledger').execute({ sql, parameters: [] });
      },
      {},
    );
    await expect(filling).rejects.toMatchObject({ code: 'DISK_FULL', retryable: true });
    expect(await stored(name)).toEqual([]);
  });

  it('says STORE_CORRUPT of a table or column that is gone', async () => {
    const run = (sql: string) =>
      units().run('ledger', (unit) => connectionOf(unit, 'ledger').execute({ sql, parameters: [] }), {});
    for (const [sql, what] of [
      ['SELECT * FROM gone', 'gone'],
      ['SELECT gone FROM notes', "'gone'"],
    ] as const) {
      await expect(run(sql)).rejects.toMatchObject({
        code: 'STORE_CORRUPT',
        retryable: false,
        message: expect.stringMatching(new RegExp(`${what}.*restore it from a backup`)),
      });
    }
  });

  it('reports a key that stays taken, text that is too long, and a statement that is none', async () => {
    await units().run('ledger', (unit) => insert(unit, name), {});
    const run = (work: (unit: Unit) => Promise<unknown>) => units().run('ledger', work, {});
    await expect(run((unit) => insert(unit, name))).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await expect(run((unit) => insert(unit, `${name}-2`, 'x'.repeat(21)))).rejects.toMatchObject({
      code: 'VALUE_NOT_STORABLE',
    });
    const nonsense = { sql: 'SELEKT 1', parameters: [] };
    await expect(run((unit) => connectionOf(unit, 'ledger').execute(nonsense))).rejects.toMatchObject({
      code: 'STORE_FAILED',
    });
  });

  it('tells no values in its errors or their causes', async () => {
    await units().run('ledger', (unit) => insert(unit, `${name}-secret`), {});
    for (const values of [
      [`${name}-secret`, ''],
      [`${name}-other`, 'secret '.repeat(9)],
    ]) {
      const [id = '', body] = values;
      const error = await units()
        .run('ledger', (unit) => insert(unit, id, body), {})
        .catch((seen: unknown) => seen);
      expect(error).toBeInstanceOf(Error);
      expect(inspect(error, { depth: 9 })).not.toContain('secret');
    }
  });

  it('may read outside its transaction while every unit that may run is running', async () => {
    const pool = poolOf();
    const unitOfWork = units(pool);
    const counts = await Promise.all(
      Array.from({ length: 12 }, () =>
        unitOfWork.run(
          'ledger',
          async () => (await pool.reader.execute({ sql: 'SELECT SLEEP(0.01) AS slept', parameters: [] })).rows.length,
          {},
        ),
      ),
    );
    expect(counts).toEqual(Array.from({ length: 12 }, () => 1));
  });

  it('is good only inside its run', async () => {
    let kept: Unit | undefined;
    await units().run(
      'ledger',
      async (unit) => {
        kept = unit;
      },
      {},
    );
    if (kept === undefined) throw new Error('the work did not run');
    await expect(insert(kept, name)).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('a commit whose answer is lost', () => {
  it.each([{ code: 'PROTOCOL_CONNECTION_LOST' }, { code: 'ETIMEDOUT' }, { code: 'SOMETHING_NEW', fatal: true }])(
    'is reported as an unknown outcome, and the work is not run again: %j',
    async (planted) => {
      let calls = 0;
      const pool = poolOf(
        intercepting(
          'COMMIT',
          (connection) =>
            new Promise((resolve) => {
              connection.query({ sql: 'COMMIT', values: [] }, () =>
                resolve(Object.assign(new Error('planted'), planted)),
              );
            }),
        ),
      );
      const lost = units(pool).run(
        'ledger',
        async (unit) => {
          calls += 1;
          await insert(unit, name);
        },
        {},
      );
      await expect(lost).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', details: { outcome: 'unknown' } });
      expect(calls).toBe(1);
      expect(await stored(name)).toHaveLength(1);
    },
  );
});
