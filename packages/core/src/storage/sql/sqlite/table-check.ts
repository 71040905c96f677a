import { LmsError } from '../../../foundation/kernel/index.js';
import { bothHomesSchema } from '../schema.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** Tables, and the unique indexes without which rows could be doubled. */
const needed: readonly { readonly type: 'table' | 'index'; readonly name: string }[] = bothHomesSchema.flatMap(
  (table) => [
    { type: 'table' as const, name: table.name },
    ...(table.indexes ?? [])
      .filter(({ unique }) => unique === true)
      .map(({ name }) => ({ type: 'index' as const, name })),
  ],
);

/**
 * Refuses a store that somebody dropped a table or a unique index of; to be called when it has the layout of this release. What this
 * release does not know is left alone.
 * @throws LmsError `STORE_CORRUPT`
 */
export function requireTables(connection: SqliteConnection, file: string): void {
  const { rows } = connection.run<{ type: string; name: string }>({
    sql: "select type, name from sqlite_master where type in ('table', 'index')",
    parameters: [],
  });
  const found = new Set(rows.map(({ type, name }) => `${type} ${name}`));
  const missing = needed.find(({ type, name }) => !found.has(`${type} ${name}`));
  if (missing === undefined) return;
  throw new LmsError('STORE_CORRUPT', {
    message: `${file} is damaged: its ${missing.type} ${missing.name} is missing; restore it from a backup`,
    path: file,
  });
}
