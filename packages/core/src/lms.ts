import { type ActorLeads, type AnyLines, actorLeads } from './actor-leads.js';
import { type ActorBound, bindActor } from './bind-actor.js';
import type { SchemaService } from './crm/fields/index.js';
import type { ImportService, MappingService } from './crm/imports/index.js';
import { totalsFinding } from './crm/leads/index.js';
import type { StageService } from './crm/pipeline/index.js';
import type { ReportService } from './crm/reports/index.js';
import type { NewUser, User, UserService } from './foundation/access/index.js';
import type { AuditService } from './foundation/audit/index.js';
import {
  type BackupOptions,
  type BackupService,
  backupFinding,
  type RestoredBackup,
  type RestoreOptions,
  type VerifiedBackup,
  verifyBackup,
  warnAfterOf,
} from './foundation/backup/index.js';
import { relayFindings } from './foundation/jobs/index.js';
import {
  type Actor,
  type BusinessTime,
  businessTime,
  type Clock,
  type CurrencyCode,
  cryptoRandom,
  LmsError,
  parseCurrencyCode,
  type RandomSource,
  systemClock,
  toInstant,
  uuidV7Source,
} from './foundation/kernel/index.js';
import {
  type ExchangeService,
  type OutboundClient,
  resolvedTargets,
  trimOutbound,
} from './foundation/outbound/index.js';
import type { Home } from './foundation/persistence/index.js';
import type { LmsOptions } from './lms-options.js';
import { openMasterKey } from './open-key.js';
import { masterKeyFor, restoreStore, type StoreRestoreRequest } from './restore-store.js';
import { composeServices, type Services } from './services.js';
import type { StorageFinding } from './storage/storage.js';
import { type StoreHealth, storeHealth } from './store-health.js';
import type { StoreService } from './store-service.js';

/** The services as one actor uses them. */
export interface ActorServices<Lines extends object = AnyLines> {
  readonly leads: ActorLeads<Lines>;
  readonly schemas: ActorBound<
    SchemaService,
    | 'list'
    | 'definition'
    | 'standing'
    | 'schema'
    | 'versions'
    | 'describe'
    | 'lint'
    | 'draft'
    | 'saveDraft'
    | 'discardDraft'
    | 'publish'
    | 'types'
  >;
  readonly stages: ActorBound<
    StageService,
    'list' | 'refuseUnknown' | 'create' | 'update' | 'reorder' | 'retire' | 'restore'
  >;
  readonly imports: ActorImports;
  readonly reports: ActorBound<ReportService, 'funnel'>;
  readonly users: ActorBound<UserService, 'create' | 'update' | 'activate' | 'deactivate' | 'get' | 'list'>;
  readonly audit: ActorBound<AuditService, 'list'>;
  readonly backups: ActorBound<BackupService, 'create'>;
  readonly outbound: ActorBound<OutboundClient, 'call' | 'budgets'>;
  readonly exchanges: ActorBound<ExchangeService, 'list' | 'get'>;
  readonly store: ActorBound<StoreService, 'health' | 'retryStuck' | 'rebuildFacts'>;
}

/** Imports, and the mappings that are kept for the next file of a source. */
export interface ActorImports extends ActorBound<ImportService, 'plan' | 'run' | 'list' | 'get'> {
  readonly mappings: ActorBound<MappingService, 'save' | 'get' | 'find' | 'list' | 'remove'>;
}

/** What one round of {@link Lms.tick} did. */
export interface TickReport {
  /** Events that a crash had left behind and that are now in the read models and the trail. */
  readonly projected: number;
  /** Events that could not be projected now: they are tried again later, or are stuck. */
  readonly failed: number;
  /** Idempotency keys older than 24 hours that were forgotten. */
  readonly trimmed: number;
}

