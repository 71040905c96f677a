import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessTime } from './business-time.js';
import { dateOfDayNumber, dayNumber, type LocalDate } from './local-date.js';
import { workingCalendar } from './working-calendar.js';
import { type WorkingDay, type WorkingHours, weekdayOf } from './working-hours.js';

/** A slow second opinion: every minute of some weeks, with what the platform says the wall shows, and nothing computed. */

const minute = 60_000;
const minutesOfDay = 1440;

/** Weeks in which clocks do what they can: nothing, an hour forward and back, half an hour, and a day that never was. */
const windows = [
  ['Asia/Kolkata', '2026-01-20T00:00:00Z'],
  ['Europe/Berlin', '2026-03-24T00:00:00Z'],
  ['Europe/Berlin', '2026-10-20T00:00:00Z'],
  ['America/New_York', '2026-03-03T00:00:00Z'],
  ['America/New_York', '2026-10-27T00:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-01T00:00:00Z'],
  ['Africa/Cairo', '2026-04-20T00:00:00Z'],
  ['Pacific/Apia', '2011-12-26T00:00:00Z'],
] as const;
const windowDays = 11;

interface Days {
  readonly hours: WorkingHours;
  readonly holidays: readonly LocalDate[];
  readonly specialDays: Readonly<Record<LocalDate, WorkingDay>>;
}

class Window {
  readonly zone: string;
  readonly start: number;
  /** What the wall shows in each minute, as minutes since the start of 1970 as if there were no zones. */
  readonly wall: readonly number[];

  constructor(zone: string, start: string) {
    this.zone = zone;
    this.start = Date.parse(start);
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    this.wall = Array.from({ length: windowDays * minutesOfDay }, (_, at) => {
      const [date = '', time = ''] = format.format(this.start + at * minute).split(' ');
      return wallMinute(date, time);
    });
  }

  get dates(): readonly LocalDate[] {
    return [...new Set(this.wall.map((at) => Math.floor(at / minutesOfDay)))].map(dateOfDayNumber);
  }

  /** Which minutes are working time. */
  openMinutes({ hours, holidays, specialDays }: Days): readonly boolean[] {
    const open = this.wall.map(() => false);
    const first = Math.floor((this.wall[0] ?? 0) / minutesOfDay) - 1;
    for (let day = first; day <= first + windowDays + 3; day += 1) {
      const date = dateOfDayNumber(day);
      const plan = specialDays[date] ?? (holidays.includes(date) ? [] : (hours[weekdayOf(date)] ?? []));
      for (const [opens, closes] of plan) {
        const closing = closes < opens ? day + 1 : day;
        const [from, to] = [
          this.indexOf(wallMinute(date, opens)),
          this.indexOf(wallMinute(dateOfDayNumber(closing), closes)),
        ];
        for (let at = Math.max(0, from); at < Math.min(open.length, to); at += 1) {
          const shown = Math.floor((this.wall[at] ?? 0) / minutesOfDay);
          if (shown === day || shown === closing) open[at] = true;
        }
      }
    }
    return open;
  }

  /** When the wall shows it first; in a gap as much after it began as the wall would have gone on. */
  indexOf(wanted: number): number {
    if (wanted < (this.wall[0] ?? 0)) return wanted - (this.wall[0] ?? 0);
    const there = this.wall.indexOf(wanted);
    if (there >= 0) return there;
    const after = this.wall.findIndex((shown) => shown > wanted);
    const before = after < 0 ? this.wall.length - 1 : after - 1;
    return before + wanted - (this.wall[before] ?? 0);
  }
}

function wallMinute(date: LocalDate, time: string): number {
  return dayNumber(date) * minutesOfDay + Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function timeOf(quarter: number): string {
  return `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;
}

type Quarters = readonly (readonly [opens: number, closes: number])[];

/** At most two stretches of a day, in quarters of an hour. */
const quarters: fc.Arbitrary<Quarters> = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { maxLength: 4 })
  .map((found) => {
    const sorted = [...found].sort((one, other) => one - other);
    const pairs: [number, number][] = [];
    for (let at = 0; at + 1 < sorted.length; at += 2) pairs.push([sorted[at] ?? 0, sorted[at + 1] ?? 0]);
    return pairs;
  });
const night = fc.option(fc.tuple(fc.integer({ min: 60, max: 95 }), fc.integer({ min: 0, max: 40 })));

/** The day with the night after it, as far as neither it nor the next day is in the way. */
function withNight(day: Quarters, shift: readonly [number, number] | null, next: Quarters): WorkingDay {
  const plan = day.map(([opens, closes]) => [timeOf(opens), timeOf(closes)] as const);
  const opens = Math.max(day.at(-1)?.[1] ?? 0, shift?.[0] ?? 96);
  const closes = Math.min(next[0]?.[0] ?? 96, shift?.[1] ?? 0);
  return opens < 96 && closes < opens ? [...plan, [timeOf(opens), timeOf(closes)]] : plan;
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const weeks: fc.Arbitrary<WorkingHours> = fc
  .array(fc.tuple(quarters, night), { minLength: 7, maxLength: 7 })
  .map((days) =>
    Object.fromEntries(
      weekdays.map((name, at) => [
        name,
        withNight(days[at]?.[0] ?? [], days[at]?.[1] ?? null, days[(at + 1) % 7]?.[0] ?? []),
      ]),
    ),
  )
  .filter((hours) => Object.values(hours).some((day) => day.length > 0));

describe.each(windows)('working time in %s around %s', (zone, start) => {
  const window = new Window(zone, start);
  const end = window.start + window.wall.length * minute;
  const dates = fc.constantFrom(...window.dates);
  const days: fc.Arbitrary<Days> = fc.record({
    hours: weeks,
    holidays: fc.array(dates, { maxLength: 2 }),
    specialDays: fc.dictionary(
      dates,
      fc.tuple(quarters, night).map(([day, shift]) => withNight(day, shift, [])),
      { maxKeys: 2 },
    ),
  });
  /** Far enough from the edges that what is asked lies in the window. */
  const minutes = fc.integer({ min: 2 * minutesOfDay, max: (windowDays - 2) * minutesOfDay });

  it('is what a look at every minute finds', () => {
    fc.assert(
      fc.property(days, minutes, minutes, fc.nat(600), (given, one, other, wanted) => {
        const calendar = workingCalendar(businessTime(zone), given);
        const open = window.openMinutes(given);
        const instantOf = (at: number): number => window.start + at * minute;
        const [from, to] = [Math.min(one, other), Math.max(one, other)];

        expect(calendar.isWorking(instantOf(from))).toBe(open[from]);
        const passed = open.slice(from, to).filter(Boolean).length;
        expect(calendar.workingTimeBetween(instantOf(from), instantOf(to))).toBe(passed * minute);

        const next = open.indexOf(true, from);
        if (next >= 0) expect(calendar.nextWorking(instantOf(from))).toBe(instantOf(next));
        else expect(calendar.nextWorking(instantOf(from))).toBeGreaterThanOrEqual(end);

        let [due, left] = [from, wanted];
        for (; left > 0 && due < open.length; due += 1) if (open[due]) left -= 1;
        const added = calendar.addWorkingTime(instantOf(from), wanted * minute);
        if (left === 0) expect(added).toBe(instantOf(due));
        else expect(added).toBeGreaterThan(end);
      }),
      { numRuns: 60 },
    );
  });
});
