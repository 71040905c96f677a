import { LmsError } from '../../foundation/kernel/index.js';
import type { SqlConnection } from '../sql/sql-connection.js';

/** In turns of a second each: a statement that waited longer could meet its time-out. */
const lockTurns = 60;

const lockName = "CONCAT('lms:', LEFT(SHA2(DATABASE(), 256), 40))";

/**
 * Runs work while no other connection makes or changes the tables of the database. The server lets go of the lock by itself when the
 * connection ends.
 * @throws LmsError `STORE_LOCKED` when another one held it for a minute
 */
export async function withLayoutLock<Result>(connection: SqlConnection, work: () => Promise<Result>): Promise<Result> {
  await takeLock(connection);
  try {
    return await work();
  } finally {
    await connection.execute({ sql: `SELECT RELEASE_LOCK(${lockName})`, parameters: [] });
  }
}

async function takeLock(connection: SqlConnection): Promise<void> {
  for (let turn = 0; turn < lockTurns; turn += 1) {
    const { rows } = await connection.execute<{ readonly locked: number | null }>({
      sql: `SELECT GET_LOCK(${lockName}, 1) AS locked`,
      parameters: [],
    });
    if (rows[0]?.locked === 1) return;
  }
  throw new LmsError('STORE_LOCKED', {
    message: `another process has been making or migrating tables for ${lockTurns} seconds; look with lms storage status, and try again`,
  });
}
