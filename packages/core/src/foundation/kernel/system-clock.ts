import type { Clock } from './clock.js';

/** The machine's clock: the only place in core that reads it. */
export const systemClock: Clock = { now: () => Date.now() };
