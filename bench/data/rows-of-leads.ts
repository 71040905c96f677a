import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

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
];

/** All rows that the creation of each lead left in an embedded store, in the order of creation. */
export function rowsOfLeads(database: DatabaseSync): readonly (readonly TableRows[])[] {
  const leads = database.prepare('select id from leads order by id').all();
  const statements = tablesOfLead.map(({ table, lead }) => {
    const columns = database
      .prepare(`select name from pragma_table_info('${table}')`)
      .all()
      .map((row) => String(row['name']));
    return { table, columns, rowsOf: database.prepare(`select * from ${table} where ${lead} = ?`) };
  });
  return leads.map(({ id }) =>
    statements.map(({ table, columns, rowsOf }) => ({
      table,
      columns,
      rows: rowsOf.all(id ?? null).map((row) => columns.map((column) => row[column] ?? null)),
    })),
  );
}
