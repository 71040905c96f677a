import { randomBytes } from 'node:crypto';
import { createPool } from 'mysql2';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import type { MysqlOptions } from '../mysql.js';
import { mysql } from '../mysql.js';
import { bothHomesSchema, layoutName, schemaName } from '../sql/schema.js';
import type { Storage } from '../storage.js';
import type { MysqlConnectionHandle, MysqlPoolHandle } from './mysql-handle.js';
import { mysqlFilling } from './mysql-loading.js';
import { MysqlPool } from './mysql-pool.js';
import { mysqlSnapshot } from './mysql-snapshot.js';

/** What differs: the order of text, and that the MariaDB of the tests has no certificate. */
const engines = [
  {
    name: 'MySQL',
    variable: 'MYSQL_URL',
    collation: 'utf8mb4_0900_bin',
    tls: /TLS failed: .*certificateAuthority/,
  },
  {
    name: 'MariaDB',
    variable: 'MARIADB_URL',
    collation: 'utf8mb4_nopad_bin',
    tls: /offers no TLS; set it up/,
  },
] as const;

/** An error that is final, says what is wrong and what to do, and shows no password. */
const misconfigured = (message: RegExp, code = 'STORE_MISCONFIGURED') =>
  expect.objectContaining({
    code,
    retryable: false,
    message: expect.stringMatching(new RegExp(`^(?!.*once-upon).*${message.source}`)),
  });

