import { differences } from './differences.js';
import { groupedBy } from './grouped-by.js';
import type { Invariant } from './invariant.js';
import type { RawState } from './raw-state.js';

type Total = RawState['totals'][number];

/** What boards show against the leads that they count. */
export const totalsInvariants: readonly Invariant[] = [
  {
    name: 'totals and the changes that wait are what the leads count',
    check: ({ facts, totals }) =>
      differences(
        linesOf(
          facts
            .filter(({ presence }) => presence !== 2)
            .map(({ productLine, presence, stage, ownerId, partner, amountPaise }) => ({
              ...{ productLine, presence, stage },
              ...{ ownerId: ownerId ?? '', partner: partner ?? '' },
              ...{ leads: 1, amountLakhs: 0, amountRest: amountPaise ?? 0 },
            })),
        ),
        linesOf(totals),
      ),
  },
];

/** A line for each key with its leads and their amounts; none where there are no leads and no amount. */
function linesOf(totals: readonly Total[]): readonly string[] {
  const keyOf = ({ productLine, presence, stage, ownerId, partner }: Total): string =>
    JSON.stringify([productLine, presence, stage, ownerId, partner]);
  return [...groupedBy(totals, keyOf)].flatMap(([key, same]) => {
    let [leads, amount] = [0, 0n];
    for (const { leads: more, amountLakhs, amountRest } of same) {
      leads += more;
      amount += BigInt(amountLakhs) * 10_000_000n + BigInt(amountRest);
    }
    return leads === 0 && amount === 0n ? [] : [`${key}: ${leads} leads of ${amount}`];
  });
}
