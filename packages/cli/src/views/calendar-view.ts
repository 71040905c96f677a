import type { Calendar, CalendarDefinition } from '@lms/core';
import { stringify } from 'yaml';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

type Spans = Calendar['specialDays'][number]['hours'];

/** A calendar as its file has it, without what publishing adds. */
export function calendarDefinition(calendar: Calendar): CalendarDefinition {
  const { slug, name, timeZone, hours, holidays, specialDays } = calendar;
  return { slug, name, timeZone, hours, holidays, specialDays };
}

/** A calendar as a YAML file that a person edits and that reads back to the same. */
export function calendarText(calendar: Calendar): string {
  return stringify(calendarDefinition(calendar), { lineWidth: 120 });
}

/** A calendar for people. */
export function calendarLines(calendar: Calendar, { output, format }: Session): readonly string[] {
  const { slug, name, version, timeZone, hours, holidays, specialDays, publishedAt, publishedBy } = calendar;
  const days = [
    ...weekdays.map((day) => ({ day, hours: spansText(hours[day] ?? []), name: '' })),
    ...holidays.map((day) => ({ day: day.date, hours: 'closed', name: day.name })),
    ...specialDays.map((day) => ({ day: day.date, hours: spansText(day.hours), name: day.name })),
  ];
  return [
    output.style.bold(printable(`${slug}: ${name}`)),
    `Version ${version}, published ${format.time(publishedAt)} by ${publishedBy}; times in ${timeZone}`,
    '',
    table(
      days,
      [
        { heading: 'Day', cell: ({ day }) => day },
        { heading: 'Hours', cell: (row) => row.hours, minimum: 12 },
        { heading: 'Name', cell: (row) => printable(row.name), minimum: 8 },
      ],
      output,
    ),
  ];
}

/** Working time for people, exact to the second: `26 h 5 min`. */
export function workingTimeText(millis: number): string {
  const seconds = Math.floor(Math.abs(millis) / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return `${millis < 0 ? '-' : ''}${shown.length === 0 ? '0 s' : shown.join(' ')}`;
}

function spansText(spans: Spans): string {
  return spans.length === 0 ? 'closed' : spans.map(([opens, closes]) => `${opens}-${closes}`).join(', ');
}
