import type { AuditRow } from '../audit/index.js';

/** A value of a row: booleans are 0 and 1, instants ISO-8601 text, JSON is text, money whole minor units. */
export type StoredCell = string | number | null;

/** A row: one cell a column, in the order of its {@link TableLayout}. */
export type StoredRow = readonly StoredCell[];

/** Rows of one table. */
export interface RowBatch {
  readonly table: string;
  readonly rows: readonly StoredRow[];
}

export interface TableLayout {
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * What a store holds, as the same rows whichever shape it has: the tables of a SQL store. All of it as it was at one moment,
 * whatever is written meanwhile.
 */
export interface StoreSnapshot {
  /**
   * Batches of some 256 KB, a table's parents before it. A table may come in several parts. To be read once, and without long
   * pauses: servers keep an old state for a limited time.
   * @throws LmsError `STORE_UNAVAILABLE`, `STORE_MISCONFIGURED` when a server no longer has that state
   */
  batches(): AsyncIterable<RowBatch>;
  /** Lets go of the old state. Never throws. */
  close(): Promise<void>;
}

/** An empty store being filled. Until it is finished nobody else can open it (`STORE_RESTORING`). */
export interface StoreLoading {
  /**
   * Tables come parents first.
   * @throws LmsError `BACKUP_INVALID` for a table, a column or a row that the store refuses, `STORE_FAILED` when another filling has
   *   begun meanwhile, which may have ended too; nothing is written then
   */
  load(batch: RowBatch): Promise<void>;
  /**
   * Makes everything durable and opens the store to others.
   * @param rows how many rows each table must have
   * @throws LmsError `STORE_FAILED` when it has others; it then stays closed to everybody
   */
  finish(rows: ReadonlyMap<string, number>): Promise<void>;
  /** Lets go of the store; one that was not finished stays closed to everybody, until it is filled anew. Never throws. */
  close(): Promise<void>;
}

/** Copies of a whole store, out of it and into an empty one. */
export interface SnapshotStore {
  /** The layout of the rows. */
  readonly schemaVersion: number;
  /** Every table that is copied. */
  readonly tables: readonly TableLayout[];

  /** A row of the trail, as it can be loaded with the others. */
  trailRow(told: AuditRow): RowBatch;

  /**
   * The store must be open. Where copies of a process go one after the other, the signal ends one that waits, with its reason.
   * @throws LmsError `STORE_CLOSED`, `STORE_UNAVAILABLE`, `STORE_MISCONFIGURED` for a store in memory, `STORE_TOO_NEW` for one of a
   *   newer layout than this release copies, though it may work in it
   */
  snapshot(signal?: AbortSignal): Promise<StoreSnapshot>;

  /**
   * Begins to fill the store, which need not be open, and closes it to everybody else. What an earlier filling left behind is
   * taken away.
   * MUST: of two callers at once at most one finishes.
   * @throws LmsError `STORE_NOT_EMPTY` when the store holds anything, which is then left as it is, `STORE_LOCKED` while another filling is in
   *   the middle of a batch; and what opening throws
   */
  load(): Promise<StoreLoading>;
}
