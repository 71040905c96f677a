import type { SqlConnection } from '../sql/sql-connection.js';

const idsAtOnce = 500;

/**
 * The rows that have one of these ids, in any order.
 * @param select up to the column that the ids are of: `SELECT version FROM lead_facts WHERE lead_id`
 */
export async function rowsById<Row>(
  connection: SqlConnection,
  select: string,
  ids: readonly string[],
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const some = ids.slice(at, at + idsAtOnce);
    const sql = `${select} IN (${some.map(() => '?').join(', ')})`;
    found.push(...(await connection.execute<Row>({ sql, parameters: some })).rows);
  }
  return found;
}
