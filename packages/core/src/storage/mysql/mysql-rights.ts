import type { SqlConnection } from '../sql/sql-connection.js';

/**
 * One statement for each right that work needs beside reading, which changes nothing: the server refuses it before it looks for rows.
 * UPDATE is tried where the layout is prepared.
 */
const probes: readonly string[] = [
  'INSERT INTO store_schema (name, version) SELECT name, version FROM store_schema WHERE 1 = 0',
  "DELETE FROM store_schema WHERE name = ''",
];

/** @throws LmsError `STORE_MISCONFIGURED` naming the right that the user lacks */
export async function requireMysqlRights(connection: SqlConnection): Promise<void> {
  for (const sql of probes) await connection.execute({ sql, parameters: [] });
}
