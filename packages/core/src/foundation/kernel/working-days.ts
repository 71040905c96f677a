import { type BusinessTime, timeOfDayMillis } from './business-time.js';
import { dateOfDayNumber, dayNumber } from './local-date.js';
import type { WorkingDay } from './working-hours.js';

/** Times of day in milliseconds since midnight. */
interface WallHours {
  readonly opens: number;
  readonly closes: number;
}

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
const mostKeptDays = 1024;
const dayMillis = 86_400_000;
const mostKeptBlocks = 1024;

/** The working time of each day by the wall, a night shift parted at midnight. Days are day numbers; what was asked once is kept. */
export class WorkingDays {
  readonly #time: BusinessTime;
  readonly #plan: (day: number) => WorkingDay;
  readonly #days = new Map<number, KnownDay>();
  readonly #blocks = new Map<number, number>();
  readonly #walls = new WeakMap<WorkingDay, readonly WallHours[]>();

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
    // Their stretches are not kept: nobody has asked for them.
    let start = this.#startOf(block * daysInBlock);
    let total = 0;
    for (let day = block * daysInBlock; day < (block + 1) * daysInBlock; day += 1) {
      const { end, total: ofDay } = this.#days.get(day) ?? this.#dayFrom(start, day);
      total += ofDay;
      start = end;
    }
    this.#blocks.set(block, total);
    return total;
  }

  #known(day: number): KnownDay {
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    if (this.#days.size >= mostKeptDays) this.#days.clear();
    const made = this.#dayFrom(this.#days.get(day - 1)?.end ?? this.#startOf(day), day);
    this.#days.set(day, made);
    return made;
  }

  #dayFrom(start: number, day: number): KnownDay {
    const bounds = { start, end: this.#startOf(day + 1) };
    const stretches = this.#made(day, bounds);
    let total = 0;
    for (const stretch of stretches) total += stretch.end - stretch.start;
    return { end: bounds.end, stretches, total };
  }

  /** Clipped to the day itself, so that hours which a jump of the clocks moves into another day do not count there too. */
  #made(day: number, bounds: WorkingStretch): readonly WorkingStretch[] {
    const opened = this.#isEven(day, bounds)
      ? this.#openedEvenly(day, bounds.start)
      : [...this.#opened(day - 1, isOvernight), ...this.#opened(day, () => true)];
    return united(
      opened.map(({ start, end }) => ({ start: Math.max(bounds.start, start), end: Math.min(bounds.end, end) })),
    );
  }

  /** True of a day of 24 hours, in which no clock changes; so must be the day before where its last hours end on this one. */
  #isEven(day: number, { start, end }: WorkingStretch): boolean {
    if (end - start !== dayMillis) return false;
    return (
      !this.#wallHours(day - 1).some(({ opens, closes }) => closes < opens) ||
      start - this.#startOf(day - 1) === dayMillis
    );
  }

  /** What is open on an even day, whose times are as far from its start as the wall shows. */
  #openedEvenly(day: number, start: number): readonly WorkingStretch[] {
    const opened: WorkingStretch[] = [];
    for (const { opens, closes } of this.#wallHours(day - 1)) {
      if (closes < opens) opened.push({ start, end: start + closes });
    }
    for (const { opens, closes } of this.#wallHours(day)) {
      opened.push({ start: start + opens, end: start + (closes < opens ? dayMillis : closes) });
    }
    return opened;
  }

  #wallHours(day: number): readonly WallHours[] {
    const plan = this.#plan(day);
    const known = this.#walls.get(plan);
    if (known !== undefined) return known;
    const made = plan.map(([opens, closes]) => ({ opens: timeOfDayMillis(opens), closes: timeOfDayMillis(closes) }));
    this.#walls.set(plan, made);
    return made;
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
