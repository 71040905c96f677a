import { z } from 'zod';
import { addDays, type BusinessTime, businessTime, hasCode, type LocalTime } from '../../../foundation/kernel/index.js';

/** A part of every day in which nobody is to be disturbed; it goes over midnight where it ends earlier than it begins. */
export interface QuietHours {
  /** `21:00`; belongs to it. */
  readonly from: LocalTime;
  /** `08:00`; does not belong to it. */
  readonly to: LocalTime;
  /** An IANA name; that of the store when absent. */
  readonly timeZone?: string;
}

const secondsADay = 86_400;

export const timeOfDayShape: z.ZodType<LocalTime> = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of day such as 21:00' });
export const timeZoneShape: z.ZodType<string> = z
  .string()
  .max(64)
  .refine(isZone, { error: 'expected a time zone that this machine knows, such as Asia/Kolkata' });

/** Of what begins and ends at one time nobody can say whether it is a day or nothing. */
export function hasLength({ from, to }: Pick<QuietHours, 'from' | 'to'>): boolean {
  return from !== to;
}

export const lengthExpected = 'expected another end than the beginning';

export const quietHoursShape: z.ZodType<QuietHours> = z
  .strictObject({ from: timeOfDayShape, to: timeOfDayShape, timeZone: timeZoneShape.exactOptional() })
  .refine(hasLength, { error: lengthExpected, path: ['to'] });

/**
 * When quiet hours end that hold at a moment; null where none do. Where clocks change they begin and end when the wall first shows it, or
 * would have shown it; where the wall shows a time of theirs besides, they hold too.
 * @param time of the zone of the hours
 */
export function quietUntil({ from, to }: QuietHours, time: BusinessTime, at: number): number | null {
  const today = time.localDate(at);
  const overMidnight = to < from;
  // Those of yesterday may not have ended.
  for (const day of [addDays(today, -1), today]) {
    const begins = time.atLocal(day, from);
    const ends = time.atLocal(overMidnight ? addDays(day, 1) : day, to);
    if (begins <= at && at < ends) return ends;
  }
  const wall = time.localTime(at);
  // Clocks have just changed, so they do not change again before the end.
  return isWithin({ from, to }, wall) ? at - (at % 1000) + secondsUntil(to, wall) * 1000 : null;
}

/** Whether the wall shows a time of theirs. */
function isWithin({ from, to }: Pick<QuietHours, 'from' | 'to'>, wall: LocalTime): boolean {
  return to < from ? wall >= from || wall < to : wall >= from && wall < to;
}

function secondsUntil(to: LocalTime, wall: LocalTime): number {
  return (secondOfDay(to) - secondOfDay(wall) + secondsADay) % secondsADay;
}

function secondOfDay(time: LocalTime): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60 + seconds;
}

function isZone(name: string): boolean {
  try {
    businessTime(name);
    return true;
  } catch (error) {
    if (hasCode(error, 'TIME_ZONE_UNKNOWN')) return false;
    throw error;
  }
}
