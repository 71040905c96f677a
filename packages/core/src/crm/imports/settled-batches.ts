import { setTimeout } from 'node:timers/promises';
import { LmsError } from '../../foundation/kernel/index.js';
import type { UnitOfWork } from '../../foundation/persistence/index.js';
import { DefinitionMoved, type LeadClaim, type LeadDraft, type LeadIntake, parseLeadNumber } from '../leads/index.js';
import { claimOf } from './batches/claim-of.js';
import { type BatchSource, openBatches } from './batches/open-batches.js';
import type { RowBatch, RowBatches } from './batches/row-batch.js';
import { ClaimedValues, noClaims, rowReference } from './claimed-values.js';
import type { DuplicatePolicy } from './import-request.js';
import { BatchMoved, type ReceiptBook, type TakenRow } from './receipts/receipt-book.js';
import type { RowOutcome, SettledBatch, SettledBatches } from './settled-batch.js';
import { updateDuplicates } from './update-duplicates.js';

export interface SettlePorts {
  readonly intake: LeadIntake;
  readonly receipts: ReceiptBook;
  readonly unitOfWork: UnitOfWork;
  readonly duplicates: DuplicatePolicy;
  readonly signal: AbortSignal | undefined;
}

const mostAttempts = 10;
const secondMillis = 1_000;
/** MongoDB keeps what a killed process had locked for a minute; servers that are started anew take less. */
const mostSecondsWaited = 90;

/** What may be over in a moment. That a commit whose answer was lost took effect is then seen by its receipt. */
function isPassing(error: unknown): boolean {
  return LmsError.isInstance(error) && error.retryable && error.category !== 'internal';
}

/**
 * Stores each batch in one unit; repeats it when the line was published meanwhile, or another process took rows of it. Leads that
 * rows update are then changed one by one.
 */
export function storedBatches(source: BatchSource, ports: SettlePorts): SettledBatches {
  const { intake, receipts, unitOfWork } = ports;
  const batches = openBatches(source, intake, { seals: true, finish: (prepared) => intake.drafter.seal(prepared) });

  // Facts and trail of a batch are written while the next one is stored; those of the one before must be there.
  let following: Promise<void> = Promise.resolve();
  let before: Promise<void> = Promise.resolve();
  const follow = (followed: Promise<void>): void => {
    before = following;
    following = followed;
  };

  async function store(batch: RowBatch): Promise<SettledBatch['outcomes']> {
    if (batch.draftCount === 0) return new Map();
    const rowAt = (index: number): number => batch.rowNumbers[index] ?? 0;
    const isFree = ({ index }: LeadDraft): boolean => receipts.numberOf(batch.place, rowAt(index)) === null;
    return intake.create({
      onFollowing: follow,
      parts: { [Symbol.iterator]: () => filtered(batch.drafts, isFree) },
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
    const attempts = { moved: 0, waited: 0 };
    for (;;) {
      try {
        return { batch, outcomes: await store(batch) };
      } catch (error) {
        if (isPassing(error) && attempts.waited < mostSecondsWaited && ports.signal?.aborted !== true) {
          attempts.waited += 1;
          await setTimeout(secondMillis);
          continue;
        }
        attempts.moved += 1;
        if (attempts.moved === mostAttempts) throw error;
        if (error instanceof DefinitionMoved) batch = await batches.again(await intake.line());
        else if (error instanceof BatchMoved) await receipts.reread(batch.place);
        else throw error;
      }
    }
  }

  async function settleAndUpdate(first: RowBatch): Promise<SettledBatch> {
    const settled = await settle(first);
    if (ports.duplicates !== 'update') return settled;
    const updated = await updateDuplicates(settled, { intake, batches, source, claims: noClaims, dryRun: false });
    await remember(updated.batch.place, updatedRows(updated));
    return updated;
  }

  async function remember(place: number, rows: readonly TakenRow[]): Promise<void> {
    for (let attempt = 1; rows.length > 0; attempt += 1) {
      await receipts.reread(place);
      try {
        return await unitOfWork.run('documents', (unit) => receipts.record(unit, place, rows));
      } catch (error) {
        if (!(error instanceof BatchMoved) || attempt === mostAttempts) throw error;
      }
    }
  }

  const inOrder = settledOneByOne(batches, async (batch) => {
    await before;
    return settleAndUpdate(batch);
  });
  return {
    ...inOrder,
    async close() {
      await inOrder.close();
      await Promise.all([before, following]);
    },
  };
}

/** Says what {@link storedBatches} would do, and remembers the unique values that earlier rows would have taken. */
export function checkedBatches(
  source: BatchSource,
  { intake, duplicates }: Pick<SettlePorts, 'intake' | 'duplicates'>,
): SettledBatches {
  const batches = openBatches(source, intake, { seals: false, finish: claimOf });
  const claims = new ClaimedValues();
  return settledOneByOne(batches, async (batch) => {
    const references = batch.rowNumbers.map(rowReference);
    const outcomes = new Map<number, RowOutcome>();
    for (const drafts of batch.drafts) {
      for (const [index, outcome] of await intake.check(drafts, references, claims)) outcomes.set(index, outcome);
    }
    const settled = { batch, outcomes };
    if (duplicates !== 'update') return settled;
    return updateDuplicates(settled, { intake, batches, source, claims, dryRun: true });
  });
}

function* filtered(
  parts: Iterable<readonly LeadDraft[]>,
  keep: (draft: LeadDraft) => boolean,
): Generator<readonly LeadDraft[]> {
  for (const part of parts) yield part.filter(keep);
}

/** What receipts keep of rows that updated a lead: its number stands for the one that they would have made. */
function updatedRows({ batch, outcomes }: SettledBatch): readonly TakenRow[] {
  return [...outcomes].flatMap(([index, outcome]) => {
    const number = outcome.kind === 'updated' && outcome.of !== null ? parseLeadNumber(outcome.of) : null;
    if (number === null) return [];
    return [{ row: batch.rowNumbers[index] ?? 0, numberMonth: number.month, numberSeq: number.sequence }];
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
