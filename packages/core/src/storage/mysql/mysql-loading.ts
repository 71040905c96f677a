import type { RowBatch, StoreLoading } from '../../foundation/backup/snapshot-store.js';
import { LmsError } from '../../foundation/kernel/index.js';
import { dataTables } from '../sql/copied-tables.js';
import {
  countRows,
  endRestoring,
  holdRestoring,
  holdsRows,
  isRestoring,
  newRestoringMark,
  notEmpty,
  refuseWhileRestoring,
  requireCount,
  setRestoring,
  takeOverRestoring,
} from '../sql/restoring-mark.js';
import { insertRows, quoted } from '../sql/row-loader.js';
import type { TableDescription } from '../sql/schema-description.js';
import { DuplicateKey, type SqlConnection } from '../sql/sql-connection.js';
import { LockWait } from './mysql-errors.js';
import { lostAsUnavailable, type MysqlConnection, type MysqlPool } from './mysql-pool.js';

/** The tables of one database, being filled. */
export interface MysqlFilling {
  /**
   * Marks an empty database, or takes over one that a restore left unfinished.
   * @throws LmsError `STORE_NOT_EMPTY`, `STORE_LOCKED` while another restore is in the middle of a batch
   */
  begin(): Promise<void>;
  /**
   * Inserts rows while nobody can take the database over.
   * @param elsewhere what is written into another database under the same protection
   * @throws LmsError `STORE_FAILED` when another restore has taken over
   */
  load(batch: RowBatch, elsewhere?: () => Promise<void>): Promise<void>;
  requireCounts(rows: ReadonlyMap<string, number>): Promise<void>;
  /** Opens the store to others. */
  end(): Promise<void>;
}

/** The documents, where they are on another server. */
export interface OtherHalf {
  /** Before anything is taken. */
  look(): Promise<void>;
  holds(): Promise<boolean>;
  /** Takes them from every restore that looked earlier. @throws LmsError `STORE_FAILED` when another took them since */
  take(): Promise<void>;
  empty(): Promise<void>;
}

/**
 * @param schema of the database
 */
export function mysqlFilling(
  given: MysqlPool,
  { server, schema }: { readonly server: string; readonly schema: readonly TableDescription[] },
  otherHalf?: OtherHalf,
): MysqlFilling {
  const pool = given.forWholeTables();
  const mark = newRestoringMark();
  const on = async <Result>(work: (connection: MysqlConnection) => Promise<Result>): Promise<Result> => {
    try {
      return await pool.using(work);
    } catch (error) {
      throw error instanceof LockWait ? stillWriting(server, error) : lostAsUnavailable(error, server);
    }
  };
  const inTransaction = (work: (connection: MysqlConnection) => Promise<void>): Promise<void> =>
    on((connection) => transaction(connection, () => work(connection)));
  const whileOurs = (work: (connection: MysqlConnection) => Promise<void>): Promise<void> =>
    inTransaction(async (connection) => {
      await holdRestoring(connection, mark, 'LOCK IN SHARE MODE');
      await work(connection);
    });
  return {
    async begin() {
      await otherHalf?.look();
      if (await on(isRestoring)) {
        await on((connection) => takeOverRestoring(connection, mark));
        await whileOurs(async () => {
          await otherHalf?.take();
          await emptyTables(pool, schema);
          await otherHalf?.empty();
        });
        return;
      }
      // Looked at under the mark: another restore may have filled the store and ended meanwhile.
      await inTransaction(async (connection) => {
        await markOnce(connection, mark, server);
        if ((await holdsRows(connection, schema)) || (await otherHalf?.holds())) throw notEmpty(server);
        await otherHalf?.take();
      });
    },
    load: (batch, elsewhere) =>
      whileOurs(async (connection) => {
        await elsewhere?.();
        if (batch.rows.length > 0) await insertRows(connection, batch);
      }),
    async requireCounts(rows) {
      for (const { name } of dataTables(schema)) {
        requireCount(name, await on((connection) => countRows(connection, name)), rows.get(name) ?? 0);
      }
    },
    end: () => on((connection) => endRestoring(connection, mark)),
  };
}

/** Fills a database that is both homes. */
export async function mysqlLoading(filling: MysqlFilling, close: () => Promise<void>): Promise<StoreLoading> {
  try {
    await filling.begin();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    load: (batch) => filling.load(batch),
    async finish(rows) {
      await filling.requireCounts(rows);
      await filling.end();
    },
    close,
  };
}

/**
 * What was opened, once it is known that no restore fills the tables; else it does not stay open.
 * @throws LmsError `STORE_RESTORING`
 */
export async function unlessRestoring<Opened extends { close(): Promise<void> }>(
  opened: Opened,
  pool: MysqlPool,
  server: string,
): Promise<Opened> {
  try {
    await pool.using((connection) => refuseWhileRestoring(connection, server));
    return opened;
  } catch (error) {
    await opened.close();
    throw lostAsUnavailable(error, server);
  }
}

function stillWriting(server: string, cause: LockWait): LmsError {
  return new LmsError('STORE_LOCKED', {
    message: `another restore is in the middle of writing into ${server}: let it go on, or stop it, then restore again`,
    cause,
  });
}

/** Somebody else who began at the same moment has the mark, and the store is no longer ours to fill. */
async function markOnce(connection: SqlConnection, mark: number, server: string): Promise<void> {
  try {
    await setRestoring(connection, mark);
  } catch (error) {
    throw error instanceof DuplicateKey ? notEmpty(server) : error;
  }
}

async function transaction(connection: MysqlConnection, work: () => Promise<void>): Promise<void> {
  await connection.command('START TRANSACTION');
  try {
    await work();
    await connection.command('COMMIT');
  } catch (error) {
    await connection.command('ROLLBACK').catch(() => connection.abandon());
    throw error;
  }
}

/** At once however many rows there are; the connection, whose session this changes, is not used again. */
async function emptyTables(pool: MysqlPool, schema: readonly TableDescription[]): Promise<void> {
  const connection = await pool.acquire();
  try {
    await connection.command('SET SESSION foreign_key_checks = 0');
    for (const { name } of dataTables(schema)) await connection.command(`TRUNCATE TABLE ${quoted(name)}`);
  } finally {
    connection.abandon();
    connection.release();
  }
}
