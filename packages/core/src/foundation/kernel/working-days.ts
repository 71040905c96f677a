import { type BusinessTime, timeOfDayMillis } from './business-time.js';
import { dateOfDayNumber, dayNumber } from './local-date.js';
import type { WorkingDay } from './working-hours.js';

/** A stretch of working time: from `start` up to `end`, in epoch milliseconds. */
export interface WorkingStretch {
  readonly start: number;
  readonly end: number;
}

interface KnownDay {
  /** When the next day begins. */
  readonly end: number;
  readonly stretches: readonly WorkingStretch[];
  readonly total: number;
}

/** Days whose working time is added up once, so that a far promise steps over them at once. */
export const daysInBlock = 64;
const mostKeptDays = 4096;
const mostKeptBlocks = 1024;

/** The working time of each day by the wall, a night shift parted at midnight. Days are day numbers; what was asked once is kept. */
export class WorkingDays {
  readonly #time: BusinessTime;
  readonly #plan: (day: number) => WorkingDay;
  readonly #days = new Map<number, KnownDay>();
  readonly #blocks = new Map<number, number>();

  constructor(time: BusinessTime, plan: (day: number) => WorkingDay) {
    this.#time = time;
    this.#plan = plan;
  }

  /** The day in whose stretches the instant would be. */
  dayOf(epochMillis: number): number {
    const day = dayNumber(this.#time.localDate(epochMillis));
    // Where clocks go back over midnight, the end of a day is shown once more when the next has begun.
    return epochMillis < this.#known(day).end ? day : day + 1;
  }

  /** In order, none touching what another has. */
  stretchesOf(day: number): readonly WorkingStretch[] {
    return this.#known(day).stretches;
  }

  totalOf(day: number): number {
    return this.#known(day).total;
  }

  /** Of the 64 days from `block * 64` on. */
  totalOfBlock(block: number): number {
    const known = this.#blocks.get(block);
    if (known !== undefined) return known;
    if (this.#blocks.size >= mostKeptBlocks) this.#blocks.clear();
    let total = 0;
    for (let day = block * daysInBlock; day < (block + 1) * daysInBlock; day += 1) total += this.totalOf(day);
    this.#blocks.set(block, total);
    return total;
  }

  #known(day: number): KnownDay {
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    if (this.#days.size >= mostKeptDays) this.#days.clear();
    const bounds = { start: this.#startOf(day), end: this.#startOf(day + 1) };
    const stretches = this.#made(day, bounds);
    const total = stretches.reduce((sum, { start, end }) => sum + end - start, 0);
    const made = { end: bounds.end, stretches, total };
    this.#days.set(day, made);
    return made;
  }

  /** Clipped to the day itself, so that hours which a jump of the clocks moves into another day do not count there too. */
  #made(day: number, bounds: WorkingStretch): readonly WorkingStretch[] {
    const opened = [...this.#opened(day - 1, isOvernight), ...this.#opened(day, () => true)];
    return united(
      opened.map(({ start, end }) => ({ start: Math.max(bounds.start, start), end: Math.min(bounds.end, end) })),
    );
  }

  /** What opens on a day, as far as it is wanted. */
  #opened(day: number, wanted: (hours: WorkingDay[number]) => boolean): readonly WorkingStretch[] {
    return this.#plan(day)
      .filter(wanted)
      .map((hours) => ({
        start: this.#time.atLocal(dateOfDayNumber(day), hours[0]),
        end: this.#time.atLocal(dateOfDayNumber(isOvernight(hours) ? day + 1 : day), hours[1]),
      }));
  }

  #startOf(day: number): number {
    return this.#time.startOfDay(dateOfDayNumber(day));
  }
}

/** True of hours that end on the day after they began. */
function isOvernight([opens, closes]: WorkingDay[number]): boolean {
  return timeOfDayMillis(closes) < timeOfDayMillis(opens);
}

/** Where clocks jump, openings may meet or change places: what two stretches share counts once. */
function united(stretches: readonly WorkingStretch[]): readonly WorkingStretch[] {
  const result: WorkingStretch[] = [];
  let reached = Number.NEGATIVE_INFINITY;
  for (const { start, end } of [...stretches].sort((one, other) => one.start - other.start)) {
    const begin = Math.max(start, reached);
    if (begin >= end) continue;
    result.push({ start: begin, end });
    reached = end;
  }
  return result;
}
