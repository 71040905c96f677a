import type { UnitOfWork } from '../../foundation/persistence/index.js';
import {
  DefinitionMoved,
  type LeadDraft,
  type LeadIntake,
  noClaims,
  parseLeadNumber,
  unpackDrafts,
} from '../leads/index.js';
import { type BatchSource, openBatches } from './batches/open-batches.js';
import type { RowBatch } from './batches/row-batch.js';
import type { DuplicatePolicy } from './import-request.js';
import { patiently, unlessStopped } from './patience.js';
import { BatchMoved, type ReceiptBook, type TakenRow } from './receipts/receipt-book.js';
import type { RowOutcome, SettledBatch, SettledBatches } from './settled-batch.js';
import { updateDuplicates } from './update-duplicates.js';

export interface StorePorts {
  readonly intake: LeadIntake;
  readonly receipts: ReceiptBook;
  readonly unitOfWork: UnitOfWork;
  readonly duplicates: DuplicatePolicy;
  readonly signal: AbortSignal | undefined;
  /** Whether others may be taking rows ahead of this run, in its name. */
  readonly shared: boolean;
}

/** How often a batch is begun anew because the line was published, or its rows were taken by others. */
const mostMoves = 10;

/**
 * Stores each batch in one unit; repeats it when the line was published meanwhile, or another process took rows of it, and waits
 * where the store is away. Leads that rows update are then changed one by one.
 */
export function storedBatches(source: BatchSource, ports: StorePorts): SettledBatches {
  const { intake, receipts, unitOfWork, signal } = ports;
  const batches = openBatches(source, intake, {
    purpose: 'store',
    finish: (prepared) => intake.drafter.seal(prepared),
    unpack: unpackDrafts,
  });

  /** Of the batch given last. */
  let place = -1;
  // Facts and trail of a batch are written while the next one is stored; those of the one before must be there.
  let following: Promise<void> = Promise.resolve();
  let before: Promise<void> = Promise.resolve();
  const follow = (followed: Promise<void>): void => {
    before = following;
    following = followed;
  };

  async function create(batch: RowBatch): Promise<ReadonlyMap<number, RowOutcome>> {
    const rowAt = (index: number): number => batch.rowNumbers[index] ?? 0;
    const isFree = ({ index }: LeadDraft): boolean => receipts.numberOf(rowAt(index)) === null;
    const outcomes = new Map<number, RowOutcome>();
    if (batch.draftCount > 0) {
      const created = await intake.create({
        onFollowing: follow,
        parts: { [Symbol.iterator]: () => filtered(batch.drafts, isFree) },
        alongside: (unit, made) =>
          receipts.record(
            unit,
            made.map((lead) => ({ ...lead, row: rowAt(lead.index) })),
          ),
      });
      for (const [index, outcome] of created) outcomes.set(index, outcome);
    }
    for (const [index, row] of batch.rowNumbers.entries()) {
      const effect = receipts.ownEffectOf(row);
      if (effect === 'created') outcomes.set(index, { kind: 'creatable', replayed: false });
      if (effect === 'updated') outcomes.set(index, { kind: 'updated', of: receipts.numberOf(row) });
    }
    return outcomes;
  }

  async function settle(first: RowBatch): Promise<SettledBatch> {
    let batch = first;
    for (let moves = 1; ; moves += 1) {
      try {
        return { batch, outcomes: await patiently(() => create(batch), signal) };
      } catch (error) {
        if (moves === mostMoves) throw error;
        if (error instanceof DefinitionMoved) batch = await batches.again(await patiently(() => intake.line(), signal));
        else if (error instanceof BatchMoved) await patiently(() => receipts.reread(), signal);
        else throw error;
      }
    }
  }

  async function update(settled: SettledBatch): Promise<SettledBatch> {
    const parts = { intake, batches, source, claims: noClaims, dryRun: false, signal };
    const updated = await patiently(() => updateDuplicates(settled, parts), signal);
    const rows = updatedRows(updated).filter(({ row }) => receipts.ownEffectOf(row) === null);
    for (let moves = 1; rows.length > 0; moves += 1) {
      await patiently(() => receipts.reread(), signal);
      try {
        await patiently(() => unitOfWork.run('documents', (unit) => receipts.record(unit, rows, 'updated')), signal);
        break;
      } catch (error) {
        if (!(error instanceof BatchMoved) || moves === mostMoves) throw error;
      }
    }
    return updated;
  }

  return {
    async next() {
      if (ports.shared) {
        const taken = await patiently(() => receipts.lookAhead(place), signal);
        if (taken.length > 0) await batches.skip(taken);
      }
      const batch = await unlessStopped(batches.next(), signal);
      if (batch === null) return null;
      place = batch.place;
      await before;
      await patiently(() => receipts.open(batch.place), signal);
      const settled = await settle(batch);
      return ports.duplicates === 'update' ? update(settled) : settled;
    },
    rows: (places) => batches.rows(places),
    async close() {
      await batches.close();
      await Promise.all([before, following]);
    },
  };
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
