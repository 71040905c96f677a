import {
  type CheckOutcome,
  type CreateOutcome,
  DefinitionMoved,
  type LeadClaim,
  type LeadIntake,
} from '../leads/index.js';
import { claimOf } from './batches/claim-of.js';
import { type BatchSource, openBatches } from './batches/open-batches.js';
import type { RowBatch, RowBatches } from './batches/row-batch.js';
import { ClaimedValues } from './claimed-values.js';
import { BatchMoved, type ReceiptBook } from './receipts/receipt-book.js';
import type { SourceRow } from './rows/index.js';

/** A batch and what became of its drafts, by their place in it. Places that are missing made leads in an earlier run. */
export interface SettledBatch {
  readonly batch: RowBatch<LeadClaim>;
  readonly outcomes: ReadonlyMap<number, CreateOutcome | CheckOutcome>;
}

/** The batches of a file, each settled when it is given. */
export interface SettledBatches {
  /** null at the end of the file. */
  next(): Promise<SettledBatch | null>;
  /** Rows of the batch that was given last, as read. @param places in the batch */
  rows(places: readonly number[]): Promise<readonly SourceRow[]>;
  close(): Promise<void>;
}

const mostAttempts = 10;

/** Stores each batch in one unit; repeats it when the line was published meanwhile, or another process took rows of it. */
export function storedBatches(source: BatchSource, intake: LeadIntake, receipts: ReceiptBook): SettledBatches {
  const batches = openBatches(source, intake, { seals: true, finish: (prepared) => intake.drafter.seal(prepared) });

  async function store(batch: RowBatch): Promise<SettledBatch['outcomes']> {
    const rowAt = (index: number): number => batch.rowNumbers[index] ?? 0;
    const drafts = batch.drafts.filter(({ index }) => receipts.numberOf(batch.place, rowAt(index)) === null);
    if (drafts.length === 0) return new Map();
    return intake.create({
      drafts,
      alongside: (unit, created) =>
        receipts.record(
          unit,
          batch.place,
          created.map((lead) => ({ ...lead, row: rowAt(lead.index) })),
        ),
    });
  }

  async function settle(first: RowBatch): Promise<SettledBatch> {
    let batch = first;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { batch, outcomes: await store(batch) };
      } catch (error) {
        if (attempt === mostAttempts) throw error;
        if (error instanceof DefinitionMoved) batch = await batches.again(await intake.line());
        else if (error instanceof BatchMoved) await receipts.reread(batch.place);
        else throw error;
      }
    }
  }

  return settledOneByOne(batches, settle);
}

/** Says what {@link storedBatches} would do, and remembers the unique values that earlier rows would have taken. */
export function checkedBatches(source: BatchSource, intake: LeadIntake): SettledBatches {
  const batches = openBatches(source, intake, { seals: false, finish: claimOf });
  const claims = new ClaimedValues();
  return settledOneByOne(batches, async (batch) => {
    const references = batch.rowNumbers.map((row) => `row ${row}`);
    return { batch, outcomes: await intake.check(batch.drafts, references, claims) };
  });
}

function settledOneByOne<Draft extends LeadClaim>(
  batches: RowBatches<Draft>,
  settle: (batch: RowBatch<Draft>) => Promise<SettledBatch>,
): SettledBatches {
  return {
    async next() {
      const batch = await batches.next();
      return batch === null ? null : settle(batch);
    },
    rows: (places) => batches.rows(places),
    close: () => batches.close(),
  };
}
