import { trimWebhooks, webhookSettings } from './crm/notify/index.js';
import { sealWhatWaits } from './foundation/audit/index.js';
import { type FireReport, jobSettings, trimJobs, trimSchedules } from './foundation/jobs/index.js';
import { type Clock, toInstant } from './foundation/kernel/index.js';
import { trimOutbound } from './foundation/outbound/index.js';
import { type Home, trimInRounds } from './foundation/persistence/index.js';
import type { LmsOptions } from './lms-options.js';
import { partOf } from './part-of.js';
import type { Services } from './services.js';

/** What one round of housekeeping did. */
export interface HouseReport {
  /** Events that a crash had left behind and that are now in the read models and the trail. */
  readonly projected: number;
  /** Events that could not be projected now: they are tried again later, or are stuck. */
  readonly failed: number;
  /** Idempotency keys older than 24 hours that were forgotten. */
  readonly trimmed: number;
  /** Rows of the trail that were sealed; none while its head is one that somebody else has written, which health tells. */
  readonly sealed: number;
  /** Timers whose moment was counted anew because their calendar was published again; at most 10,000, the others with the next rounds. */
  readonly recounted: number;
  /** Timers that fired, and those that could not: these are tried again later, or are stuck. */
  readonly timers: FireReport;
}

export interface HousePorts {
  readonly options: LmsOptions;
  readonly services: Pick<Services, 'clockwork' | 'keepNotices' | 'recounter' | 'relay' | 'scheduler' | 'sealer'>;
  readonly clock: Clock;
}

/**
 * One round of what is done from time to time besides jobs. What one part meets does not keep the others from being done: while one of two
 * servers is away, what lives in the other goes on.
 * @param signal once it is aborted no further part is begun
 * @throws LmsError what the first part met that could not be done
 */
export async function keepHouse({ options, services, clock }: HousePorts, signal?: AbortSignal): Promise<HouseReport> {
  const { storage, outbound = {}, jobs = {}, webhooks = {} } = options;
  const { relay, recounter, clockwork, scheduler, sealer } = services;
  const stopping = signal === undefined ? {} : { signal };
  const told = await partOf(() => relay.drain(stopping));
  const recounted = await partOf(() => recounter.recount(stopping));
  const timers = await partOf(() => clockwork.fireDue(stopping));
  const trim = (home: Home): Promise<number> =>
    trimInRounds((limit) => storage.commands.trim(home, toInstant(clock.now()), limit));
  const counted = { trimmed: 0, sealed: 0 };
  const parts: readonly (() => Promise<unknown>)[] = [
    () => scheduler.runDue(),
    () => storage.facts.foldTotals(),
    () => trimOutbound(storage, outbound, clock),
    () => trimJobs(storage.jobs, jobSettings(jobs).retention, clock),
    () => trimWebhooks(storage, webhookSettings(webhooks), clock),
    () => services.keepNotices(),
    () => trimSchedules(storage.schedules, clock),
    async () => {
      counted.trimmed += await trim('documents');
    },
    async () => {
      counted.trimmed += await trim('ledger');
    },
    async () => {
      counted.sealed += await sealWhatWaits(sealer);
    },
  ];
  const ends: (() => unknown)[] = [];
  for (const part of parts) {
    if (signal?.aborted !== true) ends.push(await partOf(part));
  }
  const report = { ...told(), recounted: recounted(), timers: timers() };
  for (const end of ends) end();
  return { ...report, ...counted };
}
