import type { CommonParts } from './common-parts.js';
import { AssignmentService } from './crm/assignment/index.js';
import { ExportService } from './crm/exports/index.js';
import { FieldSchemaEngine, SchemaService } from './crm/fields/index.js';
import { MappingService } from './crm/imports/index.js';
import {
  HeldKeys,
  LeadErasure,
  LeadFinder,
  LeadLookup,
  LeadOccupants,
  LeadService,
  type LeadSettings,
  LeadWalker,
  LineReader,
  type ReadingPorts,
} from './crm/leads/index.js';
import { PipelinePart, PipelineReader, StageService } from './crm/pipeline/index.js';
import { ReportService } from './crm/reports/index.js';
import type { ConsentRules, DataKeyRing, LookupHasher, LookupKeys, Vault } from './foundation/privacy/index.js';
import type { LmsOptions } from './lms-options.js';
import type { PluginParts } from './plugin.js';
import type { Storage } from './storage/storage.js';

export interface LeadParts extends CommonParts {
  readonly vault: Vault;
  readonly hasher: LookupHasher;
  readonly lookupKeys: LookupKeys;
  readonly dataKeys: DataKeyRing;
  readonly settings: LeadSettings;
  readonly consents: ConsentRules;
  readonly plugins: PluginParts;
  /** Tells the ledger all that the documents know. */
  readonly catchUp: () => Promise<void>;
}

/** Leads, what they are made of, and who works them. */
export interface LeadServices {
  readonly leads: LeadService;
  readonly walker: LeadWalker;
  readonly finder: LeadFinder;
  readonly exports: ExportService;
  readonly erasure: LeadErasure;
  readonly assignment: AssignmentService;
  readonly schemas: SchemaService;
  readonly stages: StageService;
  readonly mappings: MappingService;
  readonly reports: ReportService;
}

/** The same, and what other services read lines and leads with. */
export interface LeadWorkshop {
  readonly services: LeadServices;
  readonly engine: FieldSchemaEngine;
  readonly pipelines: PipelineReader;
  readonly reading: ReadingPorts;
}

export function leadServices(options: LmsOptions, parts: LeadParts): LeadWorkshop {
  const { storage } = options;
  const { access, clock, vault, hasher, dataKeys, settings, consents, plugins } = parts;
  const { unitOfWork, events, commands, ids } = parts;
  const common: CommonParts = { access, unitOfWork, events, commands, clock, ids };
  const occupants = new LeadOccupants({
    facts: storage.facts,
    leads: () => leads,
    catchUp: parts.catchUp,
    definitions: storage.definitions,
  });
  const engine = new FieldSchemaEngine({
    ...common,
    store: storage.definitions,
    parts: [new PipelinePart({ occupants, purposes: consents.purposes, types: plugins.fieldTypes })],
    types: plugins.fieldTypes,
    context: (epochMillis) => settings.fieldContext(epochMillis),
    hasLeads: (productLine) => lineHasLeads(storage, productLine),
  });
  const pipelines = new PipelineReader(engine);
  const reading: ReadingPorts = {
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
  const heldKeys = new HeldKeys(storage.uniqueKeys, parts.lookupKeys);
  const leads: LeadService = new LeadService({
    ...common,
    ...reading,
    heldKeys,
    numbers: storage.numbers,
    users: storage.users,
    guards: [...(options.guards ?? []), ...plugins.moveGuards],
    createGuards: plugins.createGuards,
    consentRules: consents,
    termsReader: consents.termsReader,
  });
  const walker = new LeadWalker(reading);
  const services: LeadServices = {
    leads,
    walker,
    finder: new LeadFinder({ ...reading, heldKeys }),
    exports: new ExportService({ ...common, walker, settings }),
    erasure: new LeadErasure({
      ...reading,
      ...common,
      heldKeys,
      holds: options.erasureHolds ?? [],
      catchUp: parts.catchUp,
    }),
    assignment: new AssignmentService({
      ...common,
      lookup: new LeadLookup({ access, leads: storage.leads, facts: storage.facts }),
      leads: storage.leads,
      placements: storage.placements,
      outbox: storage.outbox,
      audit: storage.audit,
      users: storage.users,
      dataKeys,
      vault,
    }),
    schemas: new SchemaService({ engine, access }),
    stages: new StageService({ engine, pipelines, occupants, access }),
    mappings: new MappingService({ ...common, schemas: engine, mappings: storage.savedMappings }),
    reports: new ReportService({
      access,
      lines: new LineReader(engine, pipelines),
      reports: storage.reports,
      hasher,
      settings,
      clock,
    }),
  };
  return { services, engine, pipelines, reading };
}

async function lineHasLeads(storage: Storage, productLine: string): Promise<boolean> {
  const filter = { scope: { everything: true }, productLine } as const;
  if ((await storage.facts.count(filter, 1)) > 0) return true;
  return (await storage.facts.count({ ...filter, deleted: true }, 1)) > 0;
}
