import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleLead, sampleUser } from '../../conformance/samples.js';
import { AccessService, type User } from '../../foundation/access/index.js';
import { auditProjection } from '../../foundation/audit/index.js';
import { Dispatcher } from '../../foundation/jobs/index.js';
import { type Actor, cryptoRandom, type LeadId, systemClock, uuidV7Source } from '../../foundation/kernel/index.js';
import { DataKeyRing, masterKeyOf, Vault } from '../../foundation/privacy/index.js';
import { sqlite } from '../../storage/sqlite.js';
import type { Storage } from '../../storage/storage.js';
import { LeadLookup, leadFactsProjection, type StoredLead } from '../leads/index.js';
import { AssignmentService } from './assignment-service.js';
import { newLeadPlacementProjection } from './new-lead-placement.js';
import { placementFactsProjection, placementLeadsProjection } from './placement-projections.js';

const clock = systemClock;
const ids = uuidV7Source(clock, cryptoRandom());
const vault = new Vault(masterKeyOf(cryptoRandom().bytes(32), 'test'));
const user = (id: string): Actor => ({ kind: 'user', id });
const admin = user('admin');
const manager = user('meera');
const people: readonly Partial<User>[] = [
  { id: 'admin', roles: ['admin'], teams: [] },
  { id: 'meera', roles: ['manager'], teams: ['west'] },
  { id: 'asha', teams: ['west'] },
  { id: 'ravi', teams: ['east', 'west'] },
  { id: 'farah', teams: ['south'] },
  { id: 'left', teams: ['west'], active: false },
  { id: 'inspector', roles: ['auditor'], teams: ['west'] },
];

interface Desk {
  readonly store: Storage;
  readonly events: Dispatcher;
  readonly assignment: AssignmentService;
  readonly dataKeys: DataKeyRing;
}

let folder: string;
let desks: Desk[];
let desk: Desk;

/** One process on the shared file. */
async function openDesk(): Promise<Desk> {
  const store = sqlite({ file: join(folder, 'lms.db') });
  await store.open();
  const { unitOfWork, outbox, leads, facts, placements, users, commands } = store;
  const projections = [
    auditProjection(store.audit),
    leadFactsProjection({ leads, facts }),
    newLeadPlacementProjection({ placements, facts, users }),
    placementFactsProjection(facts),
    placementLeadsProjection(leads),
  ];
  const events = new Dispatcher({ unitOfWork, outbox, projections, clock, ids });
  const access = new AccessService({ users, clock });
  const lookup = new LeadLookup({ access, leads, facts });
  const dataKeys = new DataKeyRing(vault, store.dataKeys);
  const ports = {
    access,
    lookup,
    leads,
    placements,
    users,
    unitOfWork: events,
    events,
    commands,
    dataKeys,
    vault,
    clock,
    ids,
  };
  const opened = { store, events, dataKeys, assignment: new AssignmentService(ports) };
  desks.push(opened);
  return opened;
}

function samples(store: Storage) {
  return { storage: store, other: store, ids, clock, word: (prefix: string) => `${prefix}-${ids.next()}` };
}

/** A lead as creation leaves it; with an owner when an agent made it. */
async function createLead(change: Partial<StoredLead> = {}): Promise<StoredLead> {
  const { store, events, dataKeys } = desk;
  const placementVersion = change.ownerId ? 1 : 0;
  const lead = sampleLead(samples(store), {
    number: `LEAD-202601-${String(counter++).padStart(5, '0')}`,
    placementVersion,
    ...change,
  });
  await events.run('documents', async (unit) => {
    await dataKeys.create(unit, 'lead', [lead.id]);
    await store.leads.insert(unit, [lead]);
    await events.record(unit, [createdEvent(lead)]);
  });
  return lead;
}
let counter = 1;

function createdEvent(lead: StoredLead) {
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

/** The owner everywhere it is kept: on the lead, in the lists, in the ledger. */
async function ownersOf(leadId: LeadId): Promise<readonly (string | null | undefined)[]> {
  const { leads, facts, placements } = desk.store;
  const [lead] = await leads.get(null, [leadId]);
  const [placement] = await placements.active(null, [leadId]);
  return [lead?.ownerId, (await facts.row(leadId))?.ownerId, placement?.holderId ?? null];
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-assign-'));
  desks = [];
  desk = await openDesk();
  await desk.store.unitOfWork.run('ledger', async (unit) => {
    for (const change of people) await desk.store.users.insert(unit, sampleUser(samples(desk.store), change));
  });
});
afterEach(async () => {
  for (const { store } of desks) await store.close();
  await rm(folder, { recursive: true });
});

