import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import { compilable, runQuery } from '../prepared.js';
import type { SqlContext } from '../sql-unit.js';

/** Up to this many leads are looked up one by one; for more it is quicker to test leads in the list's own order. */
const fewLeads = 1_024;

/**
 * Engines know nothing of how values are spread, so the store looks: when few leads meet a condition, they are named in the
 * query and lead it. Null when there are many; the caller then tests each lead.
 *
 * @param leads a query for `lead_id`, entered by an index
 */
export async function namingFewLeads(
  context: SqlContext,
  leads: RawBuilder<unknown>,
): Promise<Expression<SqlBool> | null> {
  const found = compilable(context.flavour, sql<{ lead_id: string }>`${leads} limit ${fewLeads + 1}`);
  const { rows } = await runQuery(context.reader, found);
  if (rows.length > fewLeads) return null;
  const ids = rows.map((row) => row.lead_id);
  const last = ids.at(-1);
  if (last === undefined) return sql<SqlBool>`1 = 0`;
  // Filled up to a power of two: a statement for every length would crowd out the compiled ones.
  while (!isPowerOfTwo(ids.length)) ids.push(last);
  return sql<SqlBool>`lead_facts.lead_id in (${sql.join(ids)})`;
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0;
}
