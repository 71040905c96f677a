import type { Asker } from '../data/big-store-answers.ts';

/** Where a page ended: the next one begins behind it. */
export interface Position {
  readonly value: string | number;
  readonly leadId: string;
}

/** Lists that are asked for: the newest first; or those of one stage and one city, by amount. */
export type ListName = 'newest' | 'filtered';

export interface ListedLeads {
  /** Numbers of the leads, in order. */
  readonly numbers: readonly string[];
  /** null after the last page. */
  readonly next: Position | null;
}

export interface PlainBoard {
  /** `stage count amountPaise` of each column that has leads, in any order. */
  readonly columns: readonly string[];
  /** `stage number` of each card, in order within its stage. */
  readonly cards: readonly string[];
}

/** What is asked of a store, answered by queries that somebody wrote for it, with the driver alone: nothing is opened or checked. */
export interface ByHand {
  /** Reads the document of a lead that the asker may see, and the key of its sealed values; gives its number. */
  lead(asker: Asker, id: string): Promise<string>;
  /** Reads a page of 50 leads with their documents and keys. */
  page(asker: Asker, list: ListName, after: Position | null): Promise<ListedLeads>;
  /** Counts and sums up each stage, and reads its first cards with their keys. */
  board(asker: Asker): Promise<PlainBoard>;
  close(): Promise<void>;
}

/** What the queries read of a lead that is shown whole. */
export function requireLead(document: string | object | null | undefined, key: unknown, id: string): void {
  const read: unknown = typeof document === 'string' ? JSON.parse(document) : document;
  if (typeof read === 'object' && read !== null && typeof key === 'string') return;
  throw new Error(`the lead ${id} has no document or no key`);
}
