import type { Unit } from './unit-of-work.js';

/** Counters for lead numbers, in the documents home. */
export interface Numbers {
  /** True where a draw takes part in the unit (embedded); false where it is an atomic step of its own before it. */
  readonly inUnit: boolean;
  /**
   * Draws `count` consecutive numbers of a series and returns the first; a new series starts at 1.
   * MUST: no number is ever drawn twice, whatever crashes; gaps are allowed.
   * @param unit the open unit where {@link inUnit}, else null
   */
  draw(unit: Unit | null, series: string, count: number): Promise<number>;
}
