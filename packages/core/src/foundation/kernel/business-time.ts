import { LmsError } from './errors.js';
import { dateOfDayNumber, dayNumber, type LocalDate } from './local-date.js';
import { quoted } from './quoted.js';
import { offsetsOf } from './zone-offset.js';

/** A time of day: `09:30`, or with seconds and milliseconds `18:30:00`, `18:30:00.250`; `24:00` is the end of the day. */
export type LocalTime = string;

/**
 * Calendar and wall clock of one time zone. Instants are epoch milliseconds from 1899 to 2200; outside,
 * `DATE_INVALID`. A few tenths of a microsecond a call once a week's offset is known.
 */
export interface BusinessTime {
  /** The IANA name of the zone. */
  readonly zone: string;
  /** The day on which the instant falls. */
  localDate(epochMillis: number): LocalDate;
  /** The time on the wall, `HH:MM:SS`. */
  localTime(epochMillis: number): LocalTime;
  /** Year and month in one: `202601`, as in lead numbers. */
  month(epochMillis: number): string;
  /** The first instant of the day. @throws LmsError `DATE_INVALID` */
  startOfDay(date: LocalDate): number;
  /**
   * The instant at which the wall shows this time. When clocks go forward over it, as much later as they went forward;
   * when they show it twice, the first. @throws LmsError `DATE_INVALID`
   */
  atLocal(date: LocalDate, time: LocalTime): number;
}

export const defaultBusinessZone = 'Asia/Kolkata';

const dayMillis = 86_400_000;
const timePattern = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{3}))?)?$/;

/** @throws LmsError `TIME_ZONE_UNKNOWN` when this machine knows no such zone */
export function businessTime(zone: string = defaultBusinessZone): BusinessTime {
  const offsets = offsetsOf(zone);
  let cachedDay = Number.NaN;
  let cachedDate: LocalDate = '';

  const localMillis = (epochMillis: number): number => epochMillis + offsets.at(epochMillis);

  const dateOfDay = (day: number): LocalDate => {
    if (day !== cachedDay) {
      cachedDate = dateOfDayNumber(day);
      cachedDay = day;
    }
    return cachedDate;
  };
  const localDate = (epochMillis: number): LocalDate => dateOfDay(Math.floor(localMillis(epochMillis) / dayMillis));

  const atWall = (wall: number): number => {
    // Before and after any change of clocks near the wanted time; a zone never shifts by more than a day and a half.
    const before = offsets.at(wall - 1.5 * dayMillis);
    const after = offsets.at(wall + 1.5 * dayMillis);
    if (localMillis(wall - before) === wall) return wall - before;
    if (localMillis(wall - after) === wall) return wall - after;
    return wall - before;
  };

  return {
    zone,
    localDate,
    localTime(epochMillis) {
      const millis = localMillis(epochMillis);
      const seconds = Math.floor(millis / 1000) - Math.floor(millis / dayMillis) * 86_400;
      return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
        .map((part) => String(part).padStart(2, '0'))
        .join(':');
    },
    month(epochMillis) {
      const date = localDate(epochMillis);
      return date.slice(0, 4) + date.slice(5, 7);
    },
    startOfDay(date) {
      return atWall(dayNumber(date) * dayMillis);
    },
    atLocal(date, time) {
      return atWall(dayNumber(date) * dayMillis + timeOfDayMillis(time));
    },
  };
}

/** Milliseconds since midnight on the wall. @throws LmsError `DATE_INVALID` */
export function timeOfDayMillis(time: LocalTime): number {
  const [, hours, minutes, seconds = '0', millis = '0'] = timePattern.exec(time) ?? [];
  const total = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(millis);
  if (hours === undefined || Number(minutes) > 59 || Number(seconds) > 59 || total > dayMillis) {
    throw new LmsError('DATE_INVALID', {
      message: `${quoted(time)} is not a time of day; expected HH:MM from 00:00 to 24:00, such as 09:30`,
    });
  }
  return total;
}
