import { chooseActor } from '../actor.js';
import type { Console } from '../console.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { openLms } from '../open-lms.js';

export interface TickOptions {
  readonly retryStuck?: true;
}

/** Round after round until nothing is left to do; Ctrl-C stops between two. */
export async function keepHouse(console: Console, { retryStuck }: TickOptions): Promise<ExitCode> {
  const { output, signal, options, environment } = console;
  const { lms } = await openLms(console);
  await using _closing = lms;
  await lms.ready();
  const done = {
    retried: 0,
    projected: 0,
    failed: 0,
    trimmed: 0,
    sealed: 0,
    recounted: 0,
    timers: 0,
    failedTimers: 0,
    jobs: 0,
    failedJobs: 0,
    webhooks: 0,
    failedWebhooks: 0,
    events: 0,
    failedEvents: 0,
  };
  const text = (): string => {
    const again = retryStuck ? `${done.retried} stuck events tried again, ` : '';
    const failed = done.failed === 0 ? '' : `, ${done.failed} events could not be told (lms doctor says more)`;
    const recounted = done.recounted === 0 ? '' : `, ${done.recounted} timers counted anew`;
    const timers =
      done.timers + done.failedTimers === 0 ? '' : `, ${done.timers} timers fired, ${done.failedTimers} could not`;
    const jobs = done.jobs + done.failedJobs === 0 ? '' : `, ${done.jobs} jobs done, ${done.failedJobs} tries failed`;
    const webhooks =
      done.webhooks + done.failedWebhooks === 0
        ? ''
        : `, ${done.webhooks} webhooks sent, ${done.failedWebhooks} not taken`;
    const events =
      done.events + done.failedEvents === 0
        ? ''
        : `, ${done.events} events handled by consumers, ${done.failedEvents} tries failed`;
    return `${again}${done.projected} events told, ${done.trimmed} old keys forgotten, ${done.sealed} rows of the trail sealed${failed}${recounted}${timers}${jobs}${webhooks}${events}`;
  };
  const { store } = lms.as(chooseActor(options.actor, environment));
  for (let more = retryStuck === true; more && !signal.aborted; ) {
    const retried = await store.retryStuck();
    done.retried += retried;
    more = retried > 0;
  }
  let isIdle = false;
  while (!isIdle && !signal.aborted) {
    const { projected, failed, trimmed, sealed, recounted, timers, jobs, webhooks, events } = await lms.tick({
      signal,
    });
    done.projected += projected;
    done.failed += failed;
    done.trimmed += trimmed;
    done.sealed += sealed;
    done.recounted += recounted;
    done.timers += timers.fired;
    done.failedTimers += timers.failed;
    done.jobs += jobs.done;
    done.failedJobs += jobs.failed;
    done.webhooks += webhooks.delivered;
    done.failedWebhooks += webhooks.failed;
    done.events += events.handled;
    done.failedEvents += events.failed;
    const acted = timers.fired + jobs.done + jobs.failed + webhooks.queued + webhooks.delivered + webhooks.failed;
    // What was given back goes on in the next round.
    isIdle =
      !signal.aborted && projected + trimmed + sealed + recounted + acted + events.handled + jobs.givenBack === 0;
    output.progress.show(text());
  }
  output.answer(done, text);
  return isIdle ? exitCodes.ok : exitCodes.stopped;
}
