import type { StoreAddress } from '../store-address.js';
import type { CountedCommands, CrashPoint } from './crash-point.js';
import type { PreparedSubject, Subject } from './operation.js';
import type { TableRows } from './store-rows.js';

/** What a child process is for; its one argument. */
export type ChildPlan = { readonly role: 'prepare' } | { readonly role: 'recover' } | RunPlan;

export interface RunPlan {
  readonly role: 'run';
  readonly address: StoreAddress;
  readonly operation: string;
  readonly subject: Subject;
  /** null runs unharmed, to count. */
  readonly point: CrashPoint | null;
  readonly counted: CountedCommands;
  /** Whether what a kill would leave of the embedded store is copied at each point where it can be something else. */
  readonly copies: boolean;
}

/** What a kill would have left of an embedded store, in a file of its own. */
export interface CopiedPoint {
  readonly point: CrashPoint;
  readonly file: string;
  readonly acknowledged: boolean;
}

/** What an unharmed run tells. */
export interface Unharmed {
  readonly commands: number;
  /** Points at which it was looked. */
  readonly looks: number;
  /** Where that found something new. */
  readonly copies: readonly CopiedPoint[];
}

/** What a running process tells: that its caller was answered, and how many commands it took in all. */
export type RunMessage =
  | { readonly kind: 'acknowledged' }
  | ({ readonly kind: 'unharmed' } & Unharmed)
  | { readonly kind: 'failed'; readonly error: string };

/** What a preparing process is asked, one after the other. */
export type PrepareQuestion =
  | { readonly ask: 'store'; readonly address: StoreAddress }
  | {
      readonly ask: 'subject';
      readonly address: StoreAddress;
      readonly operation: string;
      readonly subject: PreparedSubject;
    }
  | { readonly ask: 'close'; readonly address: StoreAddress };

export type PrepareAnswer =
  | { readonly leads: readonly string[] }
  | { readonly done: true }
  | { readonly error: string };

/** Where an operation was cut, and what its caller knows. */
export interface CutPoint {
  readonly operation: string;
  readonly address: StoreAddress;
  readonly subject: Subject;
  /** What the store must hold in the end, of an operation that says whose rows these are. */
  readonly source: readonly TableRows[];
  /** For messages: `move, before command 3`. */
  readonly label: string;
  readonly acknowledged: boolean;
}

/** What is wrong, a line each, with the point in front. */
export interface RecoverAnswer {
  readonly problems: readonly string[];
}
