import type { Generated } from 'kysely';

/** Leads that boards count together. */
export interface TotalKeyColumns {
  product_line: string;
  presence: number;
  stage: string;
  /** Empty: nobody's. */
  owner_id: string;
  /** Empty: sent to none. */
  partner: string;
}

export const totalKeyColumns = ['product_line', 'presence', 'stage', 'owner_id', 'partner'] as const;

export const totalNumbers = ['leads', 'amount_lakhs', 'amount_rest'] as const;

export interface LeadTotalsTable extends TotalKeyColumns {
  leads: number;
  /** The amounts together are this times 10,000,000 minor units, and `amount_rest`. */
  amount_lakhs: number;
  amount_rest: number;
}

/** What is not yet part of the totals. */
export interface LeadTotalChangesTable extends LeadTotalsTable {
  id: Generated<number>;
}
