/** Time as a port. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

/** An instant in UTC with milliseconds: `2026-01-31T09:30:00.000Z`. Sorts as text. */
export type Instant = string;

export function toInstant(epochMillis: number): Instant {
  return new Date(epochMillis).toISOString();
}

export function instantNow(clock: Clock): Instant {
  return toInstant(clock.now());
}
