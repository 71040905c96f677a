import type { OwnTimerDraft, Timer, TimerListQuery } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import { parseDay } from '../input/day.js';
import { parseJson } from '../input/json.js';
import { table } from '../output/index.js';
import type { Session } from '../session.js';
import { nextPage } from './lead-list.js';

export interface TimerListOptions {
  readonly stuck?: true;
  readonly limit: number;
  readonly cursor?: string;
}

export interface TimerSetOptions {
  readonly at?: string;
  readonly afterWorking?: string;
  readonly calendar?: string;
  readonly from?: string;
  /** JSON. */
  readonly data?: string;
}

export async function listTimers(session: Session, { stuck, limit, cursor }: TimerListOptions): Promise<void> {
  const { me, output, format } = session;
  const query: TimerListQuery = {
    limit,
    ...(stuck === undefined ? {} : { stuck }),
    ...(cursor === undefined ? {} : { after: cursor }),
  };
  const { timers, next } = await me.timers.list(query);
  output.answer({ items: timers, nextCursor: next }, () =>
    timers.length === 0
      ? ''
      : table(
          timers,
          [
            { heading: 'Key', cell: ({ key }) => key },
            { heading: 'Due', cell: ({ dueAt }) => format.time(dueAt), importance: 4 },
            { heading: 'Calendar', cell: ({ working }) => working?.calendar ?? '', minimum: 8, importance: 1 },
            { heading: 'Event', cell: ({ eventType }) => eventType, minimum: 8, importance: 3 },
            { heading: 'Tries failed', cell: triesOf, align: 'right', importance: 2 },
            { heading: 'Error', cell: ({ lastError }) => lastError ?? '', minimum: 8, importance: 2 },
            { heading: 'Set by', cell: ({ actor }) => actor, minimum: 8 },
          ],
          output,
        ),
  );
  if (timers.length === 0) output.say('No timer matches.');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

/** @throws LmsError `USAGE_INVALID` unless one of `--at` and `--after-working` is given */
export async function setTimer(session: Session, key: string, options: TimerSetOptions): Promise<void> {
  const { me, output, format } = session;
  const timer = await me.timers.set(draftOf(session, key, options));
  const waits = timer.working === null ? '' : ` by version ${timer.working.version} of ${timer.working.calendar}`;
  output.answer(timer, () => `The timer is due at ${format.time(timer.dueAt)}${waits}.`);
}

export async function cancelTimer({ me, output }: Session, key: string): Promise<void> {
  const cancelled = await me.timers.cancel(key);
  output.answer({ key, cancelled }, () =>
    cancelled ? 'The timer is cancelled.' : 'There is no such timer, or it has fired: nothing is cancelled.',
  );
}

export async function retryTimer({ me, output, format }: Session, key: string): Promise<void> {
  const timer = await me.timers.retry(key);
  output.answer(timer, () => `The timer fires at ${format.time(timer.fireAt)}; lms work or lms tick sees to it.`);
}

function draftOf({ timeZone }: Session, key: string, options: TimerSetOptions): OwnTimerDraft {
  const { at, afterWorking, calendar, from, data } = options;
  const told = { key, ...(data === undefined ? {} : { data: parseJson(data, '--data') }) };
  if (at !== undefined && afterWorking === undefined && calendar === undefined && from === undefined) {
    return { ...told, dueAt: parseDay(at, { flag: '--at', edge: 'from', timeZone }) };
  }
  if (at === undefined && afterWorking !== undefined) {
    return {
      ...{ ...told, afterWorking },
      ...(calendar === undefined ? {} : { calendar }),
      ...(from === undefined ? {} : { from: parseDay(from, { flag: '--from', edge: 'from', timeZone }) }),
    };
  }
  const message = 'Say either --at TIME, or --after-working DURATION with or without --calendar and --from';
  throw new LmsError('USAGE_INVALID', { message, path: '--at' });
}

function triesOf({ attempts, stuck }: Timer): string {
  if (stuck) return `${attempts}, stuck`;
  return attempts === 0 ? '' : String(attempts);
}
