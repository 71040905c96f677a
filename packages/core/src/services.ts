import type { CommonParts } from './common-parts.js';
import {
  currentPlacements,
  lostPlacements,
  newLeadPlacementStep,
  placementFactsProjection,
  placementLeadsProjection,
} from './crm/assignment/index.js';
import type { FieldSchemaEngine } from './crm/fields/index.js';
import { DetachedImports, ImportService, importJobHandler, importShareHandler } from './crm/imports/index.js';
import {
  FactsRebuilder,
  LeadConsentSubjects,
  LeadSettings,
  leadFactsProjection,
  movesProjection,
} from './crm/leads/index.js';
import type { PipelineReader } from './crm/pipeline/index.js';
import { type EventServices, eventServices } from './event-services.js';
import { AccessService, UserService } from './foundation/access/index.js';
import { AuditService, auditProjection, openHeadKey, sealWhatWaits, TrailSealer } from './foundation/audit/index.js';
import { BackupService } from './foundation/backup/index.js';
import type { Invalidations } from './foundation/cache/index.js';
import { EventFeed } from './foundation/events/index.js';
import { Dispatcher, Relay, type Wakeup } from './foundation/jobs/index.js';
import {
  type BusinessTime,
  type Clock,
  type CurrencyCode,
  type RandomSource,
  uuidV7Source,
} from './foundation/kernel/index.js';
import { ExchangeService, OutboundClient } from './foundation/outbound/index.js';
import {
  type AtCreationPorts,
  type ConsentServices,
  consentRules,
  consentServices,
  consentsAtCreation,
  DataKeyRing,
  KeyService,
  type MasterKeys,
  openLookupKeys,
  Vault,
} from './foundation/privacy/index.js';
import type { Telemetry } from './foundation/telemetry/index.js';
import { type LeadServices, leadServices } from './lead-services.js';
import type { LmsOptions } from './lms-options.js';
import { lookupRowsOf, lookupStorage } from './lookup-storage.js';
import { type NotifyServices, noticeHandlers, notifyServices } from './notify-services.js';
import { pluginParts } from './plugin.js';
import type { Storage } from './storage/storage.js';
import type { StoreHealth } from './store-health.js';
import { StoreService } from './store-service.js';
import { type WebhookServices, webhookServices } from './webhook-services.js';
import { type WorkServices, type WorkWorkshop, workServices } from './work-services.js';

/** Everything an open store offers. Every method begins with who acts. */
export interface Services extends LeadServices, WorkServices, EventServices, NotifyServices, WebhookServices {
  readonly engine: FieldSchemaEngine;
  readonly pipelines: PipelineReader;
  readonly imports: ImportService;
  readonly detachedImports: DetachedImports;
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
  const { clock, random, telemetry } = composition;
  const kept = composition.options.storage;
  const ids = uuidV7Source(clock, random);
  const vault = new Vault(composition.masterKeys, random);
  const { storeKeys, unitOfWork } = kept;
  const lookupKeys = await openLookupKeys({ vault, storeKeys, unitOfWork, random });
  const { hasher } = lookupKeys;
  const storage = lookupStorage(kept, lookupKeys);
  const options: LmsOptions = { ...composition.options, storage };
  const plugins = pluginParts(options.plugins ?? []);
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
    projections: projectionsOf(storage, { dataKeys, vault, hasher }),
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
  const common: CommonParts = {
    unitOfWork: dispatcher,
    events: dispatcher,
    commands: storage.commands,
    access,
    clock,
    ids,
  };

  const work: WorkWorkshop = workServices(options, {
    ...common,
    random,
    time: composition.time,
    wakeup: composition.wakeup,
    telemetry,
    housekeeping: composition.housekeeping,
    ownHandlers: [
      importJobHandler({ imports: () => imports, queue: () => work.queue }),
      importShareHandler({ imports: () => imports, jobs: storage.jobs }),
      ...noticeHandlers(options, () => notify.noticeCourier),
    ],
  });
  const { queue } = work;

  const consents = consentRules(storage, clock, options.consents);

  const crm = leadServices(options, {
    ...common,
    ...{ vault, hasher, lookupKeys, dataKeys, settings, consents, plugins },
    catchUp: () => relay.catchUp('documents'),
  });
  const { engine, pipelines, reading } = crm;
  const { leads } = crm.services;
  const rebuilder = new FactsRebuilder({
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
  });
  const store = new StoreService({
    access,
    relay,
    rebuilder,
    health: () => composition.health(),
    requireLine: (slug) => engine.head(slug),
  });
  const feed = new EventFeed(storage);
  const imports: ImportService = new ImportService(
    {
      ...common,
      schemas: engine,
      leads,
      termsReader: consents.termsReader,
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
    ...crm.services,
    ...work.services,
    engine,
    pipelines,
    imports,
    detachedImports: new DetachedImports({ access, imports, queue, changes: work.changes, jobs: storage.jobs }),
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
      catchUp: () => relay.catchUp('documents'),
      dataKeys,
      vault,
      hasher,
    }),
    ...webhookServices(options, {
      ...common,
      feed,
      seal: () => sealWhatWaits(sealer),
      keys: { vault, storeKeys: storage.storeKeys, unitOfWork: storage.unitOfWork, random },
      random,
    }),
    keys: new KeyService({
      ...common,
      vault,
      dataKeys: storage.dataKeys,
      storeKeys: storage.storeKeys,
      lookupKeys,
      rows: lookupRowsOf(kept, lookupKeys),
      rebuildFacts: async (signal) => (await rebuilder.run(signal === undefined ? {} : { signal })).finished,
    }),
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
function projectionsOf(
  storage: Storage,
  sealing: Pick<AtCreationPorts, 'dataKeys' | 'vault' | 'hasher'>,
): ConstructorParameters<typeof Dispatcher>[0]['projections'] {
  const { leads, facts, moves, audit, consents, contactBlocks } = storage;
  return [
    leadFactsProjection({ leads, facts }),
    movesProjection(moves),
    placementFactsProjection(facts),
    placementLeadsProjection(leads),
    consentsAtCreation({ consents, contactBlocks, ...sealing }),
    auditProjection(audit),
  ];
}
