import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessTime } from '../../../foundation/kernel/index.js';
import { quietHoursShape, quietUntil } from './quiet-hours.js';

const india = businessTime('Asia/Kolkata');
const berlin = businessTime('Europe/Berlin');
const untilOf = (hours: { from: string; to: string }, at: string, time = india): string | null => {
  const until = quietUntil(hours, time, Date.parse(at));
  return until === null ? null : new Date(until).toISOString();
};

describe('quiet hours', () => {
  const night = { from: '21:00', to: '10:00' };
  it.each([
    ['before they begin', '2026-01-15T20:59:59.999+05:30', null],
    ['as they begin', '2026-01-15T21:00:00.000+05:30', '2026-01-16T04:30:00.000Z'],
    ['after midnight', '2026-01-16T03:00:00.000+05:30', '2026-01-16T04:30:00.000Z'],
    ['in their last moment', '2026-01-16T09:59:59.999+05:30', '2026-01-16T04:30:00.000Z'],
    ['as they end', '2026-01-16T10:00:00.000+05:30', null],
  ])('that go over midnight, %s', (_when, at, until) => {
    expect(untilOf(night, at)).toBe(until);
  });

  it('of one day do not hold on the next', () => {
    const noon = { from: '12:00', to: '14:00' };
    expect(untilOf(noon, '2026-01-15T13:00:00.000+05:30')).toBe('2026-01-15T08:30:00.000Z');
    expect(untilOf(noon, '2026-01-15T14:00:00.000+05:30')).toBeNull();
    expect(untilOf(noon, '2026-01-16T11:59:00.000+05:30')).toBeNull();
  });

  it('end when the wall shows it, an hour sooner or later where clocks change', () => {
    const asleep = { from: '22:00', to: '06:00' };
    // Nine hours when clocks go back on 25 October 2026, seven when they go forward on 28 March 2027.
    expect(untilOf(asleep, '2026-10-24T20:00:00.000Z', berlin)).toBe('2026-10-25T05:00:00.000Z');
    expect(untilOf(asleep, '2027-03-27T21:00:00.000Z', berlin)).toBe('2027-03-28T04:00:00.000Z');
    // A time that is skipped comes as much later as the clocks were moved; one that is shown twice is the first.
    expect(untilOf({ from: '22:00', to: '02:30' }, '2027-03-27T23:00:00.000Z', berlin)).toBe(
      '2027-03-28T01:30:00.000Z',
    );
    expect(untilOf({ from: '22:00', to: '02:30' }, '2026-10-25T00:00:00.000Z', berlin)).toBe(
      '2026-10-25T00:30:00.000Z',
    );
    expect(untilOf({ from: '22:00', to: '02:30' }, '2026-10-25T00:45:00.000Z', berlin)).toBeNull();
  });

  it('hold also where clocks go forward into them, and where the wall shows a part of them again', () => {
    // From 02:00 to 03:00 no wall shows a time on 28 March 2027; on 25 October 2026 each shows these times twice.
    const early = { from: '02:30', to: '05:00' };
    expect(untilOf(early, '2027-03-28T00:59:00.000Z', berlin)).toBeNull();
    expect(untilOf(early, '2027-03-28T01:00:00.000Z', berlin)).toBe('2027-03-28T03:00:00.000Z');
    const late = { from: '22:00', to: '02:30' };
    expect(untilOf(late, '2026-10-25T00:59:59.999Z', berlin)).toBeNull();
    expect(untilOf(late, '2026-10-25T01:00:00.500Z', berlin)).toBe('2026-10-25T01:30:00.000Z');
    expect(untilOf(late, '2026-10-25T01:30:00.000Z', berlin)).toBeNull();
  });

  it('hold whenever the wall shows a time of theirs', () => {
    const quarter = fc.integer({ min: 0, max: 95 }).map((quarters) => india.localTime(quarters * 900_000).slice(0, 5));
    const moment = fc.integer({ min: Date.UTC(2026, 9, 20), max: Date.UTC(2027, 3, 5) });
    fc.assert(
      fc.property(quarter, quarter, moment, fc.constantFrom(india, berlin), (from, to, at, time) => {
        fc.pre(from !== to);
        const wall = time.localTime(at);
        const isQuiet = from < to ? wall >= from && wall < to : wall >= from || wall < to;
        if (isQuiet) expect(quietUntil({ from, to }, time, at)).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('end later than now, within a day, and are over at their end', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const text = (minutes: number): string =>
      `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    const moment = fc.integer({ min: Date.UTC(2026, 9, 20), max: Date.UTC(2027, 3, 5) });
    fc.assert(
      fc.property(minute, minute, moment, fc.constantFrom(india, berlin), (from, to, at, time) => {
        fc.pre(from !== to);
        const hours = { from: text(from), to: text(to) };
        const until = quietUntil(hours, time, at);
        if (until === null) return;
        expect(until).toBeGreaterThan(at);
        expect(until - at).toBeLessThanOrEqual(25 * 3_600_000);
        expect(quietUntil(hours, time, until)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [{ from: '21:00', to: '21:00' }],
    [{ from: '24:00', to: '08:00' }],
    [{ from: '9:00', to: '08:00' }],
    [{ from: '21:00', to: '08:00', timeZone: 'Asia/Atlantis' }],
    [{ from: '21:00' }],
  ])('are refused that are none: %j', (hours) => {
    expect(quietHoursShape.safeParse(hours).success).toBe(false);
  });
});
