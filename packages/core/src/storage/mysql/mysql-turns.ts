import type { Turns } from '../../foundation/persistence/index.js';
import { lostAsUnavailable, type MysqlConnection, type MysqlPool } from './mysql-pool.js';

/** Locks by name belong to the whole server, and to the connection that took them. */
const lockName = "CONCAT('lms:', LEFT(SHA2(CONCAT(DATABASE(), '/', ?), 256), 40))";

/** The connection that holds the locks, while anybody has a turn. */
interface Holder {
  readonly connection: Promise<MysqlConnection>;
  turns: number;
}

/**
 * The turns of a database among all its clients. Each is a lock by name; one connection of the pool holds all that this process has, so
 * that whoever works in its turn finds connections left.
 */
export function mysqlTurns(pool: () => MysqlPool, server: string): Turns {
  const taken = new Set<string>();
  let holder: Holder | null = null;

  function join(): Holder {
    const joined = holder ?? { connection: pool().acquire(), turns: 0 };
    joined.turns += 1;
    holder = joined;
    return joined;
  }

  async function leave(left: Holder): Promise<void> {
    left.turns -= 1;
    if (left.turns > 0) return;
    if (holder === left) holder = null;
    await left.connection.then(
      (connection) => connection.release(),
      () => undefined,
    );
  }

  /** A connection that fails is used no more; the locks it has end with it. */
  async function ask(from: Holder, call: 'GET_LOCK' | 'RELEASE_LOCK', name: string): Promise<number | null> {
    const connection = await from.connection;
    const sql =
      call === 'GET_LOCK' ? `SELECT GET_LOCK(${lockName}, 0) AS answer` : `SELECT RELEASE_LOCK(${lockName}) AS answer`;
    try {
      const { rows } = await connection.execute<{ readonly answer: number | null }>({ sql, parameters: [name] });
      return rows[0]?.answer ?? null;
    } catch (error) {
      if (holder === from) holder = null;
      connection.abandon();
      throw lostAsUnavailable(error, server);
    }
  }

  return {
    async alone(name, work) {
      if (taken.has(name)) return false;
      taken.add(name);
      try {
        const own = join();
        try {
          if ((await ask(own, 'GET_LOCK', name)) !== 1) return false;
          try {
            await work();
          } finally {
            await ask(own, 'RELEASE_LOCK', name).catch(() => undefined);
          }
          return true;
        } finally {
          await leave(own);
        }
      } finally {
        taken.delete(name);
      }
    },
  };
}
