import type { AnyLines } from './actor-leads.js';
import { type ActorServices, actorServices } from './actor-services.js';
import { totalsFinding } from './crm/leads/index.js';
import {
  notificationsFinding,
  notifySettings,
  type WebhookRound,
  type WebhookRoundOptions,
  webhookSettings,
  webhooksFinding,
} from './crm/notify/index.js';
import { fieldTypesFinding } from './crm/pipeline/index.js';
import type { NewUser, User } from './foundation/access/index.js';
import { trailFinding } from './foundation/audit/index.js';
import {
  type BackupOptions,
  backupFinding,
  type RestoredBackup,
  type RestoreOptions,
  type VerifiedBackup,
  verifyBackup,
  warnAfterOf,
} from './foundation/backup/index.js';
import { type Invalidations, noInvalidations } from './foundation/cache/index.js';
import {
  type ConsumerRunReport,
  consumersFinding,
  type EventRoundOptions,
  eventSettings,
} from './foundation/events/index.js';
import {
  checkedSchedules,
  jobSettings,
  jobsFinding,
  LocalWakeup,
  type RoundOptions,
  relayFindings,
  type StopOptions,
  timersFinding,
  type Wakeup,
  type WorkerOptions,
  type WorkerReport,
} from './foundation/jobs/index.js';
import {
  type Actor,
  type BusinessTime,
  businessTime,
  type Clock,
  type CurrencyCode,
  cryptoRandom,
  type Finding,
  LmsError,
  parseCurrencyCode,
  type RandomSource,
  systemClock,
  uuidV7Source,
} from './foundation/kernel/index.js';
import { resolvedTargets } from './foundation/outbound/index.js';
import { ConsentPurposes } from './foundation/privacy/index.js';
import { combinedTelemetry, type Telemetry } from './foundation/telemetry/index.js';
import { type HouseReport, keepHouse } from './keep-house.js';
import { type LmsEvents, lmsEvents } from './lms-events.js';
import type { LmsOptions } from './lms-options.js';
import { LmsWorkers } from './lms-workers.js';
import { openMasterKeys } from './open-key.js';
import { ownJobKinds } from './own-job-kinds.js';
import { partOf } from './part-of.js';
import { allConsumers, allHandlers, pluginParts } from './plugin.js';
import { masterKeysFor, restoreStore, type StoreRestoreRequest } from './restore-store.js';
import { composeServices, type Services } from './services.js';
import { gaugeNames, storeGauges } from './store-gauges.js';
import { type StoreHealth, storeHealth } from './store-health.js';
import { watchedServices } from './watched-services.js';
import { watchedStorage } from './watched-storage.js';

/** What one round of {@link Lms.tick} did. */
export interface TickReport extends HouseReport {
  /** Jobs that were run, tries that failed, and jobs that were given back because the round was over. */
  readonly jobs: { readonly done: number; readonly failed: number; readonly givenBack: number };
  /** Events that consumers of this process handled, and tries that failed. */
  readonly events: ConsumerRunReport;
  /** Deliveries that events became, and tries to send them. */
  readonly webhooks: WebhookRound;
}

export interface TickOptions {
  /** Ends the round early: no further part of it is begun, and jobs and deliveries under way are given back. */
  readonly signal?: AbortSignal;
  /** How many jobs a round runs, and for how long. */
  readonly jobs?: RoundOptions;
  /** How many deliveries of webhooks a round sends, and for how long. */
  readonly webhooks?: WebhookRoundOptions;
  /** How many events a round hands each consumer, and for how long. */
  readonly events?: EventRoundOptions;
}

/** Runs jobs in this process, until it is stopped or the store closed. */
export interface LmsWorker {
  /**
   * Opens the store, then claims jobs as they are due and does what {@link Lms.tick} does besides; nothing when it runs already. A store
   * that is away later is tried again by itself.
   * @throws LmsError what opening the store throws
   */
  start(options?: WorkerOptions): Promise<void>;
  /** Claims no more jobs, waits for those that run, and gives back what does not end in time. */
  stop(options?: StopOptions): Promise<void>;
  /** What it has done since it started. */
  report(): WorkerReport;
}

/**
 * One open store. Several may live in a process, and several processes may share a store. It starts no timer, socket or
 * thread by itself; `await using lms = ...` closes it.
 */
