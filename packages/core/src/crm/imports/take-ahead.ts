import { DefinitionMoved, type LeadClaim, type LeadDraft, type LeadIntake, unpackDrafts } from '../leads/index.js';
import { type BatchSource, openBatches, openKeys } from './batches/open-batches.js';
import type { RowBatch, RowBatches } from './batches/row-batch.js';
import { ClaimedValues, rowReference } from './claimed-values.js';
import { patiently, unlessStopped } from './patience.js';
import { BatchMoved, type ReceiptBook } from './receipts/receipt-book.js';
import { RowSet } from './receipts/row-set.js';

/** A part of a file by its bytes, from 0 to 1. */
export interface FilePart {
  readonly from: number;
  readonly to: number;
}

export interface AheadPorts {
  readonly intake: LeadIntake;
  /** In the name of the run that is shared. */
  readonly receipts: ReceiptBook;
  readonly part: FilePart;
  readonly signal: AbortSignal;
  /** Hears how many rows are taken. */
  readonly onTaken: (rows: number) => void;
}

/** Where a part begins and ends, and the unique values of all rows before it. */
interface PartStart {
  readonly batch: number;
  /** Bytes read at its end. */
  readonly end: number;
  readonly lastRowBefore: number;
  readonly claimed: ClaimedValues;
}

/**
 * Takes rows of a part of a file while the run they belong to is still before it. What a row becomes depends on the rows above it by their
 * unique values alone, so it takes those that share none with any row above them, taken or not; the others, and all that is to be told of
 * refused ones, are left to the run itself, which comes by in order and finds what was taken in the receipts. It ends where the part ends, where
 * the run has caught up with it, or where the line was published.
 * @returns how many rows it took
 * @throws LmsError `COMMAND_ABORTED` when it is stopped
 */
export async function takeAhead(source: BatchSource, ports: AheadPorts): Promise<number> {
  const start = await startOf(source, ports);
  if (start === null) return 0;
  await patiently(() => ports.receipts.load(), ports.signal);
  const taken = new RowSet(ports.receipts.taken.bits.slice());
  taken.add([{ firstRow: 0, count: start.lastRowBefore + 1 }]);
  const settings = { ...source.settings, taken: taken.bits };
  const batches = openBatches({ ...source, settings }, ports.intake, {
    purpose: 'store',
    finish: (prepared) => ports.intake.drafter.seal(prepared),
    unpack: unpackDrafts,
  });
  return new AheadWork(batches, start, ports).takeAll();
}

async function startOf(source: BatchSource, { intake, part, signal }: AheadPorts): Promise<PartStart | null> {
  const claimed = new ClaimedValues();
  const keys = openKeys(source, intake);
  let lastRowBefore = 0;
  const { totalBytes } = source.source;
  // Of a workbook the texts are read before the first row.
  let before: number | null = null;
  const at = (share: number): number => (before ?? 0) + share * (totalBytes - (before ?? 0));
  try {
    for (;;) {
      const batch = await unlessStopped(keys.next(), signal);
      if (batch === null) return null;
      before ??= batch.bytesRead;
      if (batch.place > 0 && batch.bytesRead >= at(part.from)) {
        const end = part.to >= 1 ? Number.POSITIVE_INFINITY : at(part.to);
        return { batch: batch.place, end, lastRowBefore, claimed };
      }
      for (const claims of batch.drafts) for (const claim of claims) takeKeys(claimed, claim, batch);
      lastRowBefore = batch.rowNumbers.at(-1) ?? lastRowBefore;
    }
  } finally {
    await keys.close();
  }
}

class AheadWork {
  readonly #batches: RowBatches;
  readonly #start: PartStart;
  readonly #ports: AheadPorts;
  #taken = 0;
  /** What follows from a batch is written while the next one is stored. */
  #following: Promise<void> = Promise.resolve();

  constructor(batches: RowBatches, start: PartStart, ports: AheadPorts) {
    this.#batches = batches;
    this.#start = start;
    this.#ports = ports;
  }

  async takeAll(): Promise<number> {
    const { signal } = this.#ports;
    try {
      for (;;) {
        const batch = await unlessStopped(this.#batches.next(), signal);
        if (batch === null || batch.bytesRead >= this.#start.end) break;
        if (batch.place >= this.#start.batch && batch.draftCount > 0 && !(await this.#take(batch))) break;
      }
      return this.#taken;
    } finally {
      await this.#batches.close();
      await this.#following;
    }
  }

  /** @returns false when others are at this batch */
  async #take(batch: RowBatch): Promise<boolean> {
    const { intake, receipts, signal, onTaken } = this.#ports;
    await patiently(() => receipts.open(batch.place), signal);
    const rowOf = ({ index }: { readonly index: number }): number => batch.rowNumbers[index] ?? 0;
    const verdicts = new Map<number, boolean>();
    const mayTake = (draft: LeadDraft): boolean => {
      const known = verdicts.get(draft.index) ?? takeKeys(this.#start.claimed, draft, batch);
      verdicts.set(draft.index, known);
      return known && receipts.numberOf(rowOf(draft)) === null;
    };
    const before = this.#following;
    try {
      const outcomes = await patiently(
        () =>
          intake.create({
            onFollowing: (following) => {
              this.#following = following;
            },
            parts: { [Symbol.iterator]: () => chosen(batch.drafts, mayTake) },
            alongside: (unit, made) =>
              receipts.record(
                unit,
                made.map((lead) => ({ ...lead, row: rowOf(lead) })),
              ),
          }),
        signal,
      );
      await before;
      for (const { kind } of outcomes.values()) if (kind === 'created') this.#taken += 1;
      onTaken(this.#taken);
      return true;
    } catch (error) {
      await before;
      if (error instanceof BatchMoved || error instanceof DefinitionMoved) return false;
      throw error;
    }
  }
}

/** Claims the unique values of a row. @returns whether no row above it has any of them */
function takeKeys(claimed: ClaimedValues, { index, keys }: LeadClaim, { rowNumbers }: RowBatch<LeadClaim>): boolean {
  const isFirst = keys.every((key) => claimed.holder(key) === null);
  const reference = rowReference(rowNumbers[index] ?? 0);
  for (const key of keys) claimed.claim(key, reference);
  return isFirst;
}

function* chosen(
  parts: Iterable<readonly LeadDraft[]>,
  keep: (draft: LeadDraft) => boolean,
): Generator<readonly LeadDraft[]> {
  for (const part of parts) yield part.filter(keep);
}
