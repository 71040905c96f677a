import { setImmediate as nextTurn } from 'node:timers/promises';
import { LmsError } from '../../kernel/index.js';
import type { LookupKeys } from '../lookup-keys.js';
import type { LookupPhase, LookupRing } from '../lookup-ring.js';
import {
  LookupRingMoved,
  type LookupRowCounts,
  type LookupRowKind,
  type LookupRows,
  type LookupWork,
  lookupRowKinds,
} from './lookup-rows.js';

/** How far a rotation of the look-up key is. */
export interface LookupProgress {
  readonly phase: LookupPhase;
  /** What is looked at; `facts` while the read models are written anew. */
  readonly rows: LookupRowKind | 'facts';
  /** Rows that this walk has looked at. */
  readonly looked: number;
  /** Rows that were taken over or removed until now. */
  readonly changed: number;
}

export interface LookupWalkOptions {
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LookupProgress) => void;
}

export interface RotatorPorts {
  readonly lookupKeys: LookupKeys;
  /** One of each kind. */
  readonly rows: Readonly<Record<LookupRowKind, LookupRows>>;
  /** Writes the read models of all leads anew. @returns false when it was stopped */
  readonly rebuildFacts: (signal: AbortSignal | undefined) => Promise<boolean>;
}

/** What a walk found, and whether it came to the end. */
export interface LookupWalk {
  readonly counts: LookupRowCounts;
  readonly finished: boolean;
}

/** What a run did. */
export interface LookupRun extends LookupWalk {
  readonly ring: LookupRing;
}

/** Walks over unique values until none is left to do: the first does all, the second sees so. */
const mostWalks = 5;
const mostAttempts = 10;

/**
 * Takes the store from one look-up key to the next, while others work, in the phases of {@link LookupPhase}. Which phase it is stands in the row of the
 * keys, and by which key a row was hashed stands in the row: so it can be killed anywhere and run again, and two at once do no harm.
 */
export class LookupRotator {
  readonly #ports: RotatorPorts;

  constructor(ports: RotatorPorts) {
    this.#ports = ports;
  }

  /** Begins, unless one is under way. @returns the keys to which the store is taken @throws LmsError with nothing begun where writers cannot be waited for */
  async begin(): Promise<LookupRing> {
    const { lookupKeys } = this.#ports;
    const before = await lookupKeys.committed();
    if (before.phase !== 'settled') return before;
    // Tried before anything is begun: it may need a right that the user of the store lacks, and without it no phase ends.
    await lookupKeys.awaitWriters();
    const key = lookupKeys.newKey();
    await this.#change(before, (now) => now.with(key));
    key.fill(0);
    return lookupKeys.committed();
  }

