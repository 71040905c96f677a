import { type ActorLeads, type AnyLines, actorLeads } from './actor-leads.js';
import { type ActorBound, bindActor } from './bind-actor.js';
import type { SchemaService } from './crm/fields/index.js';
import type { DetachedImports, ImportService, MappingService } from './crm/imports/index.js';
import type {
  InboxService,
  NotificationRetry,
  NotificationService,
  PreferenceService,
  WebhookReplay,
  WebhookService,
  WebhookTester,
} from './crm/notify/index.js';
import type { StageService } from './crm/pipeline/index.js';
import type { ReportService } from './crm/reports/index.js';
import type { UserService } from './foundation/access/index.js';
import type { AuditService } from './foundation/audit/index.js';
import type { BackupService } from './foundation/backup/index.js';
import type { CalendarService } from './foundation/calendars/index.js';
import type { EventService, WatchItem, WatchOptions } from './foundation/events/index.js';
import type { JobService, ScheduleService, TimerService } from './foundation/jobs/index.js';
import type { Actor } from './foundation/kernel/index.js';
import type { ExchangeService, OutboundClient } from './foundation/outbound/index.js';
import type { ConsentService, ConsentWordings, ContactBlocks, KeyService } from './foundation/privacy/index.js';
import type { Services } from './services.js';
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
    | 'fieldTypes'
  >;
  readonly stages: ActorBound<
    StageService,
    'list' | 'refuseUnknown' | 'create' | 'update' | 'reorder' | 'retire' | 'restore'
  >;
  readonly imports: ActorImports;
  readonly reports: ActorBound<ReportService, 'funnel'>;
  readonly users: ActorBound<UserService, 'create' | 'update' | 'activate' | 'deactivate' | 'get' | 'list'>;
  readonly audit: ActorBound<AuditService, 'list' | 'head' | 'seal' | 'verify' | 'export'>;
  readonly backups: ActorBound<BackupService, 'create'>;
  readonly keys: ActorBound<KeyService, 'status' | 'rotate' | 'rotateLookup'>;
  readonly outbound: ActorBound<OutboundClient, 'call' | 'budgets'>;
  readonly exchanges: ActorBound<ExchangeService, 'list' | 'get'>;
  readonly consents: ActorConsents;
  readonly jobs: ActorJobs;
  readonly events: ActorEvents;
  readonly calendars: ActorBound<CalendarService, 'publish' | 'get' | 'list' | 'versions' | 'due' | 'between'>;
  readonly timers: ActorBound<TimerService, 'set' | 'list' | 'get' | 'cancel' | 'retry'>;
  readonly webhooks: ActorWebhooks;
  readonly notifications: ActorNotifications;
  readonly store: ActorBound<StoreService, 'health' | 'retryStuck' | 'rebuildFacts'>;
}

/** Jobs, and the schedules that add some. */
export interface ActorJobs
  extends ActorBound<JobService, 'add' | 'addMany' | 'list' | 'get' | 'retry' | 'cancel'>,
    ActorBound<ScheduleService, 'schedules'> {}

/** Receivers outside that are told of events, and what they were told. */
export interface ActorWebhooks
  extends ActorBound<
      WebhookService,
      'add' | 'list' | 'get' | 'update' | 'rotateSecret' | 'disable' | 'enable' | 'remove'
    >,
    ActorBound<WebhookTester, 'test'>,
    ActorBound<WebhookReplay, 'deliveries' | 'replay' | 'dismiss'> {}

/** Templates and rules, what became of what they tell, the actor's inbox, and how users want to be told. */
export interface ActorNotifications
  extends ActorBound<NotificationService, 'publish' | 'book' | 'list' | 'get' | 'test'>,
    ActorBound<NotificationRetry, 'retry'> {
  readonly inbox: ActorBound<InboxService, 'list' | 'unreadCount' | 'markRead' | 'markAllRead'>;
  readonly preferences: ActorBound<PreferenceService, 'get' | 'set'>;
}

/** What people allow, the do-not-contact list, and the texts that are agreed to. */
export interface ActorConsents
  extends ActorBound<ConsentService, 'give' | 'withdraw' | 'list' | 'check' | 'require'>,
    ActorBound<ContactBlocks, 'block' | 'unblock' | 'blocks'>,
    ActorBound<ConsentWordings, 'purposes'> {
  readonly wordings: ActorBound<ConsentWordings, 'add' | 'get' | 'list'>;
}

