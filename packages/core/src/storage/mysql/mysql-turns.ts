import type { Turns } from '../../foundation/persistence/index.js';
import type { MysqlPool } from './mysql-pool.js';

/** Locks by name belong to the whole server, and to the connection that took them. */
const lockName = "CONCAT('lms:', LEFT(SHA2(CONCAT(DATABASE(), '/', ?), 256), 40))";

/** The turns of a database among all its clients: each is a lock by name, held by a connection of its own. */
export function mysqlTurns(pool: () => MysqlPool): Turns {
  return {
    async alone(name, work) {
      const connection = await pool().acquire();
      try {
        const { rows } = await connection.execute<{ readonly taken: number | null }>({
          sql: `SELECT GET_LOCK(${lockName}, 0) AS taken`,
          parameters: [name],
        });
        if (rows[0]?.taken !== 1) return false;
        try {
          await work();
        } finally {
          await connection
            .execute({ sql: `SELECT RELEASE_LOCK(${lockName})`, parameters: [name] })
            // The connection then ends, and the lock with it.
            .catch(() => connection.abandon());
        }
        return true;
      } finally {
        connection.release();
      }
    },
  };
}
