import { type RawBuilder, sql } from 'kysely';
import type { Flavour } from './flavour.js';

interface Doomed {
  readonly table: string;
  /** The column of its primary key. */
  readonly key: string;
  readonly keys: readonly RawBuilder<unknown>[];
  /** What must hold of a row besides. */
  readonly where?: RawBuilder<unknown>;
}

/**
 * Deletes rows by many keys. MySQL then looks at no others; MariaDB heeds no hint in a DELETE of one table, reads a table of a few rows
 * whole all the same, and may wait there for what others have in hand.
 */
export function deletingByKey(flavour: Flavour, { table, key, keys, where }: Doomed): RawBuilder<unknown> {
  const name = sql.ref(table);
  // MySQL takes a hint only where a DELETE names its table twice.
  const from = flavour.locksRows ? sql`${name} from ${name}${flavour.byKey}` : sql`from ${name}`;
  const besides = where === undefined ? sql`` : sql` and ${where}`;
  return sql`delete ${from} where ${sql.ref(key)} in (${sql.join(keys)})${besides}`;
}
