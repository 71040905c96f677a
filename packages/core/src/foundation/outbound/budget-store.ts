import type { Instant } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';

/** What one try spends. */
export interface Spending {
  readonly target: string;
  /** A day or month of the business time zone: `2026-01-31`, `2026-01`. */
  readonly period: string;
  /** A whole number above 0. */
  readonly cost: number;
  readonly limit: number;
  readonly at: Instant;
}

/** What is spent on targets. Lives in the ledger. */
export interface OutboundBudgetStore {
  /** MUST: however many callers spend at once, what is spent never goes over the limit; false where it would, and nothing is spent. */
  spend(unit: Unit, spending: Spending): Promise<boolean>;
  /** Takes a spending back that came to nothing; never below 0. */
  giveBack(unit: Unit, spending: Pick<Spending, 'target' | 'period' | 'cost'>): Promise<void>;
  /** 0 where nothing was. */
  spent(target: string, period: string): Promise<number>;
  /** Forgets periods in which nothing was spent since `before`, at most `limit`. @returns how many */
  trim(before: Instant, limit: number): Promise<number>;
}