describe('assigning', () => {
  test('places the lead, everywhere, and tells the trail and the lead', async () => {
    const lead = await createLead();
    const assignment = await desk.assignment.assign(admin, lead.number, { to: 'asha' });
    expect(assignment).toEqual({ leadId: lead.id, ownerId: 'asha', team: 'west', placementVersion: 1, changed: true });
    expect(await ownersOf(lead.id)).toEqual(['asha', 'asha', 'asha']);
    expect(await desk.store.facts.row(lead.id)).toMatchObject({ team: 'west' });
    expect(await desk.store.audit.list({ limit: 1, aggregateKind: 'placement', aggregateId: lead.id })).toMatchObject([
      {
        eventType: 'lead.assigned',
        actor: 'user:admin',
        command: 'leads.assign',
        changes: { ownerId: 'asha', team: 'west', previousOwnerId: null, placementVersion: 1 },
        sealed: null,
      },
    ]);
    expect(await desk.store.leads.olderActivities(lead.id, null, 10)).toMatchObject({
      activities: [{ type: 'ASSIGNED', actor: 'user:admin', data: { from: null, to: 'asha' }, sealed: null }],
    });
  });

  test('does not raise the version of the lead', async () => {
    const lead = await createLead();
    await desk.assignment.assign(admin, lead.id, { to: 'asha' });
    expect(await desk.store.leads.get(null, [lead.id])).toMatchObject([{ version: lead.version, placementVersion: 1 }]);
  });

  test('again to the same user changes nothing', async () => {
    const lead = await createLead();
    const first = await desk.assignment.assign(admin, lead.id, { to: 'asha' });
    expect(await desk.assignment.assign(admin, lead.id, { to: 'asha' })).toEqual({ ...first, changed: false });
    expect(await desk.store.audit.list({ limit: 10, eventType: 'lead.assigned' })).toHaveLength(1);
  });

  test('to another takes it from the first, and versions count up', async () => {
    const lead = await createLead();
    await desk.assignment.assign(admin, lead.id, { to: 'asha' });
    const second = await desk.assignment.assign(admin, lead.id, { to: 'ravi' });
    expect(second).toMatchObject({ ownerId: 'ravi', team: 'east', placementVersion: 3 });
    expect(await ownersOf(lead.id)).toEqual(['ravi', 'ravi', 'ravi']);
    expect(await desk.store.placements.ofHolder('asha', null, 10)).toEqual([]);
    expect(await desk.store.audit.list({ limit: 1 })).toMatchObject([{ changes: { previousOwnerId: 'asha' } }]);
  });

  test('with an expected version refuses when the lead was assigned meanwhile', async () => {
    const lead = await createLead();
    await desk.assignment.assign(admin, lead.id, { to: 'asha' }, { expectedVersion: 0 });
    await expect(desk.assignment.assign(admin, lead.id, { to: 'ravi' }, { expectedVersion: 0 })).rejects.toMatchObject({
      code: 'PLACEMENT_CONFLICT',
      details: { currentVersion: 1, ownerId: 'asha' },
    });
    expect(await ownersOf(lead.id)).toEqual(['asha', 'asha', 'asha']);
  });

  test('with a key repeats the reply, also after the lead went on', async () => {
    const lead = await createLead();
    const once = { idempotencyKey: 'k-1' };
    await desk.assignment.assign(admin, lead.id, { to: 'asha' }, once);
    await desk.assignment.assign(admin, lead.id, { to: 'ravi' });
    expect(await desk.assignment.assign(admin, lead.id, { to: 'asha' }, once)).toMatchObject({
      ownerId: 'ravi',
      changed: false,
    });
    await expect(desk.assignment.assign(admin, lead.id, { to: 'farah' }, once)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  test('keeps the reason sealed under the lead’s own key', async () => {
    const lead = await createLead();
    await desk.assignment.assign(admin, lead.id, { to: 'asha', reason: 'speaks Marathi with Mrs Joshi' });
    const { activities } = await desk.store.leads.olderActivities(lead.id, null, 1);
    const key = await desk.dataKeys.keyFor(null, 'lead', lead.id);
    expect(vault.open(key, activities[0]?.sealed ?? '')).toBe('speaks Marathi with Mrs Joshi');
    expect(JSON.stringify(await desk.store.audit.list({ limit: 10 }))).not.toContain('Joshi');
  });

  test.each([
    ['nobody', 'USER_NOT_FOUND'],
    ['left', 'USER_INACTIVE'],
    ['inspector', 'INPUT_INVALID'],
    ['', 'INPUT_INVALID'],
  ])('to %j is refused with %s', async (to, code) => {
    const lead = await createLead();
    await expect(desk.assignment.assign(admin, lead.id, { to })).rejects.toMatchObject({ code });
    expect(await ownersOf(lead.id)).toEqual([null, null, null]);
  });

  test('refuses leads that are not there or deleted', async () => {
    const deleted = await createLead({ deletedAt: '2026-01-31T09:30:00.000Z' });
    await expect(desk.assignment.assign(admin, deleted.id, { to: 'asha' })).rejects.toMatchObject({
      code: 'LEAD_DELETED',
    });
    for (const missing of ['LEAD-202601-99999', ids.next(), 'x']) {
      await expect(desk.assignment.assign(admin, missing, { to: 'asha' })).rejects.toMatchObject({
        code: 'LEAD_NOT_FOUND',
      });
    }
  });

  test('stopped before the commit leaves nothing', async () => {
    const lead = await createLead();
    const signal = AbortSignal.abort();
    await expect(desk.assignment.assign(admin, lead.id, { to: 'asha' }, { signal })).rejects.toMatchObject({
      code: 'COMMAND_ABORTED',
    });
    expect(await ownersOf(lead.id)).toEqual([null, null, null]);
  });
});

describe('a manager', () => {
  test('assigns unowned leads and those of the team to the team', async () => {
    const lead = await createLead();
    await desk.assignment.assign(manager, lead.id, { to: 'asha' });
    expect(await desk.assignment.assign(manager, lead.id, { to: 'ravi' })).toMatchObject({ team: 'west' });
    expect(await desk.assignment.assign(manager, lead.id, { to: 'meera' })).toMatchObject({ ownerId: 'meera' });
  });

  test('does not give leads to other teams, nor see theirs', async () => {
    const lead = await createLead();
    await expect(desk.assignment.assign(manager, lead.id, { to: 'farah' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      path: 'to',
    });
    await desk.assignment.assign(admin, lead.id, { to: 'farah' });
    await expect(desk.assignment.assign(manager, lead.id, { to: 'asha' })).rejects.toMatchObject({
      code: 'LEAD_NOT_FOUND',
    });
    expect(await ownersOf(lead.id)).toEqual(['farah', 'farah', 'farah']);
  });

  test('agents and auditors assign nothing', async () => {
    const lead = await createLead({ ownerId: 'asha' });
    for (const actor of [user('asha'), user('inspector')]) {
      await expect(desk.assignment.assign(actor, lead.id, { to: 'asha' })).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
      });
    }
  });
});

describe('taking back', () => {
  test('leaves the lead unowned, once', async () => {
    const lead = await createLead();
    await desk.assignment.assign(admin, lead.id, { to: 'asha' });
    const taken = await desk.assignment.unassign(manager, lead.id, { reason: 'on leave' });
    expect(taken).toMatchObject({ ownerId: null, team: null, placementVersion: 2, changed: true });
    expect(await desk.assignment.unassign(manager, lead.id)).toEqual({ ...taken, changed: false });
    expect(await ownersOf(lead.id)).toEqual([null, null, null]);
    expect(await desk.store.audit.list({ limit: 1 })).toMatchObject([{ eventType: 'lead.unassigned' }]);
    expect(await desk.assignment.assign(manager, lead.id, { to: 'asha' })).toMatchObject({ placementVersion: 3 });
  });
});

describe('at the same time', () => {
  test('many in two processes leave one owner, the same everywhere', async () => {
    const lead = await createLead();
    const other = await openDesk();
    const calls = Array.from({ length: 24 }, (_, index) =>
      (index % 2 === 0 ? desk : other).assignment.assign(admin, lead.id, {
        to: ['asha', 'ravi', 'farah'][index % 3] ?? '',
      }),
    );
    const done = await Promise.all(calls);
    const newest = done.reduce((one, next) => (next.placementVersion > one.placementVersion ? next : one));
    expect(await ownersOf(lead.id)).toEqual([newest.ownerId, newest.ownerId, newest.ownerId]);
    const changes = done.filter(({ changed }) => changed);
    expect(new Set(changes.map(({ placementVersion }) => placementVersion)).size).toBe(changes.length);
    expect(await desk.store.audit.list({ limit: 100, eventType: 'lead.assigned' })).toHaveLength(changes.length);
    const held = await Promise.all(['asha', 'ravi', 'farah'].map((id) => desk.store.placements.ofHolder(id, null, 10)));
    expect(held.flat()).toHaveLength(1);
  });

  test('of many who expect an unowned lead one gets it', async () => {
    const lead = await createLead();
    const other = await openDesk();
    const calls = ['asha', 'ravi', 'farah', 'meera'].map((to, index) =>
      (index % 2 === 0 ? desk : other).assignment.assign(admin, lead.id, { to }, { expectedVersion: 0 }),
    );
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'PLACEMENT_CONFLICT' });
    }
  });
});