describe.each(engines)('on $name', ({ variable, collation, tls }) => {
  let databases: ServerDatabases;
  let root: Connection;
  let database: string;
  /** Users of this run, so that they are removed with it. */
  const users: string[] = [];

  beforeAll(async () => {
    databases = await makeServerDatabases(variable);
    database = new URL(databases.mysqlUrl).pathname.slice(1);
    root = await createConnection(databases.mysqlUrl);
    await opened({ url: databases.mysqlUrl });
  });

  afterAll(async () => {
    for (const user of users) await root.query(`DROP USER IF EXISTS '${user}'@'127.0.0.1'`);
    await root.end();
    await databases.drop();
  });

  const stores: Storage[] = [];
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((storage) => storage.close()));
  });

  async function opened(options: MysqlOptions): Promise<Storage> {
    const storage = mysql(options);
    stores.push(storage);
    await storage.open();
    return storage;
  }

  /** A user of the store's database, with these rights and no more. @returns its URL */
  async function urlOfUser(rights: string, { limits = '', on = database } = {}): Promise<string> {
    const user = `lms_${randomBytes(4).toString('hex')}`;
    users.push(user);
    await root.query(`CREATE USER '${user}'@'127.0.0.1' IDENTIFIED BY 'once-upon' ${limits}`);
    await root.query(`GRANT ${rights} ON ${on}.* TO '${user}'@'127.0.0.1'`);
    return urlWith({ username: user, password: 'once-upon', pathname: `/${on}` });
  }

  function urlWith(parts: Partial<Record<'username' | 'password' | 'pathname', string>>): string {
    return Object.assign(new URL(databases.mysqlUrl), parts).href;
  }

  describe('who may not work in the store is told at the start', () => {
    it('with a wrong password', async () => {
      const url = new URL(await urlOfUser('ALL PRIVILEGES'));
      url.password = 'once-upon-a-time';
      await expect(opened({ url: url.href })).rejects.toEqual(misconfigured(/refused the user name or password/));
    });

    it('without a right to the database', async () => {
      const url = new URL(await urlOfUser('SELECT', { on: 'information_schema_of_nobody' }));
      url.pathname = `/${database}`;
      await expect(opened({ url: url.href })).rejects.toEqual(misconfigured(/may not use this database; grant/));
    });

    it.each([
      { rights: 'SELECT', lacks: /may not (UPDATE|INSERT|DELETE); grant SELECT, INSERT, UPDATE, DELETE/ },
      { rights: 'SELECT, UPDATE, DELETE', lacks: /may not INSERT; grant/ },
      { rights: 'SELECT, INSERT, UPDATE', lacks: /may not DELETE; grant/ },
    ])('with no more than $rights', async ({ rights, lacks }) => {
      await expect(opened({ url: await urlOfUser(rights) })).rejects.toEqual(misconfigured(lacks));
    });

    it('with no right to make the tables of a new store, and then none is made', async () => {
      const fresh = await makeServerDatabases(variable);
      const name = new URL(fresh.mysqlUrl).pathname.slice(1);
      const url = await urlOfUser('SELECT, INSERT, UPDATE, DELETE', { on: name });
      await expect(opened({ url })).rejects.toEqual(misconfigured(/may not CREATE; grant/));
      const [tables] = await root.query('SELECT * FROM information_schema.tables WHERE table_schema = ?', [name]);
      expect(tables).toEqual([]);
      await fresh.drop();
    });

    it('not at all with the rights that it takes', async () => {
      const storage = await opened({ url: await urlOfUser('SELECT, INSERT, UPDATE, DELETE') });
      expect(await storage.users.count()).toBe(0);
    });

    it('who has all connections in use: later it may go', async () => {
      const url = await urlOfUser('ALL PRIVILEGES', { limits: 'WITH MAX_USER_CONNECTIONS 1' });
      const other = await createConnection(url);
      await expect(opened({ url })).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        retryable: true,
        message: expect.stringMatching(/no free connection .*max_connections.*poolSize/),
      });
      await other.end();
    });
  });

  describe('an address that leads nowhere', () => {
    it('names the database that is not there', async () => {
      const url = urlWith({ pathname: '/lms_not_there' });
      await expect(opened({ url })).rejects.toEqual(misconfigured(/does not exist; create it with CREATE DATABASE/));
    });

    it.each([
      {
        what: 'a name that stands for no machine',
        host: 'db.nowhere.invalid:3306',
        says: /ENOTFOUND|EAI_AGAIN|no free/,
      },
      { what: 'a port where nobody listens', host: '127.0.0.1:1', says: /ECONNREFUSED/ },
    ])('is unavailable in time: $what', async ({ host, says }) => {
      const began = performance.now();
      const opening = opened({
        url: `mysql://lms:once-upon@${host}/lms`,
        allowInsecure: true,
        timeouts: { connectMillis: 700 },
      });
      await expect(opening).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        retryable: true,
        message: expect.stringMatching(says),
      });
      await expect(opening).rejects.toMatchObject({ message: expect.stringContaining(host) });
      await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('once-upon') });
      expect(performance.now() - began).toBeLessThan(5000);
    });
  });

  it('without TLS, or with a certificate that nobody here knows, no server is reached that was asked for by TLS', async () => {
    const url = `${await urlOfUser('ALL PRIVILEGES')}?tls=true`;
    await expect(opened({ url })).rejects.toEqual(misconfigured(tls));
  });

  describe('tables that were changed by hand stop the start', () => {
    const changes: readonly { readonly sql: string; readonly back: string; readonly says: RegExp }[] = [
      {
        sql: 'ALTER TABLE outbox ENGINE=MyISAM',
        back: 'ALTER TABLE outbox ENGINE=InnoDB',
        says: /table outbox is of the engine MyISAM.*expected InnoDB: ALTER TABLE outbox ENGINE=InnoDB/,
      },
      {
        sql: 'ALTER TABLE leads MODIFY number VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL',
        back: `ALTER TABLE leads MODIFY number VARCHAR(100) CHARACTER SET utf8mb4 COLLATE ${collation} NOT NULL`,
        says: /column leads\.number has the collation utf8mb4_general_ci; expected .*utf8mb4_0900_bin.*ALTER TABLE leads MODIFY number/,
      },
      {
        sql: 'ALTER TABLE unique_keys MODIFY hash VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL',
        back: `ALTER TABLE unique_keys MODIFY hash VARCHAR(255) CHARACTER SET utf8mb4 COLLATE ${collation} NOT NULL`,
        says: /column unique_keys\.hash has the collation utf8mb4_bin/,
      },
      {
        sql: 'ALTER TABLE leads DROP INDEX leads_by_number',
        back: 'ALTER TABLE leads ADD UNIQUE KEY leads_by_number (number)',
        says: /table leads has no unique key on \(number\)/,
      },
      {
        sql: 'ALTER TABLE leads DROP INDEX leads_by_number, ADD UNIQUE KEY leads_by_number (number(10))',
        back: 'ALTER TABLE leads DROP INDEX leads_by_number, ADD UNIQUE KEY leads_by_number (number)',
        says: /table leads has no unique key on \(number\)/,
      },
    ];

    it.each(changes)('$sql', async ({ sql, back, says }) => {
      await root.query(sql);
      try {
        await expect(opened({ url: databases.mysqlUrl })).rejects.toEqual(misconfigured(says));
      } finally {
        await root.query(back);
      }
      await opened({ url: databases.mysqlUrl });
    });

    it('but not a unique key of somebody else, on an expression where the server has such', async () => {
      const columns = variable === 'MYSQL_URL' ? '(CHAR_LENGTH(name))' : 'name(5)';
      await root.query(`CREATE UNIQUE INDEX of_somebody_else ON users (${columns})`);
      await root.query('CREATE TABLE of_somebody_else (n INT, UNIQUE KEY (n))');
      await opened({ url: databases.mysqlUrl });
      await root.query('DROP INDEX of_somebody_else ON users');
      await root.query('DROP TABLE of_somebody_else');
    });

    it('and a table that is gone is damage, which no empty one takes the place of', async () => {
      await root.query('RENAME TABLE lead_activities TO lead_activities_kept');
      await expect(opened({ url: databases.mysqlUrl })).rejects.toEqual(
        misconfigured(/table lead_activities of this store is missing; restore .*backup/, 'STORE_CORRUPT'),
      );
      await root.query('RENAME TABLE lead_activities_kept TO lead_activities');
    });

    it('and one that goes while the store is open is told as damage by the call that needs it', async () => {
      const storage = await opened({ url: databases.mysqlUrl });
      await root.query('RENAME TABLE users TO users_kept');
      await expect(storage.users.count()).rejects.toEqual(
        misconfigured(/users.*restore it from a backup/, 'STORE_CORRUPT'),
      );
      await root.query('RENAME TABLE users_kept TO users');
      expect(await storage.users.count()).toBe(0);
    });
  });

  /** The real server, with one of its answers changed: what no server here can be set to. */
  function answering(change: Readonly<Record<string, unknown>>): MysqlPoolHandle {
    const real = createPool({ uri: databases.mysqlUrl, flags: ['FOUND_ROWS'], charset: 'utf8mb4_bin' });
    return {
      end: (callback) => real.end(callback),
      getConnection: (callback) =>
        real.getConnection((error, connection) => {
          if (error) return callback(error, connection);
          const changed: MysqlConnectionHandle = {
            query: (query, answer) =>
              connection.query(query, (failure, rows: unknown) => {
                const isFacts = Array.isArray(rows) && typeof rows[0] === 'object' && 'isolation' in rows[0];
                return answer(failure, isFacts ? [{ ...rows[0], ...change }] : rows);
              }),
            release: () => connection.release(),
            destroy: () => connection.destroy(),
          };
          return callback(null, changed);
        }),
    };
  }

  describe('a server or session that is set otherwise stops the start', () => {
    it.each([
      { change: { version: '5.7.44' }, says: /version is 5\.7\.44; expected MySQL 8\.0\.17.*upgrade/ },
      {
        change: { isolation: 'REPEATABLE-READ' },
        says: /transaction_isolation is REPEATABLE-READ; expected READ-COMMITTED/,
      },
      { change: { mode: '' }, says: /sql_mode is empty; expected STRICT_ALL_TABLES/ },
      { change: { timeZone: 'Asia/Kolkata' }, says: /time_zone is Asia\/Kolkata; expected \+00:00/ },
      { change: { readOnly: 1 }, says: /read_only is ON; expected OFF: .*primary/ },
      {
        change: { largestPacket: 1_048_576 },
        says: /max_allowed_packet is 1048576; .*SET GLOBAL max_allowed_packet = /,
      },
    ])('$change', async ({ change, says }) => {
      const pool = answering(change);
      await expect(opened({ pool })).rejects.toEqual(misconfigured(says));
      await new Promise((resolve) => pool.end(resolve));
    });

    it('and a clock that is far from that of the server is a finding', async () => {
      const pool = answering({ now: 1_000_000_000_000 });
      const storage = await opened({ pool });
      expect((await storage.check()).filter(({ ok }) => !ok)).toEqual([
        { name: 'mysql clock', ok: false, message: expect.stringMatching(/ahead of the server; set both by NTP/) },
      ]);
      await storage.close();
      await new Promise((resolve) => pool.end(resolve));
    });
  });

  it('opening waits for nobody who adds up the totals of boards, and another lock that it meets is told as one', async () => {
    const locking = await createConnection(databases.mysqlUrl);
    const openedWhileLocked = async (row: string): Promise<unknown> => {
      await locking.beginTransaction();
      await locking.query('SELECT version FROM store_schema WHERE name = ? FOR UPDATE', [row]);
      const outcome = await opened({ url: databases.mysqlUrl, timeouts: { lockWaitMillis: 1000 } }).then(
        () => 'open',
        (error: unknown) => error,
      );
      await locking.rollback();
      return outcome;
    };
    // Whoever adds up the totals of boards has the lock of this one.
    expect(await openedWhileLocked(schemaName)).toBe('open');
    expect(await openedWhileLocked(layoutName)).toMatchObject({ code: 'STORE_LOCKED', retryable: true });
    await locking.end();
  });

  describe('a statement that the server is slow to answer', () => {
    it('ends in time, is not begun again, and may be repeated later', async () => {
      const storage = await opened({ url: databases.mysqlUrl, timeouts: { statementMillis: 300 } });
      await root.query('LOCK TABLES users WRITE');
      const began = performance.now();
      await expect(storage.users.count()).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        retryable: true,
        message: expect.stringMatching(/timeouts\.statementMillis/),
      });
      expect(performance.now() - began).toBeLessThan(10_000);
      await root.query('UNLOCK TABLES');
      expect(await storage.users.count()).toBe(0);
    });

    it('is waited for by backups and restores, which take little of long rows at once', async () => {
      const handle = createPool({ uri: databases.mysqlUrl, flags: ['FOUND_ROWS'], charset: 'utf8mb4_bin' });
      const limits = { server: 'the test server', acquireMillis: 5000, lockWaitSeconds: 5 };
      const hasty = new MysqlPool(handle, { ...limits, statementMillis: 1 });
      // 18 MB, and no statement may have more than 16.
      const rows = Array.from({ length: 36 }, (_, at) => ['source', at, 1, 'x'.repeat(500_000), 'at', 1]);
      const filling = mysqlFilling(hasty, { server: 'the test server', schema: bothHomesSchema });
      await filling.begin();
      await filling.load({ table: 'import_receipts', rows });
      // In the middle of a batch nobody takes the store over, so that what follows is not emptied or filled by two.
      const other = mysqlFilling(new MysqlPool(handle, { ...limits, statementMillis: 1000, lockWaitSeconds: 1 }), {
        server: 'the test server',
        schema: bothHomesSchema,
      });
      await filling.load({ table: 'import_receipts', rows: [] }, () =>
        expect(other.begin()).rejects.toMatchObject({ code: 'STORE_LOCKED' }),
      );
      await filling.end();

      const snapshot = await mysqlSnapshot(hasty, 'the test server');
      const read: number[] = [];
      for await (const batch of snapshot.batches()) {
        if (batch.table !== 'import_receipts') continue;
        expect(batch.rows).toHaveLength(1);
        read.push(...batch.rows.map(([, at]) => Number(at)));
      }
      await snapshot.close();
      expect(read).toEqual(rows.map((_, at) => at));
      await root.query('TRUNCATE TABLE import_receipts');
      await handle.promise().end();
    });
  });
});
