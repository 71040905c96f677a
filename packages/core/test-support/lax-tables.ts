import { DatabaseSync } from 'node:sqlite';
import { ddl } from '../src/storage/sql/ddl.js';
import { bothHomesSchema } from '../src/storage/sql/schema.js';
import type { ColumnDescription, TableDescription } from '../src/storage/sql/schema-description.js';

/** Makes the tables of an embedded store without anything that they guard. */
export function makeLaxTables(file: string): void {
  using database = new DatabaseSync(file);
  for (const statement of ddl('sqlite', bothHomesSchema.map(withoutGuards))) database.exec(statement);
}

function withoutGuards({ name, columns }: TableDescription): TableDescription {
  const lax = Object.entries(columns).map(([column, { kind }]): [string, ColumnDescription] => [
    column,
    { kind: kind === 'flag' ? 'integer' : kind, nullable: true },
  ]);
  return { name, columns: { ...Object.fromEntries(lax), row_key: { kind: 'integer' } }, primaryKey: ['row_key'] };
}
