import type { SqlConnection, SqlStatement } from '../sql/sql-connection.js';

/** A kind of rows that are added and rise, and never vanish or fall: what one moment has beyond an earlier one. */
interface RisingRows {
  readonly table: string;
  readonly key: string;
  /** What only rises; null where rows never change. */
  readonly version: string | null;
}

export const risingRows: Readonly<Record<'audit' | 'facts' | 'placements', RisingRows>> = {
  audit: { table: 'audit', key: 'id', version: null },
  facts: { table: 'lead_facts', key: 'lead_id', version: 'version' },
  placements: { table: 'placements', key: 'id', version: 'version' },
};

/** Characters of an id by which rows are counted together: those of some 17 minutes. */
const prefixLength = 7;

interface Group {
  readonly prefix: string;
  readonly count: number;
  readonly total: number;
}

interface KeyRow {
  readonly id: string;
  readonly version: number;
}

/**
 * Ids of the rows that the later moment has and the earlier has not, or has in a lower version. Counts of groups are compared
 * first, so that only groups that differ are read.
 */
export async function newerRows(
  earlier: SqlConnection,
  later: SqlConnection,
  rows: RisingRows,
): Promise<readonly string[]> {
  const before = new Map((await groups(earlier, rows)).map((group) => [group.prefix, group]));
  const newer: string[] = [];
  for (const { prefix, count, total } of await groups(later, rows)) {
    const known = before.get(prefix);
    if (known !== undefined && known.count === count && known.total === total) continue;
    const old = new Map((await ofGroup(earlier, rows, prefix)).map(({ id, version }) => [id, version]));
    for (const { id, version } of await ofGroup(later, rows, prefix)) {
      const oldVersion = old.get(id);
      if (oldVersion === undefined || oldVersion < version) newer.push(id);
    }
  }
  return newer;
}

async function groups(connection: SqlConnection, { table, key, version }: RisingRows): Promise<readonly Group[]> {
  const sql = `SELECT LEFT(${key}, ${prefixLength}) AS prefix, COUNT(*) AS count, SUM(${version ?? '0'}) AS total FROM ${table} GROUP BY prefix`;
  return (await connection.execute<Group>({ sql, parameters: [] })).rows;
}

async function ofGroup(
  connection: SqlConnection,
  { table, key, version }: RisingRows,
  prefix: string,
): Promise<readonly KeyRow[]> {
  const statement: SqlStatement = {
    sql: `SELECT ${key} AS id, ${version ?? '0'} AS version FROM ${table} WHERE ${key} >= ? AND ${key} <= ?`,
    // After every id that begins so: ids are lower-case hexadecimal.
    parameters: [prefix, `${prefix}~`],
  };
  return (await connection.execute<KeyRow>(statement)).rows;
}
