import type { LeadClaim, LineDefinition } from '../../leads/index.js';
import type { RowSource, SourceRow } from '../rows/index.js';
import { BatchCutter } from './batch-cutter.js';
import { allEmptied, type EmptiedCells } from './emptied-cells.js';
import { type RefusedRow, type RowBatch, type RowBatches, type RowRange, rowAt, type SayingRow } from './row-batch.js';
import type { Drafter } from './row-drafter.js';

/** Where the rows are. */
export interface RowPlace {
  readonly source: RowSource;
  readonly sheet: string;
  readonly headerRow: number;
  readonly rowsABatch: number;
}

/** Reads, checks and seals on the calling thread. */
export class LocalBatches<Draft extends LeadClaim> implements RowBatches<Draft> {
  readonly #place: RowPlace;
  readonly #drafter: Drafter<Draft>;
  readonly #now: () => number;
  readonly #rows: BatchCutter;
  #given = -1;
  #current: readonly SourceRow[] = [];

  constructor(place: RowPlace, drafter: Drafter<Draft>, now: () => number) {
    this.#place = place;
    this.#drafter = drafter;
    this.#now = now;
    const { source, sheet, headerRow, rowsABatch } = place;
    this.#rows = new BatchCutter(source.batches({ sheet }), headerRow, rowsABatch);
  }

  async next(): Promise<RowBatch<Draft> | null> {
    const rows = await this.#rows.next();
    if (rows.length === 0) return null;
    this.#current = rows;
    this.#given += 1;
    return this.#batch();
  }

  again(line: LineDefinition): Promise<RowBatch<Draft>> {
    this.#drafter.line = line;
    return this.#batch();
  }

  async skip(taken: readonly RowRange[]): Promise<void> {
    this.#drafter.skip(taken);
  }

  rows(places: readonly number[]): Promise<readonly SourceRow[]> {
    return Promise.resolve(places.map((place) => rowAt(this.#current, place)));
  }

  async close(): Promise<void> {
    await this.#rows.close();
  }

  async #batch(): Promise<RowBatch<Draft>> {
    const { source } = this.#place;
    const drafts: (readonly Draft[])[] = [];
    const refused: RefusedRow[] = [];
    const emptied: EmptiedCells[] = [];
    const saying: SayingRow[] = [];
    for await (const part of this.#drafter.draft(this.#current, this.#now())) {
      drafts.push(part.drafts);
      refused.push(...part.refused);
      emptied.push(part.emptied);
      saying.push(...part.saying);
    }
    return {
      place: this.#given,
      line: this.#drafter.line,
      rowNumbers: this.#current.map((row) => row.rowNumber),
      drafts,
      draftCount: drafts.reduce((count, part) => count + part.length, 0),
      refused,
      emptied: allEmptied(emptied),
      saying,
      bytesRead: Math.min(source.bytesRead(), source.totalBytes),
    };
  }
}
