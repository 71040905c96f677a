import type { CommandOptions } from './command-options.js';
import { eachLimited } from './each-limited.js';
import type { Lead } from './lead.js';
import { checkInBatch, type ItemOutcome, itemOutcome } from './many-outcome.js';

/** A lead named in a batch, with the version it is expected to have. */
export interface LeadTarget {
  /** Id or number. */
  readonly lead: string;
  readonly expectedVersion?: number;
}

const changesAtOnce = 8;
const mostItems = 1000;

/** Changes leads side by side; one outcome an item, in order. @throws LmsError `LIMIT_EXCEEDED` for over 1,000 items */
export function changeEach<Item extends LeadTarget>(
  items: readonly Item[],
  options: Pick<CommandOptions, 'signal'>,
  work: (item: Item, options: CommandOptions) => Promise<Lead>,
): Promise<readonly ItemOutcome[]> {
  checkInBatch(items, mostItems);
  return eachLimited(items, changesAtOnce, (item) =>
    itemOutcome(item.lead, () =>
      work(item, {
        ...options,
        ...(item.expectedVersion === undefined ? {} : { expectedVersion: item.expectedVersion }),
      }),
    ),
  );
}
