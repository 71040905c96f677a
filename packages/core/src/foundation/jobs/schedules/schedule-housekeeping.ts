import { type Clock, toInstant } from '../../kernel/index.js';
import { trimInRounds } from '../../persistence/index.js';
import type { ScheduleStore } from './schedule-store.js';

const keptMillis = 30 * 86_400_000;

/** Forgets schedules that nobody has looked after for 30 days. @returns how many */
export function trimSchedules(schedules: ScheduleStore, clock: Clock): Promise<number> {
  const before = toInstant(clock.now() - keptMillis);
  return trimInRounds((limit) => schedules.trim(before, limit));
}
