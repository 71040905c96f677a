/** One server's half of a store that is kept on two. */
export interface StoreHalf {
  /** The server and the database without credentials, for messages. */
  readonly server: string;
  /** The id of the store that this half is of, or null while it has none. */
  id(): Promise<string | null>;
  /** True when anything is kept beside the layout. */
  holdsData(): Promise<boolean>;
  /** Gives the half its id, unless it has one: of several callers at once one succeeds, and `id` tells all of them which. */
  takeId(id: string): Promise<void>;
}
