/** What every command takes. */
export interface CommandOptions {
  /** Repeating a call with the same key within 24 hours has no second effect. At most 255 characters. */
  readonly idempotencyKey?: string;
  /** Stops the command while nothing is committed yet. */
  readonly signal?: AbortSignal;
  /** Refuse with `LEAD_VERSION_STALE` when the lead is at another version. */
  readonly expectedVersion?: number;
}
