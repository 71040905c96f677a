import type { ActorRef, ErrorCode, Instant } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';

/** How a call ended: `open` until that is known, which it never is when the process died meanwhile. */
export type ExchangeEnd = 'open' | 'answered' | ErrorCode;

/** The record of one call to another system. What is personal or secret is in the sealed parts alone. */
export interface StoredExchange {
  readonly id: string;
  readonly target: string;
  readonly purpose: string;
  /** What it was about; the sealed parts are under its data key. */
  readonly subject: { readonly kind: string; readonly id: string } | null;
  readonly actor: ActorRef;
  readonly correlationId: string | null;
  readonly method: string;
  readonly host: string;
  /** With `{name}` where parameters stood. */
  readonly path: string;
  readonly startedAt: Instant;
  readonly requestBytes: number;
  /** Keyed hash of the body; null where there was none. */
  readonly requestHash: string | null;
  readonly sealedRequest: string | null;
  readonly end: ExchangeEnd;
  readonly finishedAt: Instant | null;
  readonly status: number | null;
  /** How often it was tried, tries that reached nobody included; 0 while it is open. */
  readonly attempts: number;
  readonly responseBytes: number | null;
  readonly responseHash: string | null;
  readonly sealedResponse: string | null;
}

/** A record without its content, as lists have it. */
export type ExchangeSummary = Omit<StoredExchange, 'sealedRequest' | 'sealedResponse'>;

/** What is added to a record when the call has ended. */
export type ExchangeOutcome = Pick<
  StoredExchange,
  'end' | 'finishedAt' | 'status' | 'attempts' | 'responseBytes' | 'responseHash' | 'sealedResponse'
>;

/** How the record of a call stands until the call has ended. */
export const unended: ExchangeOutcome = {
  end: 'open',
  finishedAt: null,
  status: null,
  attempts: 0,
  responseBytes: null,
  responseHash: null,
  sealedResponse: null,
};

export interface ExchangeQuery {
  readonly target?: string;
  readonly purpose?: string;
  readonly subject?: { readonly kind: string; readonly id: string };
  readonly end?: ExchangeEnd;
  /** Begun from inclusive, to exclusive. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** Records after this id, newest first. */
  readonly after?: string;
  readonly limit: number;
}

/** Lives in the ledger. */
export interface ExchangeStore {
  insert(unit: Unit, exchange: StoredExchange): Promise<void>;
  /** MUST: ends a record that is open, once; false where it is not there or has ended, and then nothing is changed. */
  finish(unit: Unit, id: string, outcome: ExchangeOutcome): Promise<boolean>;
  get(id: string): Promise<StoredExchange | null>;
  /** Newest first (by id descending). */
  list(query: ExchangeQuery): Promise<readonly ExchangeSummary[]>;
  /** Forgets the oldest records begun before `before`, at most `limit`. @returns how many */
  trim(before: Instant, limit: number): Promise<number>;
}
