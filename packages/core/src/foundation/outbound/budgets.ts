import { addDays, addMonths, type BusinessTime, type Clock, LmsError, toInstant } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';
import type { OutboundBudgetStore } from './budget-store.js';
import type { BudgetPolicy, ResolvedTarget } from './outbound-target.js';

/** How much of a budget is spent. */
export interface BudgetStanding extends BudgetPolicy {
  readonly target: string;
  readonly period: string;
  readonly spent: number;
}

export interface BudgetPorts {
  readonly budgets: OutboundBudgetStore;
  readonly time: BusinessTime;
  readonly clock: Clock;
}

/** What has been spent, so that it can be given back: the periods of the moment in which it was. */
export type Spent = readonly { readonly target: string; readonly period: string; readonly cost: number }[];

/** The budgets of targets. */
export class Budgets {
  readonly #ports: BudgetPorts;

  constructor(ports: BudgetPorts) {
    this.#ports = ports;
  }

  /** Spends one try on every budget of the target, or on none. @throws LmsError `OUTBOUND_BUDGET_SPENT`, with the time until the period ends */
  async spend(unit: Unit, target: ResolvedTarget): Promise<Spent> {
    const { budgets, clock } = this.#ports;
    // Read once: at midnight of a month's last day both periods are those of the same moment.
    const now = clock.now();
    const at = toInstant(now);
    const spent: Spent[number][] = [];
    for (const budget of inOneOrder(target)) {
      const spending = { target: target.name, period: this.#periodOf(budget, now), cost: target.cost };
      if (!(await budgets.spend(unit, { ...spending, limit: budget.limit, at }))) {
        throw spentError(target, budget, this.#endOf(budget, now) - now);
      }
      spent.push(spending);
    }
    return spent;
  }

  /** For a try of which nothing was sent. */
  async giveBack(unit: Unit, spent: Spent): Promise<void> {
    for (const spending of spent) await this.#ports.budgets.giveBack(unit, spending);
  }

  async standing(target: ResolvedTarget): Promise<readonly BudgetStanding[]> {
    const standing: BudgetStanding[] = [];
    const now = this.#ports.clock.now();
    for (const budget of inOneOrder(target)) {
      const period = this.#periodOf(budget, now);
      const spent = await this.#ports.budgets.spent(target.name, period);
      standing.push({ target: target.name, ...budget, period, spent });
    }
    return standing;
  }

  #periodOf({ per }: BudgetPolicy, now: number): string {
    const date = this.#ports.time.localDate(now);
    return per === 'day' ? date : date.slice(0, 7);
  }

  /** The first moment of the period after that of now. */
  #endOf({ per }: BudgetPolicy, now: number): number {
    const { time } = this.#ports;
    const date = time.localDate(now);
    return time.startOfDay(per === 'day' ? addDays(date, 1) : addMonths(`${date.slice(0, 7)}-01`, 1));
  }
}

/** Servers whose settings name the two the other way round lock their rows in the same order. */
function inOneOrder({ budgets }: ResolvedTarget): readonly BudgetPolicy[] {
  return budgets.toSorted((one, other) => (one.per < other.per ? -1 : 1));
}

function spentError(target: ResolvedTarget, { per, limit }: BudgetPolicy, retryAfterMillis: number): LmsError {
  return new LmsError('OUTBOUND_BUDGET_SPENT', {
    message: `target ${target.name} may spend ${limit} a ${per}, and that is spent; nothing was sent`,
    details: { target: target.name, per, limit, retryAfterMillis },
  });
}