describe('a lead made by an agent', () => {
  test('is placed with that agent', async () => {
    const lead = await createLead({ ownerId: 'asha' });
    expect(await ownersOf(lead.id)).toEqual(['asha', 'asha', 'asha']);
    expect(await desk.store.facts.row(lead.id)).toMatchObject({ team: 'west' });
    expect(await desk.store.placements.active(null, [lead.id])).toMatchObject([
      { version: 1, status: 'confirmed', placedBy: 'user:asha', team: 'west' },
    ]);
    expect(await desk.assignment.assign(admin, lead.id, { to: 'ravi' })).toMatchObject({ placementVersion: 3 });
  });

  test('is placed once, also when the event comes late or again', async () => {
    const { store } = desk;
    const lead = await createLead({ ownerId: 'asha' });
    const [created] = await store.audit.list({ limit: 1, eventType: 'lead.created' });
    await desk.assignment.assign(admin, lead.id, { to: 'ravi' });
    await desk.assignment.unassign(admin, lead.id);
    const event = {
      ...createdEvent(lead),
      actor: 'user:asha',
      id: ids.next<'event'>(),
      at: created?.at ?? '',
      via: null,
    };
    const again = { ...event, correlationId: event.id, causationId: null };
    const projection = newLeadPlacementProjection(store);
    expect(projection.handles(again)).toBe(true);
    await store.unitOfWork.run('ledger', (unit) => projection.project(unit, [again, again], new Map()));
    expect(await ownersOf(lead.id)).toEqual([null, null, null]);
  });

  test('whose placement has not reached the ledger yet can be assigned, and the late event changes nothing', async () => {
    const { store } = desk;
    const lead = sampleLead(samples(store), { ownerId: 'asha', placementVersion: 1 });
    await store.unitOfWork.run('documents', (unit) => store.leads.insert(unit, [lead]));
    await desk.assignment.assign(admin, lead.id, { to: 'ravi' });
    expect((await store.leads.get(null, [lead.id]))[0]).toMatchObject({ ownerId: 'ravi', placementVersion: 2 });
    await desk.events.run('documents', (unit) => desk.events.record(unit, [createdEvent(lead)]));
    expect(await ownersOf(lead.id)).toEqual(['ravi', 'ravi', 'ravi']);
  });
});

test('many leads are assigned each on its own, in order', async () => {
  const [first, second] = [await createLead(), await createLead()];
  const outcomes = await desk.assignment.assignMany(manager, [
    { lead: first.id, to: 'asha' },
    { lead: 'LEAD-202601-99999', to: 'asha' },
    { lead: second.id, to: 'farah' },
    { lead: first.id, to: 'ravi', expectedVersion: 1 },
    { lead: first.id, to: 'asha', expectedVersion: 1 },
  ]);
  expect(outcomes).toMatchObject([
    { ok: true, lead: first.id, assignment: { ownerId: 'asha' } },
    { ok: false, lead: 'LEAD-202601-99999', error: { code: 'LEAD_NOT_FOUND' } },
    { ok: false, lead: second.id, error: { code: 'PERMISSION_DENIED' } },
    { ok: true, assignment: { ownerId: 'ravi', placementVersion: 3 } },
    { ok: false, error: { code: 'PLACEMENT_CONFLICT' } },
  ]);
  await expect(
    desk.assignment.assignMany(manager, new Array(1001).fill({ lead: first.id, to: 'asha' })),
  ).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  await expect(desk.assignment.assignMany(user('asha'), [])).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});
