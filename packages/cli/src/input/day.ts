import { addDays, businessTime, type Instant, LmsError, parseLocalDate, toInstant } from '@lms/core/kernel';

/** Whether the beginning of what is named is meant, or its end: the beginning of the next day, or of the next millisecond. */
export type DayEdge = 'from' | 'to';

/**
 * `2026-01-31`, a day of the business time zone, or an instant with its offset.
 * @throws LmsError `USAGE_INVALID`
 */
export function parseDay(text: string, options: { flag: string; edge: DayEdge; timeZone: string }): Instant {
  const { flag, edge, timeZone } = options;
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      const day = parseLocalDate(text);
      return toInstant(businessTime(timeZone).startOfDay(edge === 'from' ? day : addDays(day, 1)));
    }
    if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)) {
      return toInstant(Date.parse(text) + (edge === 'from' ? 0 : 1));
    }
  } catch (cause) {
    throw new LmsError('USAGE_INVALID', { message: `${flag}: "${text}" is not a date that exists`, path: flag, cause });
  }
  const message = `Write ${flag} as 2026-01-31, or with a time as 2026-01-31T09:30+05:30, not "${text}"`;
  throw new LmsError('USAGE_INVALID', { message, path: flag });
}
