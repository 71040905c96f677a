import { z } from 'zod';
import {
  checkInput,
  cleanText,
  type Instant,
  instantShape,
  isLocalDate,
  type LocalDate,
  type WorkingDay,
  type WorkingHours,
} from '../kernel/index.js';

/** A calendar to publish. */
export interface CalendarDefinition {
  /** Names it: `office`. The one called `default` counts wherever none is named. */
  readonly slug: string;
  readonly name: string;
  /** IANA zone; that of the store when absent. */
  readonly timeZone?: string;
  /** Hours by weekday; a weekday that is absent is closed. */
  readonly hours: WorkingHours;
  /** Days on which nothing opens; at most 1,000, each once. */
  readonly holidays?: readonly { readonly date: LocalDate; readonly name?: string }[];
  /** Days with hours of their own, whatever the weekday and the holidays: half days, working Sundays; at most 1,000, each once. */
  readonly specialDays?: readonly { readonly date: LocalDate; readonly name?: string; readonly hours: WorkingDay }[];
}

export interface PublishCalendarOptions {
  /** The version that must be the newest, 0 for none; whichever is when absent. */
  readonly expectedVersion?: number;
}

export interface CalendarListQuery {
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 200; 50 when absent. */
  readonly limit?: number;
}

export interface CalendarVersionQuery {
  /** `next` of the page before. */
  readonly before?: number;
  /** 1 to 200; 50 when absent. */
  readonly limit?: number;
}

/** From when, and how much working time later. */
export interface DueQuestion {
  /** Slug; `default` when absent. */
  readonly calendar?: string;
  /** Now when absent. */
  readonly from?: Instant;
  /** Working time such as `90s`, `15m` or `2h`. */
  readonly afterWorking: string;
}

export interface BetweenQuestion {
  /** Slug; `default` when absent. */
  readonly calendar?: string;
  /** Now when absent. */
  readonly from?: Instant;
  readonly to: Instant;
}

export const defaultCalendar = 'default';

const mostDates = 1_000;
const mostSpans = 12;

/** What names a calendar. */
export const calendarSlug: z.ZodType<string> = z
  .string()
  .max(64, { error: 'at most 64 characters' })
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, { error: 'expected small letters, digits and single hyphens' });

/** Working time; a day is none of its units, because days differ in their hours. */
export const workingDuration: z.ZodType<string> = z.string().regex(/^[1-9]\d{0,8}[smh]$/, {
  error: 'expected working time such as 90s, 15m or 2h; days have no fixed number of working hours',
});

const label = (least: number): z.ZodType<string> =>
  z
    .string()
    .max(400)
    .transform(cleanText)
    .pipe(z.string().min(least, { error: 'expected text' }).max(100));
const date = z.string().refine(isLocalDate, { error: 'expected a day such as 2026-01-26' });
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'expected a time such as 09:30' });
const day: z.ZodType<WorkingDay> = z.array(z.tuple([time, time])).max(mostSpans, { error: 'at most 12 times a day' });
const hours: z.ZodType<WorkingHours> = z.strictObject({
  mon: day.exactOptional(),
  tue: day.exactOptional(),
  wed: day.exactOptional(),
  thu: day.exactOptional(),
  fri: day.exactOptional(),
  sat: day.exactOptional(),
  sun: day.exactOptional(),
});

function dates<Each extends { readonly date: LocalDate }>(each: z.ZodType<Each>): z.ZodType<readonly Each[]> {
  return z
    .array(each)
    .max(mostDates, { error: `at most ${mostDates} days` })
    .refine((all) => new Set(all.map((one) => one.date)).size === all.length, { error: 'a day stands twice' });
}

const definitionShape: z.ZodType<CalendarDefinition> = z.strictObject({
  slug: calendarSlug,
  name: label(1),
  timeZone: z.string().min(1).max(64).exactOptional(),
  hours,
  holidays: dates(z.strictObject({ date, name: label(0).exactOptional() })).exactOptional(),
  specialDays: dates(z.strictObject({ date, name: label(0).exactOptional(), hours: day })).exactOptional(),
});

/** A calendar from a file or a request. @throws LmsError `INPUT_INVALID`, which names each wrong place */
export function readCalendar(input: unknown): CalendarDefinition {
  return checkInput(definitionShape, input, 'the calendar cannot be published');
}

export const publishOptionsShape: z.ZodType<PublishCalendarOptions> = z.strictObject({
  expectedVersion: z.int().min(0).exactOptional(),
});

const limit = z.int().min(1).max(200);

export const listShape: z.ZodType<CalendarListQuery> = z.strictObject({
  after: calendarSlug.exactOptional(),
  limit: limit.exactOptional(),
});

export const versionsShape: z.ZodType<CalendarVersionQuery> = z.strictObject({
  before: z.int().min(1).exactOptional(),
  limit: limit.exactOptional(),
});

export const dueShape: z.ZodType<DueQuestion> = z.strictObject({
  calendar: calendarSlug.exactOptional(),
  from: instantShape.exactOptional(),
  afterWorking: workingDuration,
});

export const betweenShape: z.ZodType<BetweenQuestion> = z.strictObject({
  calendar: calendarSlug.exactOptional(),
  from: instantShape.exactOptional(),
  to: instantShape,
});
