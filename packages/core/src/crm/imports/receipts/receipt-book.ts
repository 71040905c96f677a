import { type Clock, instantNow } from '../../../foundation/kernel/index.js';
import type { Unit } from '../../../foundation/persistence/index.js';
import { type CreatedLead, leadNumber } from '../../leads/index.js';
import type { ImportReceipt, ImportReceiptStore, TakenRows } from './import-receipt-store.js';

/** A row and the number of the lead it made. */
export interface TakenRow extends Pick<CreatedLead, 'numberMonth' | 'numberSeq'> {
  readonly row: number;
}

/** Another process imports the same file at the same moment and has taken rows of this batch. */
export class BatchMoved extends Error {}

const receiptsAPage = 500;

/**
 * What earlier runs of the same file and choices have made leads of, so that no row makes two, whenever it comes again and
 * however many processes import the file at once.
 */
export class ReceiptBook {
  readonly #store: ImportReceiptStore;
  readonly #clock: Clock;
  readonly #source: string;
  readonly #receipts: Map<number, ImportReceipt> = new Map();

  /** @param source names the file and every choice that changes what its rows become */
  constructor(store: ImportReceiptStore, source: string, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#source = source;
  }

  /** Reads what is there. One receipt a batch of rows: a few thousand for the longest sheet. */
  async load(): Promise<void> {
    let after = -1;
    for (;;) {
      const page = await this.#store.list(this.#source, after, receiptsAPage);
      for (const receipt of page) this.#receipts.set(receipt.batch, receipt);
      const last = page.at(-1);
      if (last === undefined || page.length < receiptsAPage) return;
      after = last.batch;
    }
  }

  /** The rows of all batches that have made leads, as far as is known. */
  get taken(): readonly TakenRows[] {
    return [...this.#receipts.values()].flatMap((receipt) => receipt.taken);
  }

  /** The number of the lead that a row of a batch made earlier, or null when it made none. */
  numberOf(batch: number, row: number): string | null {
    const rows = this.#receipts
      .get(batch)
      ?.taken.find(({ firstRow, count }) => row >= firstRow && row < firstRow + count);
    return rows === undefined ? null : leadNumber(rows.numberMonth, rows.firstNumberSeq + row - rows.firstRow);
  }

  /**
   * Writes in the unit which rows it makes leads of.
   * @param created ascending by row
   * @throws BatchMoved when somebody else wrote a receipt of this batch since it was read; {@link reread} it then
   */
  async record(unit: Unit, batch: number, created: readonly TakenRow[]): Promise<void> {
    const known = this.#receipts.get(batch);
    const found = await this.#store.get(unit, this.#source, batch);
    if ((found?.version ?? 0) !== (known?.version ?? 0))
      throw new BatchMoved('rows of this batch were taken meanwhile');
    if (created.length === 0) return;
    const version = known?.version ?? 0;
    const taken = [...(known?.taken ?? []), ...takenRows(created)];
    const receipt = { source: this.#source, batch, version: version + 1, taken, at: instantNow(this.#clock) };
    if (!(await this.#store.save(unit, receipt, version)))
      throw new BatchMoved('rows of this batch were taken meanwhile');
  }

  /** Reads the receipt of one batch again. */
  async reread(batch: number): Promise<void> {
    const [receipt] = await this.#store.list(this.#source, batch - 1, 1);
    if (receipt?.batch === batch) this.#receipts.set(batch, receipt);
  }
}

function takenRows(created: readonly TakenRow[]): readonly TakenRows[] {
  const all: TakenRows[] = [];
  for (const { row, numberMonth, numberSeq } of created) {
    const last = all.at(-1);
    const follows =
      last !== undefined &&
      last.numberMonth === numberMonth &&
      last.firstRow + last.count === row &&
      last.firstNumberSeq + last.count === numberSeq;
    if (follows) all[all.length - 1] = { ...last, count: last.count + 1 };
    else all.push({ firstRow: row, count: 1, numberMonth, firstNumberSeq: numberSeq });
  }
  return all;
}
