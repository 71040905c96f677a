import { type LeadFactsTable, presence } from '../tables-lead-facts.js';
import type { LeadTotalsTable, TotalKeyColumns } from '../tables-lead-totals.js';

/** What of a lead's facts its totals are made of. */
export type CountedFacts = Pick<
  LeadFactsTable,
  'product_line' | 'presence' | 'stage' | 'owner_id' | 'partner' | 'amount_paise'
>;

export const countedColumns: readonly (keyof CountedFacts)[] = [
  'product_line',
  'presence',
  'stage',
  'owner_id',
  'partner',
  'amount_paise',
];

/** Minor units in one of `amount_lakhs`: a lakh of rupees. */
export const minorUnitsOfLakh = 10_000_000;

/** What leads that come, go and change add to the totals, by key. */
export class TotalDeltas {
  readonly #byKey: Map<string, LeadTotalsTable> = new Map();

  /** A lead that is counted from now on; one that waits for its facts is not. */
  come(facts: CountedFacts): void {
    this.#count(facts, 1);
  }

  /** A lead as it was counted until now. */
  go(facts: CountedFacts): void {
    this.#count(facts, -1);
  }

  /** Adds what was written elsewhere. */
  add(row: LeadTotalsTable): void {
    const total = this.#of(row);
    total.leads += row.leads;
    total.amount_lakhs += row.amount_lakhs;
    total.amount_rest += row.amount_rest;
  }

  /** What is not nought, in the order of keys: whoever locks them does so in one order. */
  rows(): readonly LeadTotalsTable[] {
    const changed = [...this.#byKey].filter(
      ([, total]) => total.leads !== 0 || total.amount_lakhs !== 0 || total.amount_rest !== 0,
    );
    if (changed.length > 1) changed.sort(([left], [right]) => (left < right ? -1 : 1));
    return changed.map(([, total]) => total);
  }

  #count(facts: CountedFacts, leads: 1 | -1): void {
    if (facts.presence === presence.awaited) return;
    const total = this.#of({ ...facts, owner_id: facts.owner_id ?? '', partner: facts.partner ?? '' });
    const amount = facts.amount_paise ?? 0;
    const rest = amount % minorUnitsOfLakh;
    total.leads += leads;
    total.amount_lakhs += (leads * (amount - rest)) / minorUnitsOfLakh;
    total.amount_rest += leads * rest;
  }

  #of({ product_line, presence: present, stage, owner_id, partner }: TotalKeyColumns): LeadTotalsTable {
    const key = [product_line, present, stage, owner_id, partner].join('\0');
    const known = this.#byKey.get(key);
    if (known) return known;
    const fresh = {
      ...{ product_line, presence: present, stage, owner_id, partner },
      ...{ leads: 0, amount_lakhs: 0, amount_rest: 0 },
    };
    this.#byKey.set(key, fresh);
    return fresh;
  }
}
