import type { LeadFactsFilter } from '../leads/index.js';

/** How many leads were ever in a stage, how many are there now, and what they are worth. */
export interface FunnelStageFacts {
  readonly stage: string;
  /** Leads that entered the stage at least once. */
  readonly entered: number;
  /** Leads that stand there now. */
  readonly current: number;
  readonly currentAmountPaise: number;
}

/** Lives in the ledger. */
export interface ReportStore {
  /** Over leads that match the filter; stages nobody entered are left out. */
  funnel(filter: LeadFactsFilter & { readonly productLine: string }): Promise<readonly FunnelStageFacts[]>;
}
