import type { ErrorCode, Lms, Outbox, Storage } from '../../src/index.js';
import type { Faults } from '../../src/testing/index.js';
import type { StoreAddress } from '../store-address.js';
import type { RawState } from './raw-state.js';

/** What one point of the matrix works on: nobody else's leads, people, line, user or file. */
export interface Subject {
  /** Campaign of its leads, idempotency key of its command, and part of every name it makes. */
  readonly tag: string;
  /** Counts the points of a store, so that each has phones of its own. */
  readonly serial: number;
  /** Ids of what was there before: of leads, where the operation says nothing else. */
  readonly leads: readonly string[];
  /** A folder for what points of the store prepare. */
  readonly folder: string;
  /** A path of the point's own, for the file or folder that its operation writes beside the store; nothing is there. */
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
  /** Changes tables of the ledger past LMS. */
  damage(statements: readonly string[]): Promise<void>;
  /** Moves the clock of this process, there and back. */
  travel(millis: number): void;
  /** The same store with its two homes kept apart, as a backup of two servers leaves them in one database: what a commit of one asks of the other comes after it. */
  readonly apart: ApartStore;
  /** The same store as it was before its master key was changed for another. */
  readonly before: StoreBefore;
}

/** A store as processes see it that wrap with the key before. */
export interface StoreBefore {
  readonly lms: Lms;
  /** Wraps the keys of the whole store with the key before. */
  wrapStoreKeys(): Promise<void>;
}

/** A store whose outboxes can be left full. */
export interface ApartStore {
  readonly lms: Lms;
  readonly faults: Faults;
  readonly outbox: Outbox;
}

/** Each is there or not. */
export type Signs = Readonly<Record<string, boolean>>;

/** A writing operation that may be cut at any command. */
export interface CrashOperation {
  readonly name: string;
  /** Makes what the operation changes. @returns ids of what it works on, {@link Subject.leads} */
  prepare?(workshop: Workshop, subject: PreparedSubject): Promise<readonly string[]>;
  /** The operation itself; called again after a crash, as a caller would who heard nothing. */
  run(lms: Lms, subject: Subject, desk: Desk): Promise<void>;
  /** Refusals that tell a caller without an idempotency key that the first call took effect. */
  readonly doneAlready?: readonly ErrorCode[];
  /**
   * Signs of the effect, read from the raw store: each is there or not, and says exactly how often, so that what happened twice
   * is not there either.
   */
  signs(state: RawState, subject: Subject): Signs;
  /** The units that the effect is made of, each whole or not there at all; without it all signs are one. */
  units?(state: RawState, subject: Subject): readonly Signs[];
  /** Looks further, after recovery and again after the repeat. @returns what is wrong */
  look?(lms: Lms, subject: Subject): Promise<readonly string[]>;
  /**
   * It makes a store of its own where there is none: each point has an empty place, opening is part of the operation, and only
   * repeating it recovers.
   */
  fill?(address: StoreAddress): Promise<void>;
  /**
   * Whose rows a store that is filled must hold in the end: row by row those of the store that was prepared, or at least as many as it
   * was filled with.
   */
  readonly rowsOf?: 'prepared' | 'filled';
  /** Refusals by which a store is shut while it holds a part of its rows; where it opens, it holds all. */
  readonly shutBy?: readonly ErrorCode[];
  /** The effect is of several units, each of one sign. */
  readonly inParts?: true;
  /** What it works on is broken until it is done: only then must the invariants hold. */
  readonly mends?: true;
  /** Cut at every point of the embedded store where something changes in each test run; the others at some, and at every point in a full run. */
  readonly everyRun?: true;
  /** It writes files beside the store: between its reads, so these are points too wherever others are thinned out, and so is giving, taking or changing the name of a file. */
  readonly writesBeside?: true;
  /** It takes up whatever lies about in the store, so only one point at a time can be watched. */
  readonly alone?: true;
}
