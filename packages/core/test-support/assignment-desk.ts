import { sampleLead, sampleUser } from '../src/conformance/samples.js';
import type { AssignmentPorts } from '../src/crm/assignment/index.js';
import {
  AssignmentService,
  newLeadPlacementStep,
  placementFactsProjection,
  placementLeadsProjection,
} from '../src/crm/assignment/index.js';
import { LeadLookup, leadFactsProjection, type StoredLead } from '../src/crm/leads/index.js';
import { AccessService, type User } from '../src/foundation/access/index.js';
import { auditProjection } from '../src/foundation/audit/index.js';
import { Dispatcher } from '../src/foundation/jobs/index.js';
import {
  type Actor,
  cryptoRandom,
  type IdSource,
  type LeadId,
  systemClock,
  uuidV7Source,
} from '../src/foundation/kernel/index.js';
import type { EventDraft } from '../src/foundation/persistence/index.js';
import { DataKeyRing, type MasterKey, masterKeyOf, Vault } from '../src/foundation/privacy/index.js';
import type { Storage } from '../src/storage/storage.js';

export const ids: IdSource = uuidV7Source(systemClock, cryptoRandom());
const masterKey: MasterKey = masterKeyOf(cryptoRandom().bytes(32), 'test');
const people: readonly Partial<User>[] = [
  { id: 'admin', roles: ['admin'], teams: [] },
  { id: 'meera', roles: ['manager'], teams: ['west'] },
  { id: 'asha', teams: ['west'] },
  { id: 'ravi', teams: ['east', 'west'] },
  { id: 'farah', teams: ['south'] },
  { id: 'left', teams: ['west'], active: false },
  { id: 'inspector', roles: ['auditor'], teams: ['west'] },
];

export function user(id: string): Actor {
  return { kind: 'user', id };
}

/** Assignment made from its ports, as one process has it. */
export interface AssignmentDesk {
  readonly store: Storage;
  readonly ports: AssignmentPorts;
  readonly events: Dispatcher;
  readonly assignment: AssignmentService;
  readonly vault: Vault;
  /** A lead as creation leaves it; with an owner when an agent made it. */
  createLead(change?: Partial<StoredLead>): Promise<StoredLead>;
  /** The owner everywhere it is kept: on the lead, in the lists, in the ledger. */
  ownersOf(leadId: LeadId): Promise<readonly (string | null | undefined)[]>;
}

export function openDesk(store: Storage): AssignmentDesk {
  const { unitOfWork, outbox, leads, facts, placements, users, commands } = store;
  const projections = [
    auditProjection(store.audit),
    leadFactsProjection({ leads, facts }),
    placementFactsProjection(facts),
    placementLeadsProjection(leads),
  ];
  const clock = systemClock;
  const steps = { all: [newLeadPlacementStep(store)], outcomes: store.stepOutcomes };
  const events = new Dispatcher({ unitOfWork, outbox, projections, steps, clock, ids });
  const access = new AccessService({ users, clock });
  const lookup = new LeadLookup({ access, leads, facts });
  const vault = new Vault(masterKey);
  const dataKeys = new DataKeyRing(vault, store.dataKeys);
  const services = { access, lookup, unitOfWork: events, events, dataKeys, vault };
  const { audit } = store;
  const ports: AssignmentPorts = { ...services, leads, placements, users, commands, outbox, audit, clock, ids };
  return {
    store,
    ports,
    events,
    vault,
    assignment: new AssignmentService(ports),
    async createLead(change = {}) {
      const lead = newLead(store, change);
      await events.run('documents', async (unit) => {
        await dataKeys.create(unit, 'lead', [lead.id]);
        await leads.insert(unit, [lead]);
        await events.record(unit, [createdEvent(lead)]);
      });
      return lead;
    },
    async ownersOf(leadId) {
      const [lead] = await leads.get(null, [leadId]);
      const [placement] = await placements.active(null, [leadId]);
      return [lead?.ownerId, (await facts.row(leadId))?.ownerId, placement?.holderId ?? null];
    },
  };
}

export async function addPeople(store: Storage): Promise<void> {
  await store.unitOfWork.run('ledger', async (unit) => {
    for (const change of people) await store.users.insert(unit, sampleUser(samples(store), change));
  });
}

let made = 0;

export function newLead(store: Storage, change: Partial<StoredLead> = {}): StoredLead {
  made += 1;
  const number = `LEAD-202601-${String(made).padStart(5, '0')}`;
  return sampleLead(samples(store), { number, placementVersion: change.ownerId ? 1 : 0, ...change });
}

export function createdEvent(lead: StoredLead): EventDraft {
  return {
    type: 'lead.created',
    typeVersion: 1,
    aggregate: { kind: 'lead', id: lead.id, version: lead.version },
    actor: user(lead.ownerId ?? 'admin'),
    command: 'leads.create',
    data: { ownerId: lead.ownerId },
    sealed: null,
  };
}

/** What the sample builders need. */
export function samples(_store: Storage): Parameters<typeof sampleLead>[0] {
  return { ids, clock: systemClock, word: (prefix) => `${prefix}-${ids.next()}` };
}
