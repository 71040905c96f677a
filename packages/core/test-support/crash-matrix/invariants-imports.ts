import { crashLine } from './crash-line.js';
import { differences, repeated, upTo } from './differences.js';
import type { Invariant } from './invariant.js';
import type { RawState } from './raw-state.js';

/** Leads of imports against the receipts that keep a row from being taken twice, and runs against both. */
export const importInvariants: readonly Invariant[] = [
  {
    name: 'what a receipt says was taken is there, once',
    check({ leads, receipts }) {
      const made = new Set(leads.map(({ numberMonth, numberSeq }) => `${numberMonth} ${numberSeq}`));
      const taken = takenRows(receipts);
      return [
        ...repeated(taken.map(({ row }) => row)),
        ...taken
          .filter(({ lead }) => !made.has(lead))
          .map(({ row, lead }) => `${row} made ${lead}, which is not there`),
      ];
    },
  },
  {
    name: 'a lead that an import made has its row in a receipt',
    check({ leads, receipts }) {
      const taken = new Set(takenRows(receipts).map(({ lead }) => lead));
      return leads
        .filter(({ source, productLine }) => source === 'import' && hasReceipts(productLine))
        .filter(({ numberMonth, numberSeq }) => !taken.has(`${numberMonth} ${numberSeq}`))
        .map(({ number }) => `${number} would be made once more`);
    },
  },
  {
    name: 'what a finished import counts adds up',
    check: ({ runs }) =>
      runs
        .filter(({ status }) => status !== 'running')
        .filter(
          ({ rowsRead, created, updated, duplicates, rejected }) =>
            rowsRead !== created + updated + duplicates + rejected,
        )
        .map(({ id }) => id),
  },
  {
    name: 'a finished import took as many rows as it says',
    check: ({ runs, receipts }) =>
      differences(
        runs
          .filter(({ status, productLine }) => status !== 'running' && hasReceipts(productLine))
          .map(({ id, created, updated }) => `${id} took ${created + updated}`),
        runs
          .filter(({ status, productLine }) => status !== 'running' && hasReceipts(productLine))
          .map(({ id }) => `${id} took ${takenRows(receipts).filter(({ run }) => run === id).length}`),
      ),
  },
];

interface TakenRow {
  readonly row: string;
  readonly run: string;
  /** Month and sequence of its number. */
  readonly lead: string;
}

function takenRows(receipts: RawState['receipts']): readonly TakenRow[] {
  return receipts.flatMap(({ source, taken }) =>
    taken.flatMap(({ run, firstRow, count, numberMonth, firstNumberSeq }) =>
      upTo(count).map((at) => ({
        run,
        row: `${source} row ${firstRow + at - 1}`,
        lead: `${numberMonth} ${firstNumberSeq + at - 1}`,
      })),
    ),
  );
}

/** Stores that the first release filled, whose line is another, have leads of imports from before receipts. */
function hasReceipts(productLine: string): boolean {
  return productLine === crashLine.slug || productLine.startsWith('line-');
}
