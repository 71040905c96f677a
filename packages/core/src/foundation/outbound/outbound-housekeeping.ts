import { type Clock, toInstant } from '../kernel/index.js';
import type { OutboundBudgetStore } from './budget-store.js';
import type { ExchangeStore } from './exchange-store.js';
import type { OutboundSettings } from './outbound-settings.js';

const dayMillis = 86_400_000;
const defaultKeptDays = 400;
const atOnce = 1_000;
const mostTrimmed = 10_000;

/** Forgets old records of calls, and budgets of periods long gone; at most 10,000 of each. @returns how many */
export async function trimOutbound(
  stores: { readonly exchanges: ExchangeStore; readonly outboundBudgets: OutboundBudgetStore },
  { recordsKeptDays = defaultKeptDays }: Pick<OutboundSettings, 'recordsKeptDays'>,
  clock: Clock,
): Promise<number> {
  const before = toInstant(clock.now() - recordsKeptDays * dayMillis);
  let trimmed = 0;
  for (const store of [stores.exchanges, stores.outboundBudgets]) {
    for (let rounds = 0; rounds < mostTrimmed / atOnce; rounds += 1) {
      const gone = await store.trim(before, atOnce);
      trimmed += gone;
      if (gone < atOnce) break;
    }
  }
  return trimmed;
}