/** What happens, for who looks on, and the consumers of it. */
export interface ActorEvents
  extends ActorBound<EventService, 'consumers' | 'pause' | 'resume' | 'retry' | 'skip' | 'replay' | 'forget'> {
  /**
   * Events as they happen, for screens: those that the actor may read, in order, until the signal is aborted. Needs `leads.read`, which
   * shows those of leads in its reach, or `audit.read`, which shows all.
   * @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`, `STORE_*`
   */
  watch(options?: WatchOptions): AsyncIterable<WatchItem>;
}

/** Imports, and the mappings that are kept for the next file of a source. */
export interface ActorImports
  extends ActorBound<ImportService, 'plan' | 'run' | 'list' | 'get'>,
    ActorBound<DetachedImports, 'detach' | 'detached' | 'cancel'> {
  readonly mappings: ActorBound<MappingService, 'save' | 'get' | 'find' | 'list' | 'remove'>;
}

/** The services of a store in the name of an actor; the first call opens it. */
export function actorServices<Lines extends object>(actor: Actor, load: () => Promise<Services>): ActorServices<Lines> {
  return {
    leads: actorLeads<Lines>(actor, {
      leads: async () => (await load()).leads,
      walker: async () => (await load()).walker,
      finder: async () => (await load()).finder,
      exports: async () => (await load()).exports,
      erasure: async () => (await load()).erasure,
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
      'fieldTypes',
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
      ...bindActor(actor, async () => (await load()).detachedImports, ['detach', 'detached', 'cancel']),
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
    audit: bindActor(actor, async () => (await load()).audit, ['list', 'head', 'seal', 'verify', 'export']),
    backups: bindActor(actor, async () => (await load()).backups, ['create']),
    keys: bindActor(actor, async () => (await load()).keys, ['status', 'rotate', 'rotateLookup']),
    outbound: bindActor(actor, async () => (await load()).outbound, ['call', 'budgets']),
    exchanges: bindActor(actor, async () => (await load()).exchanges, ['list', 'get']),
    consents: {
      ...bindActor(actor, async () => (await load()).consents.records, [
        'give',
        'withdraw',
        'list',
        'check',
        'require',
      ]),
      ...bindActor(actor, async () => (await load()).consents.blocks, ['block', 'unblock', 'blocks']),
      ...bindActor(actor, async () => (await load()).consents.wordings, ['purposes']),
      wordings: bindActor(actor, async () => (await load()).consents.wordings, ['add', 'get', 'list']),
    },
    jobs: {
      ...bindActor(actor, async () => (await load()).jobs, ['add', 'addMany', 'list', 'get', 'retry', 'cancel']),
      ...bindActor(actor, async () => (await load()).schedules, ['schedules']),
    },
    events: {
      ...bindActor(actor, async () => (await load()).eventService, [
        'consumers',
        'pause',
        'resume',
        'retry',
        'skip',
        'replay',
        'forget',
      ]),
      async *watch(options) {
        yield* (await load()).eventWatch.watch(actor, options);
      },
    },
    calendars: bindActor(actor, async () => (await load()).calendars, [
      'publish',
      'get',
      'list',
      'versions',
      'due',
      'between',
    ]),
    timers: bindActor(actor, async () => (await load()).timers, ['set', 'list', 'get', 'cancel', 'retry']),
    webhooks: {
      ...bindActor(actor, async () => (await load()).webhooks, [
        'add',
        'list',
        'get',
        'update',
        'rotateSecret',
        'disable',
        'enable',
        'remove',
      ]),
      ...bindActor(actor, async () => (await load()).webhookTester, ['test']),
      ...bindActor(actor, async () => (await load()).webhookReplay, ['deliveries', 'replay', 'dismiss']),
    },
    notifications: {
      ...bindActor(actor, async () => (await load()).notifications, ['publish', 'book', 'list', 'get', 'test']),
      ...bindActor(actor, async () => (await load()).notificationRetry, ['retry']),
      inbox: bindActor(actor, async () => (await load()).inbox, ['list', 'unreadCount', 'markRead', 'markAllRead']),
      preferences: bindActor(actor, async () => (await load()).noticePreferences, ['get', 'set']),
    },
    store: bindActor(actor, async () => (await load()).store, ['health', 'retryStuck', 'rebuildFacts']),
  };
}
