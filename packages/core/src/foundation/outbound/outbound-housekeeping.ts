import { type Clock, toInstant } from '../kernel/index.js';
import { trimInRounds } from '../persistence/index.js';
import type { OutboundBudgetStore } from './budget-store.js';
import type { ExchangeStore } from './exchange-store.js';
import type { OutboundSettings } from './outbound-settings.js';

const dayMillis = 86_400_000;
const defaultKeptDays = 400;
/** More than a month and the month after it: a budget that still runs is never forgotten, however shortly records are kept. */
const budgetsKeptDays = 100;

/** Forgets old records of calls, and budgets of periods long gone; at most 10,000 of each. @returns how many */
export async function trimOutbound(
  stores: { readonly exchanges: ExchangeStore; readonly outboundBudgets: OutboundBudgetStore },
  { recordsKeptDays = defaultKeptDays }: Pick<OutboundSettings, 'recordsKeptDays'>,
  clock: Clock,
): Promise<number> {
  let trimmed = 0;
  for (const { store, keptDays } of [
    { store: stores.exchanges, keptDays: recordsKeptDays },
    { store: stores.outboundBudgets, keptDays: budgetsKeptDays },
  ]) {
    const before = toInstant(clock.now() - keptDays * dayMillis);
    trimmed += await trimInRounds((limit) => store.trim(before, limit));
  }
  return trimmed;
}