const trimmedAtOnce = 1000;
const mostTrimmed = 10_000;

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
  #services: Promise<Services> | null = null;
  #closed = false;

  constructor(options: LmsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? cryptoRandom();
    this.#time = businessTime(options.businessTimeZone);
    this.#currency = parseCurrencyCode(options.currency ?? 'INR');
    this.#warnAfterMillis = warnAfterOf(options.backups ?? {});
    resolvedTargets(options.outbound ?? {});
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
    const load = async (): Promise<Services> => this.#open();
    return {
      leads: actorLeads<Lines>(actor, {
        leads: async () => (await load()).leads,
        walker: async () => (await load()).walker,
        finder: async () => (await load()).finder,
        exports: async () => (await load()).exports,
        assignment: async () => (await load()).assignment,
      }),
      schemas: bindActor(actor, async () => (await load()).schemas, [
        'list',
        'definition',
        'standing',
        'schema',
        'versions',
        'describe',
        'lint',
        'draft',
        'saveDraft',
        'discardDraft',
        'publish',
        'types',
      ]),
      stages: bindActor(actor, async () => (await load()).stages, [
        'list',
        'refuseUnknown',
        'create',
        'update',
        'reorder',
        'retire',
        'restore',
      ]),
      imports: {
        ...bindActor(actor, async () => (await load()).imports, ['plan', 'run', 'list', 'get']),
        mappings: bindActor(actor, async () => (await load()).mappings, ['save', 'get', 'find', 'list', 'remove']),
      },
      reports: bindActor(actor, async () => (await load()).reports, ['funnel']),
      users: bindActor(actor, async () => (await load()).users, [
        'create',
        'update',
        'activate',
        'deactivate',
        'get',
        'list',
      ]),
      audit: bindActor(actor, async () => (await load()).audit, ['list']),
      backups: bindActor(actor, async () => (await load()).backups, ['create']),
      outbound: bindActor(actor, async () => (await load()).outbound, ['call', 'budgets']),
      exchanges: bindActor(actor, async () => (await load()).exchanges, ['list', 'get']),
      store: bindActor(actor, async () => (await load()).store, ['health', 'retryStuck', 'rebuildFacts']),
    };
  }

  /** Makes the first admin of a new store. @throws LmsError `USER_EXISTS` when the store has users */
  async bootstrapAdmin(admin: Pick<NewUser, 'id' | 'name' | 'email'>): Promise<User> {
    return (await this.#open()).users.bootstrapAdmin(admin);
  }

  /**
   * One round of housekeeping: catches up what a crash left behind, forgets expired keys; at most 10,000 of each a home. Safe in
   * many processes, which share the work.
   * @throws LmsError retryable when a server is down
   */
  async tick(): Promise<TickReport> {
    const { relay } = await this.#open();
    const { projected, failed } = await relay.drain();
    await this.#options.storage.facts.foldTotals();
    await trimOutbound(this.#options.storage, this.#options.outbound ?? {}, this.#clock);
    const trimmed = (await this.#trim('documents')) + (await this.#trim('ledger'));
    return { projected, failed, trimmed };
  }

  /** How far read models, trail and owners lag behind the commands, and how old the last backup is; see {@link StoreHealth}. */
  async health(): Promise<StoreHealth> {
    await this.#open();
    return this.#health();
  }

  /**
   * Fills this store, which must be empty, from a backup of a store of any shape; then opens it, catches up what the backup had under way,
   * and tells the trail. Needs the master key of that store and no permission: there is nobody yet to have one. Until it has ended
   * nobody can open the store, and after a failure in between it is begun again from the start.
   * @throws LmsError `STORE_NOT_EMPTY`, `BACKUP_*`, `KEY_MISSING`, `KEY_INVALID`, `COMMAND_ABORTED`, `STORE_*`
   */
  async restore(request: StoreRestoreRequest, options: RestoreOptions = {}): Promise<RestoredBackup> {
    const clock = this.#clock;
    const ids = uuidV7Source(clock, this.#random);
    return restoreStore({ ...this.#options, clock, ids }, request, options, () => this.#open());
  }

  /** Reads a backup from end to end with the key of this store, which is not opened. @throws LmsError `BACKUP_*`, `KEY_*` */
  async verifyBackup(file: string, options: BackupOptions = {}): Promise<VerifiedBackup> {
    return verifyBackup(file, await masterKeyFor(this.#options), options);
  }

  /** Findings about the store, its servers, its backlog and its backups; what is not ok says which setting to change. */
  async check(): Promise<readonly StorageFinding[]> {
    const { dispatcher } = await this.#open();
    const { storage } = this.#options;
    const findings = await storage.check();
    const totals = await totalsFinding(storage.facts);
    const health = await this.health();
    return [...findings, ...relayFindings(health, dispatcher.failures), totals, backupFinding(health.backups)];
  }

  /** Waits until what follows from finished commands is written. */
  async settle(): Promise<void> {
    await (await this.#open()).dispatcher.settle();
  }

  /** Finishes what is under way and lets go of the store. Later calls are refused with `STORE_CLOSED`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const services = await this.#services?.catch(() => null);
    await services?.dispatcher.settle();
    await services?.outbound.close();
    await this.#options.storage.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #health(): Promise<StoreHealth> {
    const { storage } = this.#options;
    return storeHealth({ storage, clock: this.#clock, warnAfterMillis: this.#warnAfterMillis });
  }

  async #trim(home: Home): Promise<number> {
    const now = toInstant(this.#clock.now());
    let trimmed = 0;
    while (trimmed < mostTrimmed) {
      const gone = await this.#options.storage.commands.trim(home, now, trimmedAtOnce);
      trimmed += gone;
      if (gone < trimmedAtOnce) break;
    }
    return trimmed;
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
      await storage.open();
      return await composeServices({
        options: this.#options,
        masterKey: await openMasterKey(storage, key, this.#random),
        time: this.#time,
        currency: this.#currency,
        clock: this.#clock,
        random: this.#random,
        health: () => this.#health(),
      });
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
