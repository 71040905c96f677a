import { constantFrom, assert as holds, integer, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { businessTime, toInstant } from '../../kernel/index.js';
import { parseCron } from './cron-expression.js';

function nextTimes(text: string, after: string, zone: string, count: number): readonly (string | null)[] {
  const [cron, time] = [parseCron(text), businessTime(zone)];
  const found: (string | null)[] = [];
  for (let at: number | null = Date.parse(after); found.length < count && at !== null; ) {
    at = cron.next(at, time);
    found.push(at === null ? null : toInstant(at));
  }
  return found;
}

const mumbai = 'Asia/Kolkata';
const berlin = 'Europe/Berlin';

it.each([
  ['0 2 * * *', '2026-01-15T00:00:00.000Z', ['2026-01-15T20:30:00.000Z', '2026-01-16T20:30:00.000Z']],
  // The instant itself is not after it.
  ['*/15 * * * *', '2026-01-15T00:15:00.000Z', ['2026-01-15T00:30:00.000Z', '2026-01-15T00:45:00.000Z']],
  ['30 9 * * mon-fri', '2026-01-16T12:00:00.000Z', ['2026-01-19T04:00:00.000Z', '2026-01-20T04:00:00.000Z']],
  ['0 0 * * 7', '2026-01-15T00:00:00.000Z', ['2026-01-17T18:30:00.000Z']],
  // Either the thirteenth or a Friday.
  ['0 12 13 * FRI', '2026-02-01T00:00:00.000Z', ['2026-02-06T06:30:00.000Z', '2026-02-13T06:30:00.000Z']],
  ['0 12 1,15 jan,jul *', '2026-01-16T00:00:00.000Z', ['2026-07-01T06:30:00.000Z', '2026-07-15T06:30:00.000Z']],
  ['0 0 29 2 *', '2026-01-01T00:00:00.000Z', ['2028-02-28T18:30:00.000Z']],
  [
    '10-20/5,50 6 * * *',
    '2026-01-15T00:00:00.000Z',
    ['2026-01-15T00:40:00.000Z', '2026-01-15T00:45:00.000Z', '2026-01-15T00:50:00.000Z', '2026-01-15T01:20:00.000Z'],
  ],
] as const)('%s after %s', (text, after, expected) => {
  expect(nextTimes(text, after, mumbai, expected.length)).toEqual(expected);
});

it('comes once on the day when clocks go over its time or show it twice', () => {
  // 29 March 2026: 02:00 becomes 03:00. 25 October 2026: 03:00 becomes 02:00.
  expect(nextTimes('30 2 * * *', '2026-03-28T12:00:00.000Z', berlin, 2)).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ]);
  expect(nextTimes('30 2 * * *', '2026-10-24T12:00:00.000Z', berlin, 2)).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ]);
  expect(nextTimes('0 * * * *', '2026-03-29T00:30:00.000Z', berlin, 2)).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-29T02:00:00.000Z',
  ]);
});

it('of several hours each comes once on such a day, and what repeats goes on through the hour that comes twice', () => {
  expect(nextTimes('30 2,14 * * *', '2026-03-28T22:00:00.000Z', berlin, 2)).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-29T12:30:00.000Z',
  ]);
  expect(nextTimes('*/30 * * * *', '2026-10-25T00:00:00.000Z', berlin, 4)).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T01:00:00.000Z',
    '2026-10-25T01:30:00.000Z',
    '2026-10-25T02:00:00.000Z',
  ]);
});

it('never gives a time that is not later, and leaves none out: it agrees with a look at every minute', () => {
  const part = constantFrom('*', '*/7', '3', '1-4', '2,5');
  const fields = record({
    minute: part,
    hour: part,
    day: part,
    weekday: part,
    start: integer({ min: 0, max: 600_000 }),
  });
  const utc = businessTime('UTC');
  holds(
    property(fields, ({ minute, hour, day, weekday, start }) => {
      const text = `${minute} ${hour} ${day} * ${weekday}`;
      const after = Date.UTC(2026, 0, 1) + start * 60_000;
      const next = parseCron(text).next(after, utc);
      expect(next).not.toBeNull();
      expect(next).toBeGreaterThan(after);
      const looked = Math.min(next ?? 0, after + 3 * 86_400_000);
      for (let at = (Math.floor(after / 60_000) + 1) * 60_000; at < looked; at += 60_000) {
        expect(isOn(text, new Date(at)), `${text} at ${toInstant(at)}`).toBe(false);
      }
      expect(isOn(text, new Date(next ?? 0))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

/** Read again, in the plainest way. */
function isOn(text: string, at: Date): boolean {
  const [minute = '', hour = '', day = '', , weekday = ''] = text.split(' ');
  const byDay = has(day, at.getUTCDate(), 1);
  const byWeekday = has(weekday, at.getUTCDay(), 0);
  const isEither = !day.startsWith('*') && !weekday.startsWith('*');
  const onDay = isEither ? byDay || byWeekday : byDay && byWeekday;
  return has(minute, at.getUTCMinutes(), 0) && has(hour, at.getUTCHours(), 0) && onDay;
}

function has(field: string, number: number, least: number): boolean {
  if (field === '*') return true;
  if (field === '*/7') return (number - least) % 7 === 0;
  if (field === '1-4') return number >= 1 && number <= 4;
  return field.split(',').includes(String(number));
}

it.each([
  '',
  '* * * *',
  '* * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * * 13 *',
  '* * * * 8',
  'x * * * *',
  '5-1 * * * *',
  '*/0 * * * *',
  '1-2-3 * * * *',
  '0 0 30 2 * extra',
  '@daily',
  '? * * * *',
  '2026-01-15T00:00:00',
])('refuses %j', (text) => {
  expect(() => parseCron(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

it('knows that a time never comes', () => {
  expect(parseCron('0 0 30 2 *').next(Date.UTC(2026, 0, 1), businessTime(mumbai))).toBeNull();
});
