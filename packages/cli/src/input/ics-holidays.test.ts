import { expect, it } from 'vitest';
import { icsHolidays, isIcs } from './ics-holidays.js';

function calendar(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

function event(...lines: readonly string[]): readonly string[] {
  return ['BEGIN:VEVENT', 'UID:1@example', ...lines, 'END:VEVENT'];
}

it('reads the whole days of events, and their names', () => {
  const text = calendar(
    ...['BEGIN:VTIMEZONE', 'TZID:Asia/Kolkata', 'BEGIN:STANDARD', 'DTSTART:19700101T000000', 'END:STANDARD'],
    'END:VTIMEZONE',
    ...event('DTSTART;VALUE=DATE:20260126', 'DTEND;VALUE=DATE:20260127', 'SUMMARY;LANGUAGE=en:Republic Day'),
    ...event('DTSTART;X-NOTE="a:b;c";VALUE=DATE:20260304', 'SUMMARY:Holi\\, the second', ' \\; day'),
    ...event('DTSTART;VALUE=DATE:20261108', 'DTEND;VALUE=DATE:20261111', 'SUMMARY:Diwali\u2028'),
    ...event('DTSTART;VALUE=DATE:20261225', 'DURATION:P1D', 'BEGIN:VALARM', 'DTSTART:20261224T0900', 'END:VALARM'),
    ...event('DTSTART;VALUE=DATE:20261231', 'DTEND;VALUE=DATE:20261231', 'SUMMARY:One day'),
    ...event('DTSTART;VALUE=DATE:20260501', 'STATUS:CANCELLED', 'SUMMARY:Was moved'),
  );
  expect(isIcs(`\uFEFF${text}`)).toBe(true);
  expect(icsHolidays(`\uFEFF${text}`)).toEqual({
    days: [
      { date: '2026-01-26', name: 'Republic Day' },
      { date: '2026-03-04', name: 'Holi, the second; day' },
      { date: '2026-11-08', name: 'Diwali' },
      { date: '2026-11-09', name: 'Diwali' },
      { date: '2026-11-10', name: 'Diwali' },
      { date: '2026-12-25', name: '' },
      { date: '2026-12-31', name: 'One day' },
    ],
    problems: [],
  });
});

it.each([
  ['a time', ['DTSTART:20260126T093000Z'], 'line 5', 'whole day'],
  ['a day that does not exist', ['DTSTART;VALUE=DATE:20260230'], 'line 5', 'whole day'],
  ['no day', ['SUMMARY:Someday'], 'line 3', 'whole day'],
  ['a rule', ['DTSTART;VALUE=DATE:20260126', 'RRULE:FREQ=YEARLY'], 'line 6', 'repeats'],
  ['days that it names', ['DTSTART;VALUE=DATE:20260126', 'RDATE;VALUE=DATE:20270126'], 'line 6', 'repeats'],
  ['an end before it begins', ['DTSTART;VALUE=DATE:20260126', 'DTEND;VALUE=DATE:20260120'], 'line 6', 'day after'],
  ['an end that is a time', ['DTSTART;VALUE=DATE:20260126', 'DTEND:20260127T000000'], 'line 6', 'day after'],
  ['most of a year', ['DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:20261201'], 'line 6', 'at most 31 days'],
  ['hours', ['DTSTART;VALUE=DATE:20260101', 'DURATION:PT8H'], 'line 6', 'day after'],
  ['a line that is none', ['DTSTART;VALUE=DATE:20260126', 'Republic Day'], 'line 6', 'iCalendar'],
])('names the line of an event with %s', (_, lines, path, message) => {
  const { problems } = icsHolidays(calendar(...event(...lines)));
  expect(problems).toMatchObject([{ path, message: expect.stringContaining(message) }]);
});

it('finds a file that is cut off, or ends what has not begun', () => {
  const whole = calendar(...event('DTSTART;VALUE=DATE:20260126'));
  expect(icsHolidays(whole.slice(0, whole.indexOf('END:VEVENT'))).problems).toMatchObject([
    { path: 'line 3', message: expect.stringContaining('cut off') },
  ]);
  expect(icsHolidays('BEGIN:VCALENDAR\nEND:VEVENT\n').problems).toMatchObject([{ path: 'line 2' }]);
});

it('is bounded: of a file that is none twenty problems are told, and of one with too many days that', () => {
  expect(icsHolidays(`BEGIN:VCALENDAR\n${'none\n'.repeat(10_000)}`).problems).toHaveLength(20);
  const many = Array.from({ length: 400 }, () => event('DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:20260131'));
  expect(icsHolidays(calendar(...many.flat())).problems).toMatchObject([{ message: 'there are more than 5000 days' }]);
});

it('a line is bounded, however it is folded', () => {
  const long = `SUMMARY${';"a'.repeat(3_000)}\n ${':b'.repeat(3_000)}`;
  expect(icsHolidays(calendar(...event('DTSTART;VALUE=DATE:20260126', long))).problems).toMatchObject([
    { path: 'line 6' },
  ]);
});
