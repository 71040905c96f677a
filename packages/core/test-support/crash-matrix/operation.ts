import type { ErrorCode, Lms, Storage } from '../../src/index.js';
import type { Faults } from '../../src/testing/index.js';
import type { StoreAddress } from '../store-address.js';
import type { RawState } from './raw-state.js';

/** What one point of the matrix works on: nobody else's leads, people, line, user or file. */
export interface Subject {
  /** Campaign of its leads, idempotency key of its command, and part of every name it makes. */
  readonly tag: string;
  /** Counts the points of a store, so that each has phones of its own. */
  readonly serial: number;
  /** Ids of the leads that were there before. */
  readonly leads: readonly string[];
  /** A folder for what points of the store prepare. */
  readonly folder: string;
  /** A path of the point's own, for what its operation writes beside the store; nothing is there. */
  readonly output: string;
}

/** What a point works with: its store, opened by the first call. */
export interface Desk {
  readonly lms: Lms;
  readonly storage: Storage;
}

/** A subject before its leads are made. */
export type PreparedSubject = Omit<Subject, 'leads' | 'output'>;

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
  prepare?(workshop: Workshop, subject: PreparedSubject): Promise<readonly string[]>;
  /** The operation itself; called again after a crash, as a caller would who heard nothing. */
  run(lms: Lms, subject: Subject, desk: Desk): Promise<void>;
  /** Refusals that tell a caller without an idempotency key that the first call took effect. */
  readonly doneAlready?: readonly ErrorCode[];
  /**
   * Signs of the effect, read from the raw store: each is there or not, and says exactly how often, so that what happened twice
   * is not there either.
   */
  signs(state: RawState, subject: Subject): Readonly<Record<string, boolean>>;
  /** Looks further, after recovery and before the repeat. @returns what is wrong */
  look?(lms: Lms, subject: Subject): Promise<readonly string[]>;
  /**
   * It makes a store of its own where there is none: each point has an empty place, opening is part of the operation, and only
   * repeating it recovers.
   */
  fill?(address: StoreAddress): Promise<void>;
  /** The effect is of several units, each of which is whole or not at all. */
  readonly inParts?: true;
  /** Cut at every point of the embedded store where something changes in each test run; the others at some, and at every point in a full run. */
  readonly everyRun?: true;
  /** It writes beside the store between its reads, so these are points too wherever others are thinned out. */
  readonly writesBeside?: true;
  /** It takes up whatever lies about in the store, so only one point at a time can be watched. */
  readonly alone?: true;
}
