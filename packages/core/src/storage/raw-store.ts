/** What a constraint guards against. */
export type ConstraintKind = 'null' | 'value' | 'range' | 'duplicate' | 'orphan';

/** One write that an engine must refuse. */
export interface Violation {
  readonly kind: ConstraintKind;
  /** Such as `lead_facts.status = 'neither'`. */
  readonly name: string;
  /**
   * Tries the write past the store's code and leaves nothing behind. True when the engine refused it and took the same row
   * without the fault; false when it took the fault. Rejects when it refuses the row without the fault too.
   */
  isRefused(): Promise<boolean>;
}

/** An open transaction of somebody else on the documents home. */
export interface RawTransaction {
  /** Gives these leads to the partner `raw` and raises their placement version by one; waits for whoever holds their locks. */
  place(leadIds: readonly string[]): Promise<void>;
  commit(): Promise<void>;
  rollBack(): Promise<void>;
}

/**
 * How the documents home answers two transactions that write one lead: the second waits before it begins (`one-writer`), waits at
 * the row, so that two can wait for each other (`row-locks`), or is ended at once (`first-writer`).
 */
export type Concurrency = 'one-writer' | 'row-locks' | 'first-writer';

/**
 * A connection of its own to the databases of a store, past the store's code: what another program or a console could do there.
 * Made for tests; used by one caller at a time.
 */
export interface RawStore {
  readonly concurrency: Concurrency;
  /** One for each column, index and reference that the store's schema guards. */
  readonly violations: readonly Violation[];
  /** One transaction at a time. */
  begin(): Promise<RawTransaction>;
  /** Makes the kept totals of boards wrong, once a line: they count one lead of stage `new` more than there are. */
  miscount(productLine: string): Promise<void>;
  /**
   * Ends, on the servers, the connections (or where a server has sessions, the open transactions) of every other user of these
   * databases. @returns how many; 0 for a store without a server
   */
  cutOthers(): Promise<number>;
  close(): Promise<void>;
}
