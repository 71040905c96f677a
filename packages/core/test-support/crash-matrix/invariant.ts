import type { RawState } from './raw-state.js';

/** What holds of every store at rest, whatever crashed before (guarantees 1 to 4 of the design). */
export interface Invariant {
  readonly name: string;
  /** What contradicts it, a line each; empty when it holds. */
  check(state: RawState): readonly string[];
}
