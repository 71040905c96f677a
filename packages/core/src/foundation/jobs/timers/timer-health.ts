import type { CalendarStore } from '../../calendars/index.js';
import {
  type Clock,
  durationText,
  type Finding,
  longestOverdueMillis,
  toInstant,
  waitedMillis,
} from '../../kernel/index.js';
import type { TimerCounts, TimerStore } from './timer-store.js';
import { timersBehind } from './timers-behind.js';

/** How the timers of a store fare. */
export interface TimerHealth extends TimerCounts {
  /** How long the timer that is due longest has waited, in milliseconds; 0 when none is due. */
  readonly overdueMillis: number;
  /** Timers that wait to be counted anew, as their calendar was published again; housekeeping counts 10,000 a round. */
  readonly behind: number;
  /** False when a timer has been due for ten minutes without anybody firing it, or timers are stuck. */
  readonly ok: boolean;
}

export async function timerHealth({
  timers,
  calendars,
  clock,
}: {
  readonly timers: TimerStore;
  readonly calendars: CalendarStore;
  readonly clock: Clock;
}): Promise<TimerHealth> {
  const now = clock.now();
  const counts = await timers.counts(toInstant(now));
  const overdueMillis = waitedMillis(counts.oldestFireAt, now);
  const behind = await timersBehind({ timers, calendars });
  return { ...counts, overdueMillis, behind, ok: overdueMillis <= longestOverdueMillis && counts.stuck === 0 };
}

/** {@link TimerHealth} for people: one line of a health check. */
export function timersFinding(health: TimerHealth): Finding {
  const { due, stuck, overdueMillis, behind, ok } = health;
  const parts = [due === 0 ? 'none is due' : `${due} due`];
  if (stuck > 0) parts.push(`${stuck} stuck: lms timers list --stuck, then lms timers retry`);
  if (overdueMillis > longestOverdueMillis)
    parts.push(`the oldest is due for ${durationText(overdueMillis)}: is lms work running?`);
  if (behind > 0) parts.push(`${behind} to be counted anew by a calendar that was published since: lms tick does it`);
  return { name: 'timers', ok, message: parts.join('; ') };
}
