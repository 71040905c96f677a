import { type BusinessTime, businessTime, type Instant } from '../../../foundation/kernel/index.js';
import type { ClockTime, TableCell } from '../../../foundation/tables/index.js';

export interface InstantForm {
  readonly printed: string;
  readonly timeZone: string;
  /** False where a spreadsheet may show whole seconds only. */
  readonly exact: boolean;
}

export function instantCell(instant: Instant, { printed, timeZone, exact }: InstantForm): TableCell {
  const millis = Date.parse(instant);
  const isShown = !exact || millis % 1000 === 0;
  return { kind: 'instant', instant, printed, clock: isShown ? readBackClock(millis, timeIn(timeZone)) : null };
}

/** The business day and time, `2026-01-31 15:30:00`, as it is read where no zone is said. */
export function localText(instant: Instant, timeZone: string): string {
  const { date, time } = clockOf(Date.parse(instant), timeIn(timeZone));
  return `${date} ${time}`;
}

/** null where clocks went back and the wall showed the time twice: it would be read as the other one. */
function readBackClock(millis: number, time: BusinessTime): ClockTime | null {
  const seconds = Math.floor(millis / 1000) * 1000;
  const clock = clockOf(seconds, time);
  return time.atLocal(clock.date, clock.time) === seconds ? clock : null;
}

function clockOf(millis: number, time: BusinessTime): ClockTime {
  return { date: time.localDate(millis), time: time.localTime(millis) };
}

let latest: BusinessTime | null = null;

/** A store has one zone; making its calendar costs more than using it. */
function timeIn(zone: string): BusinessTime {
  latest = latest?.zone === zone ? latest : businessTime(zone);
  return latest;
}
