import type { CommonParts } from './common-parts.js';
import { CalendarService, WorkingCalendars } from './foundation/calendars/index.js';
import {
  checkedSchedules,
  handlersByKind,
  JobChanges,
  type JobHandler,
  JobQueue,
  JobService,
  JobWorker,
  jobSettings,
  Scheduler,
  ScheduleService,
  TimerClockwork,
  TimerRecounter,
  TimerService,
  type Wakeup,
  workerName,
} from './foundation/jobs/index.js';
import type { BusinessTime, RandomSource } from './foundation/kernel/index.js';
import type { Telemetry } from './foundation/telemetry/index.js';
import type { LmsOptions } from './lms-options.js';
import { ownJobKinds } from './own-job-kinds.js';
import { partOf } from './part-of.js';
import { allHandlers } from './plugin.js';
import { watchedHandler } from './watched-work.js';

export interface WorkParts extends CommonParts {
  readonly random: RandomSource;
  readonly time: BusinessTime;
  readonly wakeup: Wakeup;
  readonly telemetry: Telemetry | null;
  /** What a worker does from time to time besides jobs. */
  readonly housekeeping: (signal: AbortSignal) => Promise<unknown>;
  /** Of jobs that services of ours add. */
  readonly ownHandlers: readonly JobHandler[];
}

/** What is done later: jobs, schedules, timers, and the calendars these count on. */
export interface WorkServices {
  readonly jobs: JobService;
  readonly worker: JobWorker;
  readonly schedules: ScheduleService;
  readonly scheduler: Scheduler;
  readonly timers: TimerService;
  readonly clockwork: TimerClockwork;
  readonly recounter: TimerRecounter;
  readonly calendars: CalendarService;
}

/** The same, and what services of ours leave work to others with. */
export interface WorkWorkshop {
  readonly services: WorkServices;
  readonly queue: JobQueue;
  readonly changes: JobChanges;
}

/** @throws LmsError `CONFIG_INVALID` */
export function workServices(options: LmsOptions, parts: WorkParts): WorkWorkshop {
  const { storage } = options;
  const { access, unitOfWork, events, commands, clock, ids, random, time, telemetry } = parts;
  const common: CommonParts = { access, unitOfWork, events, commands, clock, ids };
  const settings = options.jobs ?? {};
  const handlers = [...parts.ownHandlers, ...allHandlers(settings.handlers, options.plugins ?? [])];
  const running = {
    jobs: storage.jobs,
    unitOfWork,
    wakeup: parts.wakeup,
    handlers: handlersByKind(handlers.map((handler) => watchedHandler(handler, telemetry))),
    clock,
    ids,
  };
  const queue = new JobQueue(running);
  const changes = new JobChanges({ ...common, jobs: storage.jobs });
  const scheduler = new Scheduler(
    { schedules: storage.schedules, queue, unitOfWork, clock },
    checkedSchedules(settings.schedules ?? [], { zone: time.zone, reserved: ownJobKinds }),
  );
  const { timers, calendars } = storage;
  const counting = new WorkingCalendars(calendars);
  const clockwork = new TimerClockwork({ timers, counting, unitOfWork, events, clock });
  const services: WorkServices = {
    jobs: new JobService({ ...common, jobs: storage.jobs, queue, changes, reservedKinds: ownJobKinds }),
    worker: new JobWorker(
      {
        ...running,
        random,
        housekeeping: parts.housekeeping,
        ...(settings.onError === undefined ? {} : { onError: settings.onError }),
        async fireDue(signal) {
          // Neither is left under way by what the other met.
          const [fired, ran] = await Promise.all([
            partOf(() => clockwork.fireDue({ signal })),
            partOf(() => scheduler.runDue()),
          ]);
          return [fired(), ran()];
        },
        holder: () => workerName(ids.next<'worker'>()),
      },
      jobSettings(settings),
    ),
    schedules: new ScheduleService({ access, schedules: storage.schedules, clock }),
    scheduler,
    timers: new TimerService({ ...common, timers, counting }),
    clockwork,
    recounter: new TimerRecounter({ timers, calendars, counting, unitOfWork }),
    calendars: new CalendarService({ ...common, calendars, counting, timeZone: time.zone }),
  };
  return { services, queue, changes };
}
