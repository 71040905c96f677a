import { cryptoRandom, LmsError } from '../../foundation/kernel/index.js';
import { dataTables } from './copied-tables.js';
import { quoted } from './row-loader.js';
import type { TableDescription } from './schema-description.js';
import type { SqlConnection } from './sql-connection.js';

/** Name of the row of `store_schema` that is there from the first row of a restore until its last. */
const markName = 'restoring';

/** @throws LmsError `STORE_RESTORING` for a store that a restore is filling, or was when it broke off */
export async function refuseWhileRestoring(connection: SqlConnection, store: string): Promise<void> {
  if (!(await isRestoring(connection))) return;
  throw new LmsError('STORE_RESTORING', {
    message: `${store} is being restored, or a restore of it broke off: wait for it, or restore it again; it then begins anew`,
  });
}

export async function isRestoring(connection: SqlConnection): Promise<boolean> {
  const { rows } = await connection.execute({
    sql: 'SELECT name FROM store_schema WHERE name = ?',
    parameters: [markName],
  });
  return rows.length > 0;
}

/** Tells one restore from another. */
export function newRestoringMark(): number {
  const bytes = cryptoRandom().bytes(4);
  return 1 + bytes.reduce((number, byte) => number * 256 + byte, 0);
}

/** Of two callers at once one sets its mark; the other meets a taken key. */
export async function setRestoring(connection: SqlConnection, mark: number): Promise<void> {
  const parameters = [markName, mark];
  await connection.execute({ sql: 'INSERT INTO store_schema (name, version) VALUES (?, ?)', parameters });
}

/** What an earlier restore wrote is then nobody's, and it cannot end. */
export async function takeOverRestoring(connection: SqlConnection, mark: number): Promise<void> {
  const parameters = [mark, markName];
  await connection.execute({ sql: 'UPDATE store_schema SET version = ? WHERE name = ?', parameters });
}

/**
 * Keeps others from taking the mark over until the transaction that this is part of has ended: what the transaction writes is then part
 * of this restore, and never of a store that another restore has filled.
 * @throws LmsError `STORE_FAILED` when another restore has taken over, or has ended meanwhile
 */
export async function holdRestoring(
  connection: SqlConnection,
  mark: number,
  lock: '' | 'LOCK IN SHARE MODE',
): Promise<void> {
  const sql = `SELECT version FROM store_schema WHERE name = ? AND version = ? ${lock}`;
  const { rows } = await connection.execute({ sql, parameters: [markName, mark] });
  if (rows.length === 0) throw takenOver();
}

/** Opens the store to others. @throws LmsError `STORE_FAILED` when another restore has taken over */
export async function endRestoring(connection: SqlConnection, mark: number): Promise<void> {
  const parameters = [markName, mark];
  const sql = 'DELETE FROM store_schema WHERE name = ? AND version = ?';
  if ((await connection.execute({ sql, parameters })).affected === 1) return;
  throw takenOver();
}

/** Another restore writes to the store, or has filled it. */
export function takenOver(): LmsError {
  return new LmsError('STORE_FAILED', {
    message: 'another restore into this store has begun meanwhile; let one of them run alone',
  });
}

export async function holdsRows(connection: SqlConnection, schema: readonly TableDescription[]): Promise<boolean> {
  const any = dataTables(schema).map(({ name }) => `EXISTS (SELECT 1 FROM ${quoted(name)})`);
  const { rows } = await connection.execute<{ readonly held: number }>({
    sql: `SELECT ${any.join(' OR ')} AS held`,
    parameters: [],
  });
  return rows[0]?.held === 1;
}

export async function countRows(connection: SqlConnection, table: string): Promise<number> {
  const { rows } = await connection.execute<{ readonly count: number }>({
    sql: `SELECT COUNT(*) AS count FROM ${quoted(table)}`,
    parameters: [],
  });
  return rows[0]?.count ?? 0;
}

export function notEmpty(store: string): LmsError {
  return new LmsError('STORE_NOT_EMPTY', {
    message: `${store} holds data already and was left as it is; restore into a new store`,
  });
}

/** @throws LmsError `STORE_FAILED` */
export function requireCount(table: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new LmsError('STORE_FAILED', {
    message: `after the restore ${table} has ${found} rows, not ${expected}: somebody else writes to this store; stop that, then restore again`,
  });
}
