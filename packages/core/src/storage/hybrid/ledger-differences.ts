import type { SqlConnection } from '../sql/sql-connection.js';

/** A kind of rows that are added and rise, and never vanish or fall: what one moment has beyond an earlier one. */
interface RisingRows {
  readonly table: string;
  readonly key: string;
  /** What only rises; null where rows never change. */
  readonly version: string | null;
}

type RisingName = 'audit' | 'facts' | 'placements';

const risingRows: Readonly<Record<RisingName, RisingRows>> = {
  audit: { table: 'audit', key: 'id', version: null },
  facts: { table: 'lead_facts', key: 'lead_id', version: 'version' },
  placements: { table: 'placements', key: 'id', version: 'version' },
};

/** Characters of an id by which rows are counted together: those of some 17 minutes. */
const prefixLength = 7;
const rowsAtOnce = 5_000;

interface Group {
  readonly prefix: string;
  readonly count: number;
  readonly total: number;
}

interface KeyRow {
  readonly id: string;
  readonly version: number;
}

/** How many rows of each group a moment has, and the sum of their versions, by prefix. */
export type RisingGroups = Readonly<Record<RisingName, ReadonlyMap<string, Group>>>;

/** Reads whole tables. */
export async function risingGroups(connection: SqlConnection): Promise<RisingGroups> {
  return {
    audit: await groups(connection, risingRows.audit),
    facts: await groups(connection, risingRows.facts),
    placements: await groups(connection, risingRows.placements),
  };
}

export interface TwoMoments {
  readonly earlier: SqlConnection;
  /** Of the earlier moment. */
  readonly earlierGroups: RisingGroups;
  readonly later: SqlConnection;
}

/**
 * Ids of the rows, some dozens of bytes each, that the later moment has and the earlier has not, or has in a lower version. Counts of groups are compared
 * first, so that only groups that differ are read.
 */
export async function newerRows(
  { earlier, earlierGroups, later }: TwoMoments,
  name: RisingName,
): Promise<readonly string[]> {
  const rows = risingRows[name];
  const newer: string[] = [];
  for (const { prefix, count, total } of (await groups(later, rows)).values()) {
    const known = earlierGroups[name].get(prefix);
    if (known !== undefined && known.count === count && known.total === total) continue;
    for await (const page of pagesOfGroup(later, rows, prefix)) {
      const old = await withinPage(earlier, rows, page);
      for (const { id, version } of page) {
        const oldVersion = old.get(id);
        if (oldVersion === undefined || oldVersion < version) newer.push(id);
      }
    }
  }
  return newer;
}

async function groups(
  connection: SqlConnection,
  { table, key, version }: RisingRows,
): Promise<ReadonlyMap<string, Group>> {
  const sql = `SELECT LEFT(${key}, ${prefixLength}) AS prefix, COUNT(*) AS count, SUM(${version ?? '0'}) AS total FROM ${table} GROUP BY prefix`;
  const { rows } = await connection.execute<Group>({ sql, parameters: [] });
  return new Map(rows.map((group) => [group.prefix, group]));
}

/** A group is as long as an import of its minutes made it, so it is read in pages. */
async function* pagesOfGroup(
  connection: SqlConnection,
  rows: RisingRows,
  prefix: string,
): AsyncGenerator<readonly KeyRow[]> {
  // After every id that begins so: ids are lower-case hexadecimal.
  const end = `${prefix}~`;
  for (let after = prefix; ; ) {
    const condition = `> ? AND ${rows.key} <= ? ORDER BY ${rows.key} LIMIT ${rowsAtOnce}`;
    const page = await keyRows(connection, rows, { condition, parameters: [after, end] });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < rowsAtOnce) return;
    after = last.id;
  }
}

/** What a moment has between the first and the last key of a page, by id. */
async function withinPage(
  connection: SqlConnection,
  rows: RisingRows,
  page: readonly KeyRow[],
): Promise<ReadonlyMap<string, number>> {
  const ends = [page[0]?.id ?? '', page.at(-1)?.id ?? ''];
  const found = await keyRows(connection, rows, { condition: `>= ? AND ${rows.key} <= ?`, parameters: ends });
  return new Map(found.map(({ id, version }) => [id, version]));
}

async function keyRows(
  connection: SqlConnection,
  { table, key, version }: RisingRows,
  { condition, parameters }: { readonly condition: string; readonly parameters: readonly string[] },
): Promise<readonly KeyRow[]> {
  const sql = `SELECT ${key} AS id, ${version ?? '0'} AS version FROM ${table} WHERE ${key} ${condition}`;
  return (await connection.execute<KeyRow>({ sql, parameters })).rows;
}