export class Lms<Lines extends object = AnyLines> implements AsyncDisposable {
  readonly #options: LmsOptions;
  readonly #clock: Clock;
  readonly #random: RandomSource;
  readonly #time: BusinessTime;
  readonly #currency: CurrencyCode;
  readonly #warnAfterMillis: number | null;
  readonly #wakeup: Wakeup;
  readonly #invalidations: Invalidations;
  readonly #telemetry: Telemetry | null;
  readonly #workers: LmsWorkers = new LmsWorkers(async () => {
    const { worker, eventWorker, webhookWorker } = await this.#open();
    return { jobs: worker, others: [eventWorker, webhookWorker] };
  });
  #services: Promise<Services> | null = null;
  #closed = false;
  #unobserve: (() => void) | null = null;

  constructor(options: LmsOptions) {
    this.#telemetry = combinedTelemetry([options.telemetry ?? []].flat());
    const storage = this.#telemetry === null ? options.storage : watchedStorage(options.storage, this.#telemetry);
    this.#options = { ...options, storage };
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? cryptoRandom();
    this.#time = businessTime(options.businessTimeZone);
    this.#currency = parseCurrencyCode(options.currency ?? 'INR');
    this.#warnAfterMillis = warnAfterOf(options.backups ?? {});
    this.#wakeup = options.jobs?.wakeup ?? new LocalWakeup();
    this.#invalidations = options.invalidations ?? noInvalidations;
    resolvedTargets(options.outbound ?? {});
    new ConsentPurposes(options.consents);
    jobSettings(options.jobs ?? {});
    checkedSchedules(options.jobs?.schedules ?? [], { zone: this.#time.zone, reserved: ownJobKinds });
    const plugins = options.plugins ?? [];
    pluginParts(plugins);
    allHandlers(options.jobs?.handlers, plugins);
    eventSettings(options.events);
    allConsumers(options.consumers, plugins);
    webhookSettings(options.webhooks ?? {});
    notifySettings(options.notify ?? {});
  }

  /**
   * Connects, makes what a new store lacks, and checks what the guarantees need. Every method does it by itself when first
   * called; after a failure the next call tries again.
   * @throws LmsError `STORE_*`, `KEY_MISSING`, `KEY_INVALID`, `DRIVER_MISSING`
   */
  async ready(): Promise<void> {
    await this.#open();
  }

  /** The services in the name of an actor. What the actor may not do is refused by the service called. */
  as(actor: Actor): ActorServices<Lines> {
    const services = actorServices<Lines>(actor, () => this.#open());
    return this.#telemetry === null ? services : watchedServices(services, this.#telemetry, actor.kind);
  }

  /** Makes the first admin of a new store. @throws LmsError `USER_EXISTS` when the store has users */
  async bootstrapAdmin(admin: Pick<NewUser, 'id' | 'name' | 'email'>): Promise<User> {
    return (await this.#open()).users.bootstrapAdmin(admin);
  }

  /**
   * One round of everything that waits, for where no worker runs: catches up what a crash left behind, forgets expired keys and what ended
   * long ago, at most 10,000 of each a home, runs jobs that are due, and sends webhooks. Safe in many processes, which share the work.
   * What one part meets does not keep the others from being done.
   * @throws LmsError what the first part met that could not be done; retryable when a server is down
   */
  async tick(options: TickOptions = {}): Promise<TickReport> {
    const { worker, eventWorker, webhookWorker } = await this.#open();
    const { signal } = options;
    const isEnding = (): boolean => signal?.aborted === true;
    const stopping = signal === undefined ? {} : { signal };
    const nothing = { limit: 0 };
    // Consumers that are new are told of what happens in this round; what keeps them from it, their own part meets too.
    if (options.events?.limit !== 0) await partOf(() => eventWorker.prepare());
    const kept = await partOf(() => this.#keepHouse(signal));
    const jobs = await partOf(() => worker.round({ ...stopping, ...options.jobs }));
    const events = await partOf(() => eventWorker.round(isEnding() ? nothing : options.events));
    const webhooks = await partOf(() => webhookWorker.round({ ...stopping, ...options.webhooks }));
    return { ...kept(), jobs: jobs(), events: events(), webhooks: webhooks() };
  }

  /** Runs jobs in this process; nothing runs before it is started. */
  get worker(): LmsWorker {
    return {
      start: (options) => this.#workers.start(options),
      stop: (options) => this.#workers.stop(options),
      report: () => this.#workers.report,
    };
  }

  /** Consumers of what happens, in this process. */
  get events(): LmsEvents {
    return lmsEvents(() => this.#open(), this.#telemetry);
  }

  /** How far read models, trail and owners lag behind the commands, and how old the last backup is; see {@link StoreHealth}. */
  async health(): Promise<StoreHealth> {
    await this.#open();
    return this.#health();
  }

  /**
   * Fills this store, which must be empty, from a backup of a store of any shape; then opens it, catches up what the backup had under way,
   * and tells the trail. Needs the master key that the backup was made under and no permission: there is nobody yet to have one. Until it has ended
   * nobody can open the store, and after a failure in between it is begun again from the start.
   * @throws LmsError `STORE_NOT_EMPTY`, `BACKUP_*`, `KEY_MISSING`, `KEY_INVALID`, `COMMAND_ABORTED`, `STORE_*`
   */
  async restore(request: StoreRestoreRequest, options: RestoreOptions = {}): Promise<RestoredBackup> {
    const clock = this.#clock;
    const ids = uuidV7Source(clock, this.#random);
    return restoreStore({ ...this.#options, clock, ids }, request, options, () => this.#open());
  }

  /** Reads a backup from end to end with the keys given for this store, which is not opened. @throws LmsError `BACKUP_*`, `KEY_*` */
  async verifyBackup(file: string, options: BackupOptions = {}): Promise<VerifiedBackup> {
    return verifyBackup(file, await masterKeysFor(this.#options), options);
  }

  /** Findings about the store, its servers, its backlog and its backups; what is not ok says which setting to change. */
  async check(): Promise<readonly Finding[]> {
    const { dispatcher, engine, pipelines } = await this.#open();
    const { storage } = this.#options;
    const findings = await storage.check();
    const totals = await totalsFinding(storage.facts);
    const types = await fieldTypesFinding(engine, pipelines);
    const health = await this.health();
    const links = await Promise.all([this.#wakeup.check(), this.#invalidations.check()]);
    return [
      ...findings,
      ...relayFindings(health, dispatcher.failures),
      totals,
      types,
      backupFinding(health.backups),
      trailFinding(health.trail),
      jobsFinding(health.jobs),
      timersFinding(health.timers),
      webhooksFinding(health.webhooks),
      notificationsFinding(health.notifications),
      consumersFinding(health.consumers),
      ...links.filter((finding) => finding !== null),
    ];
  }

  /** Waits until what follows from finished commands is written. */
  async settle(): Promise<void> {
    await (await this.#open()).dispatcher.settle();
  }

  /** Stops the worker, finishes what is under way and lets go of the store. Later calls are refused with `STORE_CLOSED`. */
  async close(): Promise<void> {
    // Handlers use the store until they end.
    await this.#workers.close();
    if (this.#closed) return;
    this.#closed = true;
    const services = await this.#services?.catch(() => null);
    this.#unobserve?.();
    await services?.dispatcher.settle();
    await Promise.all([this.#wakeup.close(), this.#invalidations.close()]);
    await services?.outbound.close();
    await services?.webhookSender.close();
    await services?.noticeSenders.close();
    await this.#options.storage.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #health(): Promise<StoreHealth> {
    const { storage } = this.#options;
    const { sealer } = await this.#open();
    return storeHealth({ storage, sealer, clock: this.#clock, warnAfterMillis: this.#warnAfterMillis });
  }

  async #keepHouse(signal?: AbortSignal): Promise<HouseReport> {
    const services = await this.#open();
    const keep = () => keepHouse({ options: this.#options, services, clock: this.#clock }, signal);
    return this.#telemetry === null ? keep() : this.#telemetry.watch({ kind: 'housekeeping', name: 'round' }, keep);
  }

  #open(): Promise<Services> {
    if (this.#closed) {
      return Promise.reject(new LmsError('STORE_CLOSED', { message: 'this store was closed; make a new one' }));
    }
    this.#services ??= this.#start();
    return this.#services;
  }

  async #start(): Promise<Services> {
    try {
      const { storage, key } = this.#options;
      await this.#wakeup.open();
      await this.#invalidations.open();
      await storage.open();
      const services = await composeServices({
        options: this.#options,
        masterKeys: await openMasterKeys(storage, key, this.#random),
        time: this.#time,
        currency: this.#currency,
        clock: this.#clock,
        random: this.#random,
        health: () => this.#health(),
        wakeup: this.#wakeup,
        invalidations: this.#invalidations,
        telemetry: this.#telemetry,
        housekeeping: (signal) => this.#keepHouse(signal),
      });
      this.#unobserve = this.#telemetry?.observe?.(gaugeNames, async () => storeGauges(await this.#health())) ?? null;
      return services;
    } catch (error) {
      this.#services = null;
      throw error;
    }
  }
}

/**
 * Makes a store's services; connects to nothing until the first call or {@link Lms.ready}.
 *
 * ```ts
 * await using lms = await createLms({ storage: sqlite({ file: 'lms.db' }) });
 * const lead = await lms.as(actor).leads.create({ productLine: 'personal-loan', fields });
 * ```
 *
 * With generated types: `createLms<Lines>(...)`.
 * @throws LmsError `TIME_ZONE_UNKNOWN`, `CONFIG_INVALID`
 */
export async function createLms<Lines extends object = AnyLines>(options: LmsOptions): Promise<Lms<Lines>> {
  return new Lms<Lines>(options);
}
