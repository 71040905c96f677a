import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** Rows of one table that belong to one lead. */
export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SQLInputValue[])[];
}

/** The tables a create writes, in the order in which foreign keys allow it, and the column that names the lead. */
const tablesOfLead: readonly { readonly table: string; readonly lead: string }[] = [
  { table: 'unique_keys', lead: 'holder_id' },
  { table: 'data_keys', lead: 'id' },
  { table: 'leads', lead: 'id' },
  { table: 'lead_facts', lead: 'lead_id' },
  { table: 'stage_stays', lead: 'lead_id' },
  { table: 'lead_index', lead: 'lead_id' },
  { table: 'moves', lead: 'lead_id' },
  { table: 'audit', lead: 'aggregate_id' },
  { table: 'commands', lead: 'aggregate_id' },
];

/**
 * All rows that the creation of each lead left in an embedded store, in the order of creation, read as they are asked for.
 * @throws when a table has rows in number of the leads and is none of those known here
 */
export function* rowsOfLeads(database: DatabaseSync): Generator<readonly TableRows[]> {
  requireKnownTables(database);
  const readers = tablesOfLead.map((one) => tableReader(database, one));
  for (const { id } of database.prepare('select id from leads order by rowid').iterate()) {
    yield readers.map((rowsOf) => rowsOf(id ?? null));
  }
}

/** Reads a table alongside the leads: each call gives the rows of the next one. */
function tableReader(
  database: DatabaseSync,
  { table, lead }: (typeof tablesOfLead)[number],
): (leadId: SQLOutputValue) => TableRows {
  const columns = columnsOf(database, table);
  const names = columns.map((column) => `child.${column}`).join(', ');
  const rows = database
    .prepare(`select ${names} from leads cross join ${table} child on child.${lead} = leads.id order by leads.rowid`)
    .iterate();
  let next = rows.next();
  return (leadId) => {
    const found: SQLInputValue[][] = [];
    for (; next.done !== true && next.value[lead] === leadId; next = rows.next()) {
      const row = next.value;
      found.push(columns.map((column) => row[column] ?? null));
    }
    return { table, columns, rows: found };
  };
}

function columnsOf(database: DatabaseSync, table: string): readonly string[] {
  return database
    .prepare(`select name from pragma_table_info('${table}')`)
    .all()
    .map((row) => String(row['name']));
}

function requireKnownTables(database: DatabaseSync): void {
  const count = (table: string): number =>
    Number(database.prepare(`select count(*) as rows from "${table}"`).get()?.['rows'] ?? 0);
  const leads = count('leads');
  const known = new Set(tablesOfLead.map(({ table }) => table));
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
  for (const { name } of tables) {
    const table = String(name);
    if (known.has(table) || table.startsWith('sqlite_') || count(table) < leads / 2) continue;
    throw new Error(`bench/data/rows-of-leads.ts does not know that the table ${table} has rows of each lead`);
  }
}
