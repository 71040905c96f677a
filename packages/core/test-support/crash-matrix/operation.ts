import type { ErrorCode, Lms } from '../../src/index.js';
import type { Faults } from '../../src/testing/index.js';
import type { RawState } from './raw-state.js';

/** What one point of the matrix works on: nobody else's leads, people, line, user or file. */
export interface Subject {
  /** Campaign of its leads, idempotency key of its command, and part of every name it makes. */
  readonly tag: string;
  /** Counts the points of a store, so that each has phones of its own. */
  readonly serial: number;
  /** Ids of the leads that were there before. */
  readonly leads: readonly string[];
  /** A folder that is the point's own. */
  readonly folder: string;
}

/** What prepares a point: the store, and ways to leave it as a bad day would. */
export interface Workshop {
  readonly lms: Lms;
  readonly faults: Faults;
  /** Moves the clock of this process, there and back. */
  travel(millis: number): void;
  /** True when documents and ledger are one database. */
  readonly oneDatabase: boolean;
}

/** A writing operation that may be cut at any command. */
export interface CrashOperation {
  readonly name: string;
  /** Makes what the operation changes. @returns ids of the leads it works on */
  prepare?(workshop: Workshop, subject: Omit<Subject, 'leads'>): Promise<readonly string[]>;
  /** The operation itself; called again after a crash, as a caller would who heard nothing. */
  run(lms: Lms, subject: Subject): Promise<void>;
  /** Refusals that tell a caller without an idempotency key that the first call took effect. */
  readonly doneAlready?: readonly ErrorCode[];
  /**
   * Signs of the effect, read from the raw store: each is there or not, and says exactly how often, so that what happened twice
   * is not there either.
   */
  signs(state: RawState, subject: Subject): Readonly<Record<string, boolean>>;
  /** The effect is of several units, each of which is whole or not at all. */
  readonly inParts?: true;
  /** Cut at every point of the embedded store in each test run; the others at some, and at every point in a full run. */
  readonly everyRun?: true;
  /** It takes up whatever lies about in the store, so only one point at a time can be watched. */
  readonly alone?: true;
}
