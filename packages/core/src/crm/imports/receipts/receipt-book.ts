import { type Clock, instantNow } from '../../../foundation/kernel/index.js';
import type { Unit } from '../../../foundation/persistence/index.js';
import { type CreatedLead, leadNumber } from '../../leads/index.js';
import type { ImportReceipt, ImportReceiptStore, TakenRows } from './import-receipt-store.js';
import { RowSet } from './row-set.js';

/** A row and the number of the lead that it made or updated. */
export interface TakenRow extends Pick<CreatedLead, 'numberMonth' | 'numberSeq'> {
  readonly row: number;
}

/** Rows of this batch were taken since its receipt was read: by another process, or by a commit whose answer was lost. */
export class BatchMoved extends Error {
  constructor() {
    super('rows of this batch were taken meanwhile');
    this.name = 'BatchMoved';
  }
}

const receiptsAPage = 100;
/** More than are ever read ahead. */
const receiptsAhead = 8;

/**
 * What earlier runs of the same file and choices have taken, so that no row is taken twice, whenever the file comes again and
 * however many processes import it at once. Holds a bit a row, and the receipt of the batch in hand.
 */
export class ReceiptBook {
  readonly #store: ImportReceiptStore;
  readonly #clock: Clock;
  readonly #source: string;
  readonly #run: string;
  /** Of all batches, as read by {@link load}. */
  readonly taken: RowSet = new RowSet();
  readonly #known: Set<number> = new Set();
  #batch = -1;
  #receipt: ImportReceipt | null = null;

  /**
   * @param of `source` names the file and every choice that changes what its rows become; `run` is the run that asks
   */
  constructor(store: ImportReceiptStore, of: { readonly source: string; readonly run: string }, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#source = of.source;
    this.#run = of.run;
  }

  /** Reads which rows are taken. */
  async load(): Promise<void> {
    let after = -1;
    for (;;) {
      const page = await this.#store.list(this.#source, after, receiptsAPage);
      for (const { batch, taken } of page) {
        this.#known.add(batch);
        this.taken.add(taken);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < receiptsAPage) return;
      after = last.batch;
    }
  }

  /** Takes a batch in hand: what follows is about it. */
  async open(batch: number): Promise<void> {
    this.#batch = batch;
    this.#receipt = null;
    if (this.#known.has(batch)) await this.reread();
  }

  /** Reads the receipt of the batch in hand again. */
  async reread(): Promise<void> {
    const [receipt] = await this.#store.list(this.#source, this.#batch - 1, 1);
    if (receipt?.batch === this.#batch) this.#receipt = receipt;
  }

  /** The number of the lead that a row of the batch made or updated before, or null when it was not taken. */
  numberOf(row: number): string | null {
    const rows = this.#rangeOf(row);
    return rows === null ? null : leadNumber(rows.numberMonth, rows.firstNumberSeq + row - rows.firstRow);
  }

  /**
   * What this very run made of the row: in a commit that was told to have failed, in an earlier try, or by a worker that shares it; null
   * where it did not take it.
   */
  ownEffectOf(row: number): 'created' | 'updated' | null {
    const rows = this.#rangeOf(row);
    if (rows?.run !== this.#run) return null;
    return rows.updated === true ? 'updated' : 'created';
  }

  /** Rows of the next batches behind this one that others have taken since they were last looked for. */
  async lookAhead(batch: number): Promise<readonly TakenRows[]> {
    const page = await this.#store.list(this.#source, batch, receiptsAhead);
    const news = page.filter((receipt) => !this.#known.has(receipt.batch));
    for (const receipt of news) this.#known.add(receipt.batch);
    return news.flatMap(({ taken }) => taken);
  }

  /**
   * Writes in the unit which rows of the batch it takes.
   * @param effect of all these rows
   * @throws BatchMoved when the receipt is another than was read; {@link reread} it then
   */
  async record(unit: Unit, rows: readonly TakenRow[], effect: 'created' | 'updated' = 'created'): Promise<void> {
    const version = this.#receipt?.version ?? 0;
    const found = await this.#store.get(unit, this.#source, this.#batch);
    if ((found?.version ?? 0) !== version) throw new BatchMoved();
    if (rows.length === 0) return;
    const taken = [
      ...(this.#receipt?.taken ?? []),
      ...rangesOf(rows, { run: this.#run, ...(effect === 'updated' ? { updated: true } : {}) }),
    ];
    const at = instantNow(this.#clock);
    const receipt = { source: this.#source, batch: this.#batch, version: version + 1, taken, at };
    if (!(await this.#store.save(unit, receipt, version))) throw new BatchMoved();
  }

  #rangeOf(row: number): TakenRows | null {
    const ranges = this.#receipt?.taken ?? [];
    return ranges.find(({ firstRow, count }) => row >= firstRow && row < firstRow + count) ?? null;
  }
}

function rangesOf(rows: readonly TakenRow[], by: Pick<TakenRows, 'run' | 'updated'>): readonly TakenRows[] {
  const ranges: TakenRows[] = [];
  for (const { row, numberMonth, numberSeq } of [...rows].sort((left, right) => left.row - right.row)) {
    const last = ranges.at(-1);
    const follows =
      last !== undefined &&
      last.numberMonth === numberMonth &&
      last.firstRow + last.count === row &&
      last.firstNumberSeq + last.count === numberSeq;
    if (follows) ranges[ranges.length - 1] = { ...last, count: last.count + 1 };
    else ranges.push({ ...by, firstRow: row, count: 1, numberMonth, firstNumberSeq: numberSeq });
  }
  return ranges;
}
