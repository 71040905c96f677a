import type { Clock } from '../foundation/kernel/index.js';

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #now: number;

  /** @param now an instant such as `2026-01-15T04:30:00.000Z` */
  constructor(now: string) {
    this.#now = Date.parse(now);
    if (Number.isNaN(this.#now)) throw new RangeError(`not an instant: ${now}`);
  }

  now(): number {
    return this.#now;
  }

  /** Moves on by `15m`, `36h`, `2d`, `250ms`. */
  advance(by: string): void {
    const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(by) ?? [];
    const millis = unit === undefined ? undefined : units[unit];
    if (amount === undefined || millis === undefined) throw new RangeError(`not a duration such as 15m: ${by}`);
    this.#now += Number(amount) * millis;
  }
}
