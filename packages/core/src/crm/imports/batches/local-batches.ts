import type { LeadClaim, LineDefinition } from '../../leads/index.js';
import type { RowSource, SourceRow } from '../rows/index.js';
import { readBatch } from './read-batch.js';
import type { RefusedRow, RowBatch, RowBatches } from './row-batch.js';
import type { RowDrafter } from './row-drafter.js';

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
  readonly #drafter: RowDrafter<Draft>;
  readonly #now: () => number;
  readonly #rows: AsyncIterator<SourceRow>;
  #given = -1;
  #current: readonly SourceRow[] = [];

  constructor(place: RowPlace, drafter: RowDrafter<Draft>, now: () => number) {
    this.#place = place;
    this.#drafter = drafter;
    this.#now = now;
    this.#rows = place.source.rows({ sheet: place.sheet })[Symbol.asyncIterator]();
  }

  async next(): Promise<RowBatch<Draft> | null> {
    const rows = await readBatch(this.#rows, this.#place.headerRow, this.#place.rowsABatch);
    if (rows.length === 0) return null;
    this.#current = rows;
    this.#given += 1;
    return this.#batch();
  }

  again(line: LineDefinition): Promise<RowBatch<Draft>> {
    this.#drafter.line = line;
    return this.#batch();
  }

  rows(places: readonly number[]): Promise<readonly SourceRow[]> {
    return Promise.resolve(places.flatMap((place) => this.#current[place] ?? []));
  }

  async close(): Promise<void> {
    await this.#rows.return?.();
  }

  async #batch(): Promise<RowBatch<Draft>> {
    const { source } = this.#place;
    const drafts: (readonly Draft[])[] = [];
    const refused: RefusedRow[] = [];
    for await (const part of this.#drafter.draft(this.#current, this.#now())) {
      drafts.push(part.drafts);
      refused.push(...part.refused);
    }
    return {
      place: this.#given,
      line: this.#drafter.line,
      rowNumbers: this.#current.map((row) => row.rowNumber),
      drafts,
      draftCount: drafts.reduce((count, part) => count + part.length, 0),
      refused,
      bytesRead: Math.min(source.bytesRead(), source.totalBytes),
    };
  }
}
