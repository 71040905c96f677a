import { inspect } from 'node:util';
import { createPool, type Pool } from 'mysql2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { Collision } from '../sql/sql-connection.js';
import { ConnectionLost, translateMysqlError } from './mysql-errors.js';
import { MysqlPool } from './mysql-pool.js';

/** Somebody's data, which no error may show. */
const planted = "Nandini d'Souza 19840517";

function shown(error: unknown): string {
  return inspect(error, { depth: 12, showHidden: true });
}

describe.each(['MYSQL_URL', 'MARIADB_URL'] as const)('the errors of the server at %s', (server) => {
  let databases: ServerDatabases;
  let made: Pool;
  let pool: MysqlPool;

  beforeAll(async () => {
    databases = await makeServerDatabases(server);
    made = createPool({ uri: databases.mysqlUrl, charset: 'utf8mb4_bin' });
    pool = new MysqlPool(made, {
      server: 'the test server',
      acquireMillis: 5000,
      statementMillis: 5000,
      lockWaitSeconds: 1,
    });
    await pool.using(async (connection) => {
      await connection.command(
        'CREATE TABLE people (name VARCHAR(40) PRIMARY KEY, born DATE, short VARCHAR(3), amount BIGINT, kind VARCHAR(9), ' +
          "code VARCHAR(40) CHARACTER SET ascii, CONSTRAINT kind_known CHECK (kind IN ('one'))) ENGINE = InnoDB",
      );
      await connection.execute({ sql: 'INSERT INTO people (name) VALUES (?)', parameters: [planted] });
    });
  });

  afterAll(async () => {
    await new Promise((resolve) => made.end(resolve));
    await databases.drop();
  });

  it.each([
    { what: 'a key that is taken', sql: 'INSERT INTO people (name) VALUES (?)' },
    { what: 'text for a date', sql: "INSERT INTO people (name, born) VALUES ('x', ?)" },
    { what: 'text for a number', sql: "INSERT INTO people (name, amount) VALUES ('x', ?)" },
    { what: 'text that is too long', sql: "INSERT INTO people (name, short) VALUES ('x', ?)" },
    { what: 'a value that is none of those allowed', sql: "INSERT INTO people (name, kind) VALUES ('x', LEFT(?, 9))" },
    {
      what: 'text that its column does not take',
      sql: "INSERT INTO people (name, code) VALUES ('x', CONCAT(?, '\u{1f600}'))",
    },
    {
      what: 'text that is compared as a number',
      sql: 'UPDATE people SET amount = 1 WHERE name + 0 = CAST(? AS SIGNED)',
    },
    { what: 'a statement that is none', sql: 'INSERT INTO people (name) VALUS (?)' },
    { what: 'a number beyond the largest', sql: 'SELECT 9223372036854775807 + LENGTH(?) + 1' },
  ])('show no value of a row: $what', async ({ sql }) => {
    const error: unknown = await pool
      .using((connection) => connection.execute({ sql, parameters: [planted] }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(shown(error)).not.toMatch(/Nandini|Souza|19840517/);
  });

  it('keep which key was taken', async () => {
    const insert = { sql: 'INSERT INTO people (name) VALUES (?)', parameters: [planted] };
    const error: unknown = await pool.using((connection) => connection.execute(insert)).catch((thrown) => thrown);
    expect(error).toMatchObject({
      name: 'DuplicateKey',
      cause: {
        errno: 1062,
        code: 'ER_DUP_ENTRY',
        message: expect.stringMatching(/^Duplicate entry for key '.*PRIMARY'$/),
      },
    });
  });
});

it.each([
  { errno: 1300, message: "Invalid utf8mb4 character string: 'Nandini'" },
  { errno: 1690, message: "BIGINT value is out of range in '(19840517 + `lms`.`leads`.`amount`)'" },
  { errno: 3854, message: "Cannot convert string 'Nandini' from utf8mb4 to ascii" },
  { errno: 1064, message: "You have an error in your SQL syntax near 'x' and name = 'Nandini' at line 1" },
  { errno: 99_999, message: 'Something new about "Nandini"' },
])('nor does what a server repeats in the error $errno', ({ errno, message }) => {
  const said = Object.assign(new Error(message), { errno, code: 'ER_OF_A_TEST', sql: 'Nandini', sqlMessage: message });
  expect(shown(translateMysqlError(said, 'the test server'))).not.toMatch(/Nandini|19840517/);
});

it('names the table and column that are gone', () => {
  const said = Object.assign(new Error("Unknown column 'leads.stage' in 'field list'"), { errno: 1054, code: 'ER_X' });
  expect(translateMysqlError(said, 'the test server').message).toContain("'leads.stage'");
});

it.each([
  { errno: 1030, message: "Got error 28 - 'No space left on device' from storage engine" },
  { errno: 1026, message: "Error writing file './lms/leads.MYD' (OS errno 28 - No space left on device)" },
  { errno: 1878, message: 'Temporary file write failure: No space left on device' },
  { errno: 3, message: "Error writing file '/tmp/MY1' (OS errno 122 - Disk quota exceeded)" },
  { errno: 1114, message: "The table 'leads' is full" },
])('say of a disk that is full what it is, in each way that servers say it: $message', ({ errno, message }) => {
  const said = Object.assign(new Error(message), { errno, code: 'ER_OF_A_TEST' });
  expect(translateMysqlError(said, 'the test server')).toMatchObject({ code: 'DISK_FULL', retryable: true });
});

it('of a cluster: a commit that another member was ahead of is a collision, offline mode a lost connection', () => {
  const said = (errno: number): Error => Object.assign(new Error('said'), { errno, code: 'ER_OF_A_TEST' });
  expect(translateMysqlError(said(3101), 'the test server')).toBeInstanceOf(Collision);
  expect(translateMysqlError(said(3032), 'the test server')).toBeInstanceOf(ConnectionLost);
});
