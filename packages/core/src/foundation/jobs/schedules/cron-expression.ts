import { Cron } from 'croner';
import { type BusinessTime, LmsError, quoted } from '../../kernel/index.js';

/** Times that come again, as cron writes them: minute, hour, day of the month, month, day of the week. */
export interface CronExpression {
  /**
   * The first time after an instant, on the wall of a zone; null when none ever comes. One that says its hours and minutes comes once a
   * day: as soon as clocks have gone forward over it, and the first time where they show it twice. One that repeats (`*`, a step) leaves
   * out what clocks go over, and goes on through an hour that comes twice.
   */
  next(after: number, time: BusinessTime): number | null;
}

/** Five fields; croner reads nicknames, dates and years, too. */
const form = /^\s*(?:[\da-z*,/#-]+\s+){4}[\da-z*,/#-]+\s*$/i;

/** @throws LmsError `CONFIG_INVALID` */
export function parseCron(text: string): CronExpression {
  const [, , day = '', , weekday = ''] = text.trim().split(/\s+/);
  // Of a day of the month and a day of the week that are both said, either is enough; a step of all says none.
  const isEither = !day.startsWith('*') && !weekday.startsWith('*');
  const inZone = (timezone: string): Cron =>
    new Cron(text, { timezone, mode: '5-part', domAndDow: !isEither, fixedTimeRule: 'no-wildcard' });
  if (!form.test(text)) throw invalid(text, null);
  try {
    inZone('UTC');
  } catch (cause) {
    throw invalid(text, cause);
  }
  return {
    next: (after, time) => inZone(time.zone).nextRun(new Date(after))?.getTime() ?? null,
  };
}

function invalid(text: string, cause: unknown): LmsError {
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  return new LmsError('CONFIG_INVALID', {
    message: `${quoted(text)} is no cron expression; expected five fields, such as 0 2 * * *${why}`,
    path: 'jobs.schedules',
  });
}
