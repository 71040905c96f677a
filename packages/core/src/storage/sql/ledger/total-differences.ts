import { type RawBuilder, sql } from 'kysely';
import { compilable, runQuery } from '../prepared.js';
import type { SqlContext } from '../sql-unit.js';
import { presence } from '../tables-lead-facts.js';
import { type LeadTotalsTable, type TotalKeyColumns, totalKeyColumns, totalNumbers } from '../tables-lead-totals.js';
import { minorUnitsOfLakh } from './total-deltas.js';

const lakh = sql.lit(minorUnitsOfLakh);

/** The two parts of the amounts of leads together, as the totals keep them; a lead without an amount adds none. */
export const amountParts: { readonly lakhs: RawBuilder<unknown>; readonly rest: RawBuilder<unknown> } = {
  // Divides without remainder, so that it is the same number to engines that divide otherwise.
  lakhs: sql`coalesce(sum(cast((amount_paise - amount_paise % ${lakh}) / ${lakh} as signed)), 0)`,
  rest: sql`coalesce(sum(amount_paise % ${lakh}), 0)`,
};

type Difference = TotalKeyColumns & Readonly<Record<(typeof totalNumbers)[number], string>>;

/**
 * What must be added to the totals so that they and the changes that wait are what the leads count: one statement, so one moment. As
 * whoever writes facts writes what that changes in the same unit, a difference stays the same whatever is written meanwhile.
 */
export async function wrongTotals({ flavour, scanner }: SqlContext): Promise<readonly LeadTotalsTable[]> {
  const key = sql.raw(totalKeyColumns.join(', '));
  const facts = sql`lead_facts${flavour.byIndex('lead_facts_by_stage')}`;
  const counted = sql`select product_line, presence, stage, coalesce(owner_id, '') as owner_id, coalesce(partner, '') as partner, count(*) as more_leads, ${amountParts.lakhs} as more_amount_lakhs, ${amountParts.rest} as more_amount_rest from ${facts} where presence in (${presence.live}, ${presence.deleted}) group by product_line, presence, stage, owner_id, partner`;
  const kept = (table: string) =>
    sql`select ${key}, -leads as more_leads, -amount_lakhs as more_amount_lakhs, -amount_rest as more_amount_rest from ${sql.table(table)}`;
  const sums = totalNumbers.map((column) => sql`sum(${sql.ref(`more_${column}`)})`);
  const texts = totalNumbers.map((column, at) => sql`cast(${sums[at]} as char) as ${sql.ref(column)}`);
  const { rows } = await runQuery(
    scanner,
    compilable(
      flavour,
      sql<Difference>`select ${key}, ${sql.join(texts)} from (${counted} union all ${kept('lead_totals')} union all ${kept('lead_total_changes')}) as counted group by ${key} having ${sql.join(
        sums.map((sum) => sql`${sum} <> 0`),
        sql` or `,
      )}`,
    ),
  );
  return rows.map((row) => ({
    ...row,
    leads: Number(row.leads),
    amount_lakhs: Number(row.amount_lakhs),
    amount_rest: Number(row.amount_rest),
  }));
}
