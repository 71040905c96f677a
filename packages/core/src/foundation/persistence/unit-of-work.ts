/** Where an aggregate lives: documents of changing shape, or the relational ledger. */
export type Home = 'documents' | 'ledger';

/**
 * An open transaction of one home, made by {@link UnitOfWork.run} and good only inside it. Stores take it as their first
 * argument; where a store takes `Unit | null`, null reads the last committed state outside any transaction.
 */
export interface Unit {
  readonly home: Home;
  /** True when documents and ledger are one database: this unit then serves the stores of both homes. */
  readonly bothHomes: boolean;
}

export interface UnitOptions {
  /** Aborting before the commit has begun rolls back and throws `COMMAND_ABORTED`; later it has no effect. */
  readonly signal?: AbortSignal;
  /**
   * What this unit is likely to collide over with others, such as `lead:ID`. A store that would have to repeat such units
   * may run those of one process one after the other. Changes nothing of the promises.
   */
  readonly contends?: string;
  /**
   * Called at the commit with what is still to follow, in the other home or on the disk; `run` then resolves without waiting for it, so
   * that a long command can go on meanwhile. The promise rejects when what was written may be lost with the power. Not called where
   * nothing is to follow.
   */
  readonly onFollowing?: (followed: Promise<void>) => void;
}

export interface UnitOfWork {
  /** True when documents and ledger are one database (embedded, MySQL alone). */
  readonly oneDatabase: boolean;

  /**
   * Runs `work` in one transaction of `home` and commits it.
   *
   * MUST: either everything written through the unit is visible and durable when the promise resolves, or (when `work`
   * throws, the process dies, or the commit fails) nothing is.
   * MUST: on a collision with another transaction (deadlock, write conflict, unique key taken meanwhile) the attempt is
   * rolled back and `work` is called again, so `work` has no effect but through the unit. After too many repeats:
   * `STORE_CONFLICT`. A store that commits waiting units together may also call `work` again because a neighbour in the
   * same group failed.
   * MUST: `work` does no I/O but the stores' and does not call `run` again.
   */
  run<Result>(home: Home, work: (unit: Unit) => Promise<Result>, options?: UnitOptions): Promise<Result>;
}
