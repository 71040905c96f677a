import type { StoreSnapshot } from '../../foundation/backup/snapshot-store.js';
import { refuseCopying } from '../migrations/layout.js';
import { copiedTables } from '../sql/copied-tables.js';
import { keysetPages } from '../sql/keyset-pages.js';
import { mysqlLayout } from './mysql-layout.js';
import { lostAsUnavailable, type MysqlConnection, type MysqlPool } from './mysql-pool.js';

/** A connection that sees one moment, whatever is written meanwhile. */
export interface MysqlMoment {
  readonly connection: MysqlConnection;
  /** Lets go of the moment. Never throws. */
  end(): Promise<void>;
}

/** InnoDB keeps what the moment needs until it ends; nothing is locked. @throws LmsError `STORE_TOO_NEW` */
export async function mysqlMoment(pool: MysqlPool, server: string): Promise<MysqlMoment> {
  const connection = await pool.forWholeTables().acquire();
  try {
    // For the next transaction alone; the session stays at READ COMMITTED.
    await connection.command('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await connection.command('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    refuseCopying(await mysqlLayout(connection), server);
  } catch (error) {
    connection.abandon();
    connection.release();
    throw error;
  }
  return {
    connection,
    async end() {
      await connection.command('COMMIT').catch(() => connection.abandon());
      connection.release();
    },
  };
}

/** What a database that is both homes holds at the moment of the call. */
export async function mysqlSnapshot(pool: MysqlPool, server: string): Promise<StoreSnapshot> {
  const moment = await mysqlMoment(pool, server).catch((error: unknown) => {
    throw lostAsUnavailable(error, server);
  });
  return {
    async *batches() {
      try {
        for (const table of copiedTables) yield* keysetPages(moment.connection, table);
      } catch (error) {
        throw lostAsUnavailable(error, server);
      }
    },
    close: () => moment.end(),
  };
}
