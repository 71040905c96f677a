import { LmsError } from '../../foundation/kernel/index.js';
import type { SqlConnection } from '../sql/sql-connection.js';

/** In turns of a second at most: a statement that waited longer could meet its time-out. */
const turnMillis = 1000;
const usualWaitMillis = 60_000;

const lockName = "CONCAT('lms:', LEFT(SHA2(DATABASE(), 256), 40))";

/**
 * Runs work while no other connection makes or changes the tables of the database. The server lets go of the lock by itself when the
 * connection ends.
 * @param waitMillis how long another one is waited for
 * @throws LmsError `STORE_LOCKED` when another one held it longer
 */
export async function withLayoutLock<Result>(
  connection: SqlConnection,
  work: () => Promise<Result>,
  waitMillis: number = usualWaitMillis,
): Promise<Result> {
  await takeLock(connection, waitMillis);
  try {
    return await work();
  } finally {
    // A connection that cannot say it has lost the lock already; what the work said stands.
    await connection.execute({ sql: `SELECT RELEASE_LOCK(${lockName})`, parameters: [] }).catch(() => {});
  }
}

async function takeLock(connection: SqlConnection, waitMillis: number): Promise<void> {
  for (let left = waitMillis; left > 0; left -= turnMillis) {
    const seconds = Math.min(left, turnMillis) / 1000;
    const { rows } = await connection.execute<{ readonly locked: number | null }>({
      sql: `SELECT GET_LOCK(${lockName}, ${seconds}) AS locked`,
      parameters: [],
    });
    if (rows[0]?.locked === 1) return;
  }
  throw new LmsError('STORE_LOCKED', {
    message: `another process has been making or migrating tables for more than ${waitMillis} ms; look with lms storage status, and try again`,
  });
}
