import { type Selectable, sql } from 'kysely';
import type { Instant } from '../../../foundation/kernel/index.js';
import type { OutboundBudgetStore } from '../../../foundation/outbound/budget-store.js';
import { inserter } from '../inserter.js';
import { prepare } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import type { OutboundBudgetsTable } from '../tables-outbound.js';
import { trimOldest } from '../trim.js';

type BudgetRow = Selectable<OutboundBudgetsTable>;

const columns = ['target', 'period', 'spent', 'spent_at'] as const satisfies readonly (keyof BudgetRow)[];

interface SpendParameters {
  readonly target: string;
  readonly period: string;
  readonly cost: number;
  /** What may have been spent before. */
  readonly most: number;
  readonly at: Instant;
}

export function outboundBudgetStore(context: SqlContext): OutboundBudgetStore {
  const { query } = context.flavour;
  const budgets = inserter(context.flavour, 'outbound_budgets', columns);
  /** The condition and the sum are one statement: of callers at once each sees what those before it spent. */
  const spendMore = prepare<SpendParameters, unknown>((parameter) =>
    query
      .updateTable('outbound_budgets')
      .set({ spent: sql<number>`spent + ${parameter('cost')}`, spent_at: parameter('at') })
      .where('target', '=', parameter('target'))
      .where('period', '=', parameter('period'))
      .where('spent', '<=', parameter('most')),
  );
  const spendLess = prepare<Pick<SpendParameters, 'target' | 'period' | 'cost'>, unknown>((parameter) =>
    query
      .updateTable('outbound_budgets')
      .set({ spent: sql<number>`spent - ${parameter('cost')}` })
      .where('target', '=', parameter('target'))
      .where('period', '=', parameter('period'))
      .where('spent', '>=', parameter('cost')),
  );
  const find = prepare<{ target: string; period: string }, Pick<BudgetRow, 'spent'>>((parameter) =>
    query
      .selectFrom('outbound_budgets')
      .select('spent')
      .where('target', '=', parameter('target'))
      .where('period', '=', parameter('period')),
  );
  return {
    async spend(unit, { target, period, cost, limit, at }) {
      const connection = connectionOf(unit, 'ledger');
      // The row is there before it is counted in, so that two first callers do not both find none.
      await budgets.insertKeepingExisting(connection, [{ target, period, spent: 0, spent_at: at }]);
      return (await spendMore.run(connection, { target, period, cost, most: limit - cost, at })) === 1;
    },
    async giveBack(unit, spending) {
      await spendLess.run(connectionOf(unit, 'ledger'), { ...spending });
    },
    async spent(target, period) {
      return (await find.first(context.reader, { target, period }))?.spent ?? 0;
    },
    trim: (before, limit) =>
      trimOldest(context, {
        home: 'ledger',
        table: 'outbound_budgets',
        key: ['target', 'period'],
        where: sql`spent_at < ${before}`,
        order: 'spent_at',
        limit,
      }),
  };
}