  /** Goes on until the newest of these keys alone is in force. */
  async run({ generation }: LookupRing, options: LookupWalkOptions): Promise<LookupRun> {
    const pass = new Pass(this.#ports, options);
    for (;;) {
      const ring = await this.#ports.lookupKeys.committed();
      if (ring.generation > generation || ring.phase === 'settled') return pass.ended(ring, true);
      try {
        const isDone = ring.phase === 'taking-over' ? await this.#takeOver(ring, pass) : await this.#clear(ring, pass);
        if (!isDone) return pass.ended(await this.#ports.lookupKeys.committed(), false);
      } catch (error) {
        if (!(error instanceof LookupRingMoved)) throw error;
      }
    }
  }

  /** Counts what an older key than the newest of these has hashed. */
  async count(ring: LookupRing, options: LookupWalkOptions): Promise<LookupWalk> {
    const pass = new Pass(this.#ports, options);
    for (const kind of lookupRowKinds) {
      if ((await pass.walk(kind, 'count', ring)) === null) return pass.ended(ring, false);
    }
    return pass.ended(ring, true);
  }

  /** As if a rotation began now, or went on. */
  async tried(): Promise<LookupRing> {
    const ring = await this.#ports.lookupKeys.committed();
    return ring.phase === 'settled' ? ring.with(this.#ports.lookupKeys.newKey()) : ring;
  }

  /** Whoever wrote under the keys of before has ended; whoever comes now claims under both. */
  async #takeOver(ring: LookupRing, pass: Pass): Promise<boolean> {
    await this.#ports.lookupKeys.awaitWriters();
    if (!(await pass.untilNone('uniqueKeys', 'take-over', ring))) return false;
    if ((await pass.walk('leads', 'take-over', ring)) === null) return false;
    if (!(await pass.rebuildFacts(ring))) return false;
    if (!(await this.#people(ring, pass))) return false;
    await this.#change(ring, (now) => now.in('clearing'));
    return true;
  }

  /** Whoever wrote under both has ended; nobody claims under the older key any more. */
  async #clear(ring: LookupRing, pass: Pass): Promise<boolean> {
    await this.#ports.lookupKeys.awaitWriters();
    if (!(await pass.untilNone('uniqueKeys', 'clear', ring))) return false;
    // Of two servers the ledger's units are not waited for: what one of them has written since is taken over now.
    if (!(await this.#people(ring, pass))) return false;
    await this.#change(ring, (now) => now.in('settled'));
    return true;
  }

  async #people(ring: LookupRing, pass: Pass): Promise<boolean> {
    for (const kind of ['consents', 'contactBlocks'] as const) {
      if ((await pass.walk(kind, 'take-over', ring)) === null) return false;
    }
    return true;
  }

  /** Unless somebody else does. */
  async #change(from: LookupRing, to: (ring: LookupRing) => LookupRing): Promise<void> {
    const { lookupKeys } = this.#ports;
    const isSame = (ring: LookupRing): boolean => ring.generation === from.generation && ring.phase === from.phase;
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      if (await lookupKeys.change((ring) => (isSame(ring) ? to(ring) : null))) return;
      // The row is changed by a rotation of the master key, too.
      if (!isSame(await lookupKeys.committed())) return;
    }
    throw new LmsError('STORE_CONFLICT', { message: 'the look-up keys kept being changed by others; try again' });
  }
}

/** The state of one run. */
class Pass {
  readonly #ports: RotatorPorts;
  readonly #options: LookupWalkOptions;
  readonly #counts: Record<LookupRowKind, number> = { uniqueKeys: 0, leads: 0, consents: 0, contactBlocks: 0 };
  #changed = 0;

  constructor(ports: RotatorPorts, options: LookupWalkOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  ended(ring: LookupRing, finished: boolean): LookupRun {
    return { ring, counts: { ...this.#counts }, finished };
  }

  /** @returns how many it found; null when it was stopped */
  async walk(kind: LookupRowKind, work: LookupWork, ring: LookupRing): Promise<number | null> {
    const { signal, onProgress } = this.#options;
    let [after, looked, found]: [string | null, number, number] = [null, 0, 0];
    for (;;) {
      if (signal?.aborted === true) return null;
      const step = await this.#ports.rows[kind].step(after, work, ring);
      looked += step.looked;
      found += step.found;
      this.#changed += step.changed;
      this.#counts[kind] += work === 'count' ? step.found : step.changed;
      onProgress?.({ phase: ring.phase, rows: kind, looked, changed: this.#changed });
      if (step.next === null) return found;
      after = step.next;
      await nextTurn();
    }
  }

  /** @returns false when it was stopped */
  async untilNone(kind: LookupRowKind, work: LookupWork, ring: LookupRing): Promise<boolean> {
    for (let walks = 1; walks <= mostWalks; walks += 1) {
      const found = await this.walk(kind, work, ring);
      if (found === null) return false;
      if (found === 0) return true;
    }
    throw new LmsError('STORE_CONFLICT', {
      message:
        'unique values keep being written under the older look-up key: is a process of an earlier release at work? Start each with this release, and rotate again',
    });
  }

  async rebuildFacts(ring: LookupRing): Promise<boolean> {
    const { signal, onProgress } = this.#options;
    onProgress?.({ phase: ring.phase, rows: 'facts', looked: 0, changed: this.#changed });
    return this.#ports.rebuildFacts(signal);
  }
}
