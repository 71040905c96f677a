import {
  AssignmentService,
  currentPlacements,
  lostPlacements,
  newLeadPlacementStep,
  placementFactsProjection,
  placementLeadsProjection,
} from './crm/assignment/index.js';
import { ExportService } from './crm/exports/index.js';
import { FieldSchemaEngine, SchemaService } from './crm/fields/index.js';
import {
  DetachedImports,
  ImportService,
  importJobHandler,
  importShareHandler,
  MappingService,
} from './crm/imports/index.js';
import {
  FactsRebuilder,
  LeadConsentSubjects,
  LeadErasure,
  LeadFinder,
  LeadLookup,
  LeadOccupants,
  LeadService,
  LeadSettings,
  LeadWalker,
  LineReader,
  leadFactsProjection,
  movesProjection,
} from './crm/leads/index.js';
import type { WebhookReplay, WebhookService, WebhookTester, WebhookWorker } from './crm/notify/index.js';
import { PipelinePart, PipelineReader, StageService } from './crm/pipeline/index.js';
import { ReportService } from './crm/reports/index.js';
import { type EventServices, eventServices } from './event-services.js';
import { AccessService, UserService } from './foundation/access/index.js';
import { AuditService, auditProjection, openHeadKey, sealWhatWaits, TrailSealer } from './foundation/audit/index.js';
import { BackupService } from './foundation/backup/index.js';
import type { Invalidations } from './foundation/cache/index.js';
import { CalendarService, WorkingCalendars } from './foundation/calendars/index.js';
import { EventFeed } from './foundation/events/index.js';
import {
  checkedSchedules,
  Dispatcher,
  handlersByKind,
  JobChanges,
  JobQueue,
  JobService,
  JobWorker,
  jobSettings,
  Relay,
  Scheduler,
  ScheduleService,
  TimerClockwork,
  TimerRecounter,
  TimerService,
  type Wakeup,
  workerName,
} from './foundation/jobs/index.js';
import {
  type BusinessTime,
  type Clock,
  type CurrencyCode,
  type RandomSource,
  uuidV7Source,
} from './foundation/kernel/index.js';
import { ExchangeService, OutboundClient, type SingleSender } from './foundation/outbound/index.js';
import {
  type ConsentServices,
  consentRules,
  consentServices,
  DataKeyRing,
  KeyService,
  type MasterKeys,
  openLookupHasher,
  Vault,
} from './foundation/privacy/index.js';
import type { Telemetry } from './foundation/telemetry/index.js';
import type { LmsOptions } from './lms-options.js';
import { type NotifyServices, noticeHandlers, notifyServices } from './notify-services.js';
import { ownJobKinds } from './own-job-kinds.js';
import { partOf } from './part-of.js';
import { allHandlers, pluginParts } from './plugin.js';
import type { Storage } from './storage/storage.js';
import type { StoreHealth } from './store-health.js';
import { StoreService } from './store-service.js';
import { watchedHandler } from './watched-work.js';
import { webhookServices } from './webhook-services.js';

/** Everything an open store offers. Every method begins with who acts. */
export interface Services extends EventServices, NotifyServices {
  readonly leads: LeadService;
  readonly walker: LeadWalker;
  readonly finder: LeadFinder;
  readonly exports: ExportService;
  readonly erasure: LeadErasure;
  readonly assignment: AssignmentService;
  readonly schemas: SchemaService;
  readonly stages: StageService;
  readonly imports: ImportService;
  readonly detachedImports: DetachedImports;
  readonly mappings: MappingService;
  readonly reports: ReportService;
  readonly users: UserService;
  readonly audit: AuditService;
  readonly sealer: TrailSealer;
  readonly feed: EventFeed;
  readonly access: AccessService;
  readonly dispatcher: Dispatcher;
  readonly relay: Relay;
  readonly store: StoreService;
  readonly backups: BackupService;
  readonly keys: KeyService;
  readonly outbound: OutboundClient;
  readonly exchanges: ExchangeService;
  readonly consents: ConsentServices;
  readonly jobs: JobService;
  readonly worker: JobWorker;
  readonly timers: TimerService;
  readonly clockwork: TimerClockwork;
  readonly recounter: TimerRecounter;
  readonly calendars: CalendarService;
  readonly webhooks: WebhookService;
  readonly webhookReplay: WebhookReplay;
  readonly webhookTester: WebhookTester;
  readonly webhookWorker: WebhookWorker;
  readonly webhookSender: SingleSender;
  readonly schedules: ScheduleService;
  readonly scheduler: Scheduler;
}

export interface Composition {
  readonly options: LmsOptions;
  readonly masterKeys: MasterKeys;
  readonly time: BusinessTime;
  readonly currency: CurrencyCode;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly health: () => Promise<StoreHealth>;
  readonly wakeup: Wakeup;
  readonly invalidations: Invalidations;
  readonly telemetry: Telemetry | null;
  /** What a worker does from time to time besides jobs. */
  readonly housekeeping: (signal: AbortSignal) => Promise<unknown>;
}

/** Characters of base64url: enough that two stores never share one. */
const lineageLength = 22;

