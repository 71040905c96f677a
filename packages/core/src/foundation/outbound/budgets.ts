import { type BusinessTime, type Clock, LmsError, toInstant } from '../kernel/index.js';
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

  /** Spends one try on every budget of the target, or on none. @throws LmsError `OUTBOUND_BUDGET_SPENT` */
  async spend(unit: Unit, target: ResolvedTarget): Promise<Spent> {
    const { budgets, clock } = this.#ports;
    const at = toInstant(clock.now());
    const spent: Spent[number][] = [];
    for (const budget of target.budgets) {
      const spending = { target: target.name, period: this.#periodOf(budget), cost: target.cost };
      if (!(await budgets.spend(unit, { ...spending, limit: budget.limit, at }))) throw spentError(target, budget);
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
    for (const budget of target.budgets) {
      const period = this.#periodOf(budget);
      const spent = await this.#ports.budgets.spent(target.name, period);
      standing.push({ target: target.name, ...budget, period, spent });
    }
    return standing;
  }

  #periodOf({ per }: BudgetPolicy): string {
    const date = this.#ports.time.localDate(this.#ports.clock.now());
    return per === 'day' ? date : date.slice(0, 7);
  }
}

function spentError(target: ResolvedTarget, { per, limit }: BudgetPolicy): LmsError {
  return new LmsError('OUTBOUND_BUDGET_SPENT', {
    message: `target ${target.name} may spend ${limit} a ${per}, and that is spent; nothing was sent`,
    details: { target: target.name, per, limit },
  });
}
