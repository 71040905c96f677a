import type { Schedule } from '@lms/core';
import { table } from '../output/index.js';
import type { Session } from '../session.js';
import { nextPage } from './lead-list.js';

export interface ScheduleListOptions {
  readonly limit: number;
  readonly cursor?: string;
}

export async function listSchedules(session: Session, { limit, cursor }: ScheduleListOptions): Promise<void> {
  const { me, output, format } = session;
  const { schedules, next } = await me.jobs.schedules({ limit, ...(cursor === undefined ? {} : { after: cursor }) });
  const runsNext = ({ nextAt, stopped }: Schedule): string => (stopped ? 'nobody looks after it' : format.time(nextAt));
  output.answer({ items: schedules, nextCursor: next }, () =>
    schedules.length === 0
      ? ''
      : table(
          schedules,
          [
            { heading: 'Schedule', cell: ({ name }) => name, minimum: 8, importance: 5 },
            { heading: 'When', cell: ({ plan }) => plan, minimum: 8, importance: 3 },
            { heading: 'Last run', cell: ({ lastAt }) => (lastAt === null ? '' : format.time(lastAt)), importance: 4 },
            { heading: 'Next run', cell: runsNext, importance: 4 },
            { heading: 'Kind', cell: ({ kind }) => kind, minimum: 8 },
          ],
          output,
        ),
  );
  if (schedules.length === 0) output.say('No process that runs jobs has a schedule.');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}
