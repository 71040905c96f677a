import { type MysqlConnection, MysqlPool } from '../mysql/mysql-pool.js';
import { type MysqlSource, mysqlLabel, mysqlLink } from '../mysql/mysql-source.js';
import type { RawStore, RawTransaction, Violation } from '../raw-store.js';
import { bothHomesSchema } from '../sql/schema.js';
import type { TableDescription } from '../sql/schema-description.js';
import type { SqlStatement } from '../sql/sql-connection.js';
import { miscounting } from './miscounting.js';
import { sqlViolations } from './sql-violations.js';

export interface RawMysqlOptions {
  readonly allowInsecure?: boolean;
}

/** One connection to a MySQL or MariaDB database, past the code of the store that lives there. */
export interface RawMysql {
  readonly violations: readonly Violation[];
  begin(): Promise<RawTransaction>;
  miscount(productLine: string): Promise<void>;
  cutOthers(): Promise<number>;
  close(): Promise<void>;
}

/** Past the code of a store in MySQL alone. @throws LmsError as the opening of the store does */
export async function rawMysql(source: MysqlSource & RawMysqlOptions): Promise<RawStore> {
  return { concurrency: 'row-locks', ...(await connectRawMysql(source, bothHomesSchema)) };
}

/** @param tables those of the store's shape */
export async function connectRawMysql(
  source: MysqlSource & RawMysqlOptions,
  tables: readonly TableDescription[],
): Promise<RawMysql> {
  const link = await mysqlLink(source, {
    connectMillis: 5_000,
    poolSize: 1,
    allowInsecure: source.allowInsecure ?? false,
  });
  const pool = new MysqlPool(link.pool, {
    server: mysqlLabel(source),
    acquireMillis: 10_000,
    statementMillis: 30_000,
    lockWaitSeconds: 10,
  });
  const connection = await pool.acquire().catch(async (error: unknown) => {
    if (link.owned) await pool.end();
    throw error;
  });
  return {
    violations: sqlViolations('mysql', tables, (statements) => refusals(connection, statements)),
    async begin() {
      await connection.command('START TRANSACTION');
      return transactionOn(connection);
    },
    async miscount(productLine) {
      await connection.execute(miscounting(productLine));
    },
    cutOthers: () => cutOthers(connection),
    async close() {
      connection.release();
      if (link.owned) await pool.end();
    },
  };
}

async function refusals(
  connection: MysqlConnection,
  statements: readonly SqlStatement[],
): Promise<ReadonlySet<number>> {
  const refused = new Set<number>();
  await connection.command('START TRANSACTION');
  try {
    for (const [position, statement] of statements.entries()) {
      const isTaken = await connection.execute(statement).then(
        () => true,
        (error: unknown) => {
          if (isConstraint(error)) return false;
          throw error;
        },
      );
      if (!isTaken) refused.add(position);
    }
  } finally {
    await connection.command('ROLLBACK');
  }
  return refused;
}

/** Null, duplicate key, missing parent, and CHECK by MySQL and by MariaDB. */
const constraintErrors: readonly unknown[] = [1048, 1062, 1452, 3819, 4025];

function isConstraint(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'errno' in cause && constraintErrors.includes(cause.errno);
}

function transactionOn(connection: MysqlConnection): RawTransaction {
  return {
    async place(leadIds) {
      for (const id of leadIds) {
        await connection.execute({
          sql: "UPDATE leads SET partner = 'raw', placement_version = placement_version + 1 WHERE id = ?",
          parameters: [id],
        });
      }
    },
    commit: () => connection.command('COMMIT'),
    rollBack: () => connection.command('ROLLBACK'),
  };
}

/** A user sees and ends connections of its own name without a privilege of the server. */
async function cutOthers(connection: MysqlConnection): Promise<number> {
  const { rows } = await connection.execute<{ readonly id: number }>({
    sql: 'SELECT id AS id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
    parameters: [],
  });
  let ended = 0;
  for (const { id } of rows) {
    // One that has ended by itself meanwhile is unknown to KILL.
    const isEnded = await connection.command(`KILL ${id}`).then(
      () => true,
      () => false,
    );
    if (isEnded) ended += 1;
  }
  return ended;
}
