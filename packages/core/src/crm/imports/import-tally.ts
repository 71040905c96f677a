import type { EmptiedCells } from './batches/emptied-cells.js';
import { SaidCounts } from './consents/said-counts.js';
import type { RowReport } from './import-request.js';
import type { ImportCounts } from './import-run-store.js';

const mostKept = 20;
const mostReasons = 1000;

/** Counts of a run as it goes on. Bounded, however many rows are refused. */
export class ImportTally {
  #rows = 0;
  #created = 0;
  #updated = 0;
  #duplicates = 0;
  #rejected = 0;
  readonly #reasons: Map<string, number> = new Map();
  readonly #emptied: Map<string, number> = new Map();
  /** What rows said of consents. */
  readonly said: SaidCounts = new SaidCounts();
  readonly firstRejects: RowReport[] = [];
  readonly firstDuplicates: RowReport[] = [];

  /** Takes one row. @param report why it took no effect */
  add(outcome: RowReport['outcome'] | 'created' | 'updated', report: RowReport | null): void {
    this.#rows += 1;
    if (outcome === 'created') this.#created += 1;
    if (outcome === 'updated') this.#updated += 1;
    if (report?.outcome === 'duplicate') this.#addDuplicate(report);
    if (report?.outcome === 'rejected') this.#addRejected(report);
  }

  /** Takes the cells of a batch that were taken as empty. */
  addEmptied(cells: EmptiedCells): void {
    for (const [field, count] of Object.entries(cells)) {
      this.#emptied.set(field, (this.#emptied.get(field) ?? 0) + count);
    }
  }

  /** How many cells of a field were taken as empty, since they say so by a word such as `NA`. */
  emptiedOf(field: string): number {
    return this.#emptied.get(field) ?? 0;
  }

  /** Law: `rows` is always `created + updated + duplicates + rejected`. */
  get counts(): ImportCounts {
    return {
      rows: this.#rows,
      created: this.#created,
      updated: this.#updated,
      duplicates: this.#duplicates,
      rejected: this.#rejected,
    };
  }

  /** Most frequent first. A reason is counted once a row. */
  get reasons(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#reasons].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1)));
  }

  #addDuplicate(report: RowReport): void {
    this.#duplicates += 1;
    if (this.firstDuplicates.length < mostKept) this.firstDuplicates.push(report);
  }

  #addRejected(report: RowReport): void {
    this.#rejected += 1;
    if (this.firstRejects.length < mostKept) this.firstRejects.push(report);
    for (const reason of new Set(report.problems.map((one) => `${one.field ?? 'row'}: ${one.rule}`))) {
      if (this.#reasons.has(reason) || this.#reasons.size < mostReasons) {
        this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
      }
    }
  }
}
