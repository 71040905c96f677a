import { sql } from 'kysely';
import type { ReportStore } from '../../../crm/reports/report-store.js';
import { compilable, runQuery } from '../prepared.js';
import type { SqlContext } from '../sql-unit.js';
import { filterConditions } from './lead-facts-filter.js';
import { stageTotals } from './stage-totals.js';

export function reportStore(context: SqlContext): ReportStore {
  return {
    async funnel(filter) {
      const conditions = await filterConditions(context, filter);
      const totals = new Map((await stageTotals(context, filter, conditions)).map((total) => [total.stage, total]));
      const entered = sql<{
        stage: string;
        leads: number;
      }>`select stage_stays.stage as stage, count(distinct stage_stays.lead_id) as leads from lead_facts join stage_stays on stage_stays.lead_id = lead_facts.lead_id where ${sql.join(conditions, sql` and `)} group by stage_stays.stage order by stage_stays.stage`;
      const { rows } = await runQuery(context.scanner, compilable(context.flavour, entered));
      return rows.map(({ stage, leads }) => {
        const now = totals.get(stage);
        return { stage, entered: leads, current: now?.count ?? 0, currentAmountPaise: now?.amountPaise ?? 0 };
      });
    },
  };
}
