import { type Breakage, breaking } from './breaking.js';

/** Counts what was spent, but looks at the limit before it does. */
const generousBudgets = breaking('outboundBudgets', (real) => ({
  async spend(unit, spending) {
    const spent = await real.spent(spending.target, spending.period);
    if (spent + spending.cost > spending.limit) return false;
    return real.spend(unit, { ...spending, limit: Number.MAX_SAFE_INTEGER });
  },
}));

/** Storages that break what is promised of calls to other systems. */
export const brokenOutbound: Readonly<Record<string, Breakage>> = {
  'exchanges/finish-once': breaking('exchanges', (real) => ({
    async finish(unit, id, outcome) {
      await real.finish(unit, id, outcome);
      return true;
    },
  })),
  'exchanges/list': breaking('exchanges', (real) => ({ list: ({ after: _after, ...query }) => real.list(query) })),
  'exchanges/trim': breaking('exchanges', (real) => ({ trim: (before) => real.trim(before, 1_000) })),
  'outbound-budgets/race': generousBudgets,
  'outbound-budgets/apart': breaking('outboundBudgets', (real) => ({
    spend: (unit, spending) => real.spend(unit, { ...spending, period: spending.period.slice(0, 7) }),
  })),
  'outbound-budgets/give-back': breaking('outboundBudgets', () => ({ giveBack: async () => {} })),
  'outbound-budgets/trim': breaking('outboundBudgets', () => ({ trim: async () => 0 })),
};
