import { type Clock, durationText, toInstant } from '../../kernel/index.js';
import type { TimerCounts, TimerStore } from './timer-store.js';

/** How the timers of a store fare. */
export interface TimerHealth extends TimerCounts {
  /** How long the timer that is due longest has waited, in milliseconds; 0 when none is due. */
  readonly overdueMillis: number;
  /** False when a timer has been due for ten minutes without anybody firing it, or timers are stuck. */
  readonly ok: boolean;
}

const longestOverdueMillis = 600_000;

export async function timerHealth({
  timers,
  clock,
}: {
  readonly timers: TimerStore;
  readonly clock: Clock;
}): Promise<TimerHealth> {
  const now = clock.now();
  const counts = await timers.counts(toInstant(now));
  const overdueMillis = counts.oldestFireAt === null ? 0 : Math.max(0, now - Date.parse(counts.oldestFireAt));
  return { ...counts, overdueMillis, ok: overdueMillis <= longestOverdueMillis && counts.stuck === 0 };
}

/** {@link TimerHealth} for people: one line of a health check. */
export function timersFinding(health: TimerHealth): {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
} {
  const { due, stuck, overdueMillis, ok } = health;
  const parts = [due === 0 ? 'none is due' : `${due} due`];
  if (stuck > 0) parts.push(`${stuck} stuck: lms timers list --stuck, then lms timers retry`);
  if (overdueMillis > longestOverdueMillis)
    parts.push(`the oldest is due for ${durationText(overdueMillis)}: is lms work running?`);
  return { name: 'timers', ok, message: parts.join('; ') };
}
