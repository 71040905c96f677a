import type { Clock, IdSource } from '../foundation/kernel/index.js';
import type { RawStore } from '../storage/raw-store.js';
import type { Storage } from '../storage/storage.js';

/** Where ids and words come from that nothing else in the store has. */
export interface SampleSource {
  readonly ids: IdSource;
  readonly clock: Clock;
  /** A text no other case has: `word('line')` is `line-018f...`. */
  word(prefix: string): string;
}

/** What a case works with. Cases share one store, so each makes its own ids, slugs and keys. */
export interface ConformanceContext extends SampleSource {
  readonly storage: Storage;
  /** A second handle on the same store, as another process would have: what one writes the other must see. */
  readonly other: Storage;
  /** The same store past its code: what another program or a console could do to it. */
  readonly raw: RawStore;
}

/** One promise of the storage ports, checked without a test runner. */
export interface ConformanceCase {
  /** Stable: `topic/what`. */
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD';
  /** The promise, as a sentence. */
  readonly title: string;
  /** Resolves when the store keeps the promise; throws what was seen instead. */
  run(context: ConformanceContext): Promise<void>;
}