/** Wires the services of an open store. */
export async function composeServices(composition: Composition): Promise<Services> {
  const { options, clock, random, telemetry } = composition;
  const { storage } = options;
  const ids = uuidV7Source(clock, random);
  const plugins = pluginParts(options.plugins ?? []);
  const vault = new Vault(composition.masterKeys, random);
  const hasher = await openLookupHasher({
    vault,
    storeKeys: storage.storeKeys,
    unitOfWork: storage.unitOfWork,
    random,
  });
  const openKey = () => openHeadKey({ vault, storeKeys: storage.storeKeys, unitOfWork: storage.unitOfWork, random });
  const sealer = new TrailSealer({
    chain: storage.auditChain,
    outbox: storage.outbox,
    unitOfWork: storage.unitOfWork,
    turns: storage.turns,
    clock,
    openKey,
  });
  const dataKeys = new DataKeyRing(vault, storage.dataKeys);
  const settings = new LeadSettings(composition.time, composition.currency);
  const { invalidations } = composition;
  const access = new AccessService({ users: storage.users, clock, invalidations });
  const dispatcher = new Dispatcher({
    unitOfWork: storage.unitOfWork,
    outbox: storage.outbox,
    projections: projectionsOf(storage),
    steps: { all: [newLeadPlacementStep(storage)], outcomes: storage.stepOutcomes },
    clock,
    ids,
  });
  const relay = new Relay({
    outbox: storage.outbox,
    turns: storage.turns,
    deliver: (from, events) => dispatcher.deliver(from, events),
    clock,
  });
  const common = { unitOfWork: dispatcher, events: dispatcher, commands: storage.commands, access, clock, ids };

  const jobs = {
    jobs: storage.jobs,
    unitOfWork: dispatcher,
    wakeup: composition.wakeup,
    handlers: handlersByKind(
      [
        importJobHandler({ imports: () => imports, queue: () => queue }),
        importShareHandler({ imports: () => imports, jobs: storage.jobs }),
        ...noticeHandlers(options, () => notify.noticeCourier),
        ...allHandlers(options.jobs?.handlers, options.plugins ?? []),
      ].map((handler) => watchedHandler(handler, telemetry)),
    ),
    clock,
    ids,
  };
  const queue: JobQueue = new JobQueue(jobs);
  const jobChanges = new JobChanges({ ...common, jobs: storage.jobs });
  const scheduler = new Scheduler(
    { schedules: storage.schedules, queue, unitOfWork: dispatcher, clock },
    checkedSchedules(options.jobs?.schedules ?? [], { zone: composition.time.zone, reserved: ownJobKinds }),
  );
  const counting = new WorkingCalendars(storage.calendars);
  const clockwork = new TimerClockwork({
    timers: storage.timers,
    counting,
    unitOfWork: dispatcher,
    events: dispatcher,
    clock,
  });

  const consents = consentRules(storage, clock, options.consents);

  const occupants = new LeadOccupants({
    facts: storage.facts,
    leads: () => leads,
    catchUp: () => relay.catchUp('documents'),
    definitions: storage.definitions,
  });
  const engine = new FieldSchemaEngine({
    ...common,
    store: storage.definitions,
    parts: [new PipelinePart({ occupants, purposes: consents.purposes })],
    context: (epochMillis) => settings.fieldContext(epochMillis),
    hasLeads: (productLine) => lineHasLeads(storage, productLine),
  });
  const pipelines = new PipelineReader(engine);
  const leads: LeadService = new LeadService({
    ...common,
    uniqueKeys: storage.uniqueKeys,
    numbers: storage.numbers,
    dataKeyStore: storage.dataKeys,
    users: storage.users,
    leads: storage.leads,
    facts: storage.facts,
    schemas: engine,
    pipelines,
    vault,
    hasher,
    settings,
    guards: [...(options.guards ?? []), ...plugins.moveGuards],
    createGuards: plugins.createGuards,
    consentRules: consents,
  });
  const reading = {
    access,
    leads: storage.leads,
    facts: storage.facts,
    dataKeyStore: storage.dataKeys,
    schemas: engine,
    pipelines,
    vault,
    hasher,
    settings,
    clock,
  };
  const walker = new LeadWalker(reading);
  const assignment = new AssignmentService({
    ...common,
    lookup: new LeadLookup({ access, leads: storage.leads, facts: storage.facts }),
    leads: storage.leads,
    placements: storage.placements,
    outbox: storage.outbox,
    audit: storage.audit,
    users: storage.users,
    dataKeys,
    vault,
  });
  const store = new StoreService({
    access,
    relay,
    rebuilder: new FactsRebuilder({
      unitOfWork: storage.unitOfWork,
      leads: storage.leads,
      facts: storage.facts,
      placements: currentPlacements(storage.placements),
      lost: lostPlacements({
        ...common,
        placements: storage.placements,
        facts: storage.facts,
        leads: storage.leads,
        users: storage.users,
        audit: storage.audit,
        outcomes: storage.stepOutcomes,
        waitingSince: async () => (await storage.outbox.waiting('documents', 1))[0]?.at ?? null,
      }),
      // What cannot be projected is no reason not to rebuild, which may be its cure.
      catchUp: () => relay.drain({ busyLanesToo: true, limit: Number.POSITIVE_INFINITY }),
    }),
    health: () => composition.health(),
    requireLine: (slug) => engine.head(slug),
  });
  const feed = new EventFeed(storage);
  const imports: ImportService = new ImportService(
    {
      ...common,
      schemas: engine,
      leads,
      runs: storage.importRuns,
      receipts: storage.importReceipts,
      // Guards of plugins are functions, which no other thread has.
      mayUseThread: options.clock === undefined && options.random === undefined && plugins.createGuards.length === 0,
    },
    options.imports,
  );
  const outbound = new OutboundClient(
    {
      access,
      unitOfWork: storage.unitOfWork,
      exchanges: storage.exchanges,
      budgets: storage.outboundBudgets,
      dataKeys,
      vault,
      hasher,
      time: composition.time,
      clock,
      random,
      ids,
    },
    options.outbound,
  );
  const notify: NotifyServices = notifyServices(options, {
    ...common,
    ...{ queue, outbound, consents, hasher, leads, pipelines, feed, time: composition.time },
    schemas: engine,
    seal: () => sealWhatWaits(sealer),
  });
  return {
    leads,
    walker,
    finder: new LeadFinder({ ...reading, uniqueKeys: storage.uniqueKeys }),
    exports: new ExportService({ ...common, walker, settings }),
    erasure: new LeadErasure({
      ...reading,
      ...common,
      uniqueKeys: storage.uniqueKeys,
      holds: options.erasureHolds ?? [],
    }),
    assignment,
    schemas: new SchemaService({ engine, access }),
    stages: new StageService({ engine, pipelines, occupants, access }),
    imports,
    detachedImports: new DetachedImports({ access, imports, queue, changes: jobChanges, jobs: storage.jobs }),
    mappings: new MappingService({ ...common, schemas: engine, mappings: storage.savedMappings }),
    reports: new ReportService({
      access,
      lines: new LineReader(engine, pipelines),
      reports: storage.reports,
      hasher,
      settings,
      clock,
    }),
    users: new UserService({ ...common, users: storage.users }),
    audit: new AuditService({ ...common, audit: storage.audit, chain: storage.auditChain, sealer, openKey }),
    sealer,
    feed,
    ...notify,
    ...eventServices(options, {
      ...common,
      telemetry,
      feed,
      ownConsumers: notify.noticeConsumers,
      seal: () => sealWhatWaits(sealer),
    }),
    access,
    dispatcher,
    relay,
    store,
    outbound,
    exchanges: new ExchangeService({ access, exchanges: storage.exchanges, dataKeys, vault, clock }),
    consents: consentServices(storage, consents, {
      ...common,
      subjects: new LeadConsentSubjects(reading),
      dataKeys,
      vault,
      hasher,
    }),
    timers: new TimerService({ ...common, timers: storage.timers, counting }),
    calendars: new CalendarService({
      ...common,
      calendars: storage.calendars,
      counting,
      timeZone: composition.time.zone,
    }),
    ...webhookServices(options, {
      ...common,
      feed,
      seal: () => sealWhatWaits(sealer),
      keys: { vault, storeKeys: storage.storeKeys, unitOfWork: storage.unitOfWork, random },
      random,
    }),
    clockwork,
    recounter: new TimerRecounter({
      timers: storage.timers,
      calendars: storage.calendars,
      counting,
      unitOfWork: dispatcher,
    }),
    schedules: new ScheduleService({ access, schedules: storage.schedules, clock }),
    scheduler,
    jobs: new JobService({
      ...common,
      jobs: storage.jobs,
      queue,
      changes: jobChanges,
      reservedKinds: ownJobKinds,
    }),
    worker: new JobWorker(
      {
        ...jobs,
        random,
        housekeeping: composition.housekeeping,
        ...(options.jobs?.onError === undefined ? {} : { onError: options.jobs.onError }),
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
      jobSettings(options.jobs ?? {}),
    ),
    keys: new KeyService({ ...common, vault, dataKeys: storage.dataKeys, storeKeys: storage.storeKeys }),
    backups: new BackupService({
      ...common,
      snapshots: storage.snapshots,
      shape: storage.shape,
      masterKeys: vault.masterKeys,
      lineage: hasher.hash('backup lineage', '').slice(0, lineageLength),
      time: composition.time,
      random,
    }),
  };
}

/** What follows from events, in the order in which one transaction writes it. */
function projectionsOf(storage: Storage): ConstructorParameters<typeof Dispatcher>[0]['projections'] {
  const { leads, facts, moves, audit } = storage;
  return [
    leadFactsProjection({ leads, facts }),
    movesProjection(moves),
    placementFactsProjection(facts),
    placementLeadsProjection(leads),
    auditProjection(audit),
  ];
}

async function lineHasLeads(storage: Storage, productLine: string): Promise<boolean> {
  const filter = { scope: { everything: true }, productLine } as const;
  if ((await storage.facts.count(filter, 1)) > 0) return true;
  return (await storage.facts.count({ ...filter, deleted: true }, 1)) > 0;
}
