import { beforeAll, expect, test } from 'vitest';
import { type AssignmentDesk, ids, newLead, openDesk, samples, user } from '../../../test-support/assignment-desk.js';
import { describeShapes } from '../../../test-support/shapes.js';
import { sampleEvent, sampleFacts, sampleUser } from '../../conformance/samples.js';
import type { DomainEvent, LeadId } from '../../foundation/kernel/index.js';
import type { StepResult } from '../../foundation/persistence/index.js';
import type { Storage } from '../../storage/storage.js';
import { confirmedPlacement } from './confirmed-placement.js';
import { newLeadPlacementStep } from './new-lead-placement.js';
import type { Placement } from './placement-store.js';

describeShapes((makeStorage) => {
  let store: Storage;
  let desk: AssignmentDesk;

  beforeAll(async () => {
    store = await makeStorage();
    desk = openDesk(store);
    await store.unitOfWork.run('ledger', async (unit) => {
      await store.users.insert(unit, sampleUser(samples(store), { id: 'asha', teams: ['west', 'east'] }));
      await store.users.insert(unit, sampleUser(samples(store), { id: 'left', teams: ['west'], active: false }));
      await store.users.insert(unit, sampleUser(samples(store), { id: 'boss', roles: ['admin'] }));
      await store.users.insert(unit, sampleUser(samples(store), { id: 'inspector', roles: ['auditor'], teams: [] }));
    });
  });

  function createdBy(ownerId: string | null, leadId: LeadId = ids.next<'lead'>()): DomainEvent {
    const aggregate = { kind: 'lead', id: leadId, version: 1 };
    return sampleEvent(samples(store), { aggregate, actor: `user:${ownerId ?? 'admin'}`, data: { ownerId } });
  }

  async function project(...events: DomainEvent[]): Promise<readonly StepResult[]> {
    const step = newLeadPlacementStep(store);
    return store.unitOfWork.run('ledger', (unit) => step.take(unit, events, new Map()));
  }

  async function activeOf(event: DomainEvent): Promise<readonly Placement[]> {
    return store.placements.active(null, [event.aggregate.id as LeadId]);
  }

  test('a lead made by an agent is placed with that agent, in the ledger and in the lists', async () => {
    const event = createdBy('asha');
    const leadId = event.aggregate.id as LeadId;
    await store.unitOfWork.run('ledger', (unit) =>
      store.facts.project(unit, [sampleFacts(samples(store), { leadId })]),
    );
    await project(event);
    expect(await activeOf(event)).toMatchObject([
      {
        holderKind: 'rep',
        holderId: 'asha',
        team: 'west',
        status: 'confirmed',
        version: 1,
        placedAt: event.at,
        placedBy: 'user:asha',
      },
    ]);
    expect(await store.facts.row(leadId)).toMatchObject({ ownerId: 'asha', team: 'west' });
  });

  test('many at once are placed each', async () => {
    const events = Array.from({ length: 50 }, () => createdBy('asha'));
    await project(...events);
    const placed = await store.placements.active(
      null,
      events.map(({ aggregate }) => aggregate.id as LeadId),
    );
    expect(placed.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
  });

  test('the event may come again, also together with itself, and after the lead went on', async () => {
    const event = createdBy('asha');
    await project(event, event);
    await project(event);
    expect(await activeOf(event)).toMatchObject([{ id: event.id }]);
    await store.unitOfWork.run('ledger', (unit) =>
      store.placements.release(unit, event.id, { version: 2, at: event.at, by: 'user:meera' }),
    );
    await project(event);
    expect(await activeOf(event)).toEqual([]);
  });

  test.each([
    { name: 'an agent who is not in the directory', ownerId: 'gone', code: 'USER_NOT_FOUND', deleted: false },
    { name: 'an agent who has left', ownerId: 'left', code: 'USER_INACTIVE', deleted: false },
    { name: 'a user who works no leads any more', ownerId: 'inspector', code: 'PERMISSION_DENIED', deleted: false },
    { name: 'a lead that was deleted meanwhile', ownerId: 'asha', code: 'LEAD_DELETED', deleted: true },
  ])('$name is refused: the lead is left without an owner, the trail and the lead say why', async (one) => {
    const { ownerId, code, deleted } = one;
    const lead = await desk.createLead({ ownerId, deletedAt: deleted ? '2026-01-20T10:00:00.000Z' : null });
    expect(await desk.ownersOf(lead.id)).toEqual([null, null, null]);
    const [refused] = await store.audit.list({ eventType: 'lead.unassigned', aggregateId: lead.id, limit: 2 });
    expect(refused).toMatchObject({ actor: 'system:placement', changes: { previousOwnerId: ownerId, refused: code } });
    const [created] = await store.audit.list({ eventType: 'lead.created', aggregateId: lead.id, limit: 2 });
    expect(refused?.correlationId).toBe(created?.correlationId);
    const outcomes = await store.stepOutcomes.find(null, 'new-lead-placement', [created?.id ?? '']);
    expect(outcomes).toMatchObject([{ outcome: 'refused', code, reason: expect.any(String) }]);
    const { activities } = await store.leads.olderActivities(lead.id, null, 10);
    expect(activities).toMatchObject([{ type: 'PLACEMENT_REFUSED', data: { to: ownerId, code } }]);
    expect((await store.leads.get(null, [lead.id]))[0]).toMatchObject({ ownerId: null, placementVersion: 2 });
  });

  test('a refusal that is delivered again is not told twice, and the lead can be given to somebody', async () => {
    const lead = newLead(store, { ownerId: 'left' });
    const event = createdBy('left', lead.id);
    await store.unitOfWork.run('documents', (unit) => store.leads.insert(unit, [lead]));
    await desk.events.deliver('documents', [event]);
    await desk.events.deliver('documents', [event, event]);
    expect(await store.audit.list({ eventType: 'lead.unassigned', aggregateId: lead.id, limit: 5 })).toHaveLength(1);
    await desk.assignment.assign(user('boss'), lead.number, { to: 'asha' });
    expect(await desk.ownersOf(lead.id)).toEqual(['asha', 'asha', 'asha']);
    await desk.events.deliver('documents', [event]);
    expect(await desk.ownersOf(lead.id)).toEqual(['asha', 'asha', 'asha']);
  });

  test('a refusal takes nothing back from whom somebody gave the lead while it was decided', async () => {
    const event = createdBy('left');
    const leadId = event.aggregate.id as LeadId;
    const given = { id: ids.next<'placement'>(), leadId, holderId: 'asha', team: 'west', version: 2 };
    const step = newLeadPlacementStep({
      ...store,
      users: {
        ...store.users,
        async get(unit, id) {
          if (unit !== null) await store.placements.insert(unit, confirmedPlacement({ ...given, ...doneAt(event) }));
          return store.users.get(unit, id);
        },
      },
    });
    const results = await store.unitOfWork.run('ledger', (unit) => step.take(unit, [event], new Map()));
    expect(results).toEqual([{ event, outcome: 'done' }]);
    expect(await activeOf(event)).toMatchObject([{ holderId: 'asha', version: 2 }]);
  });

  test('leads made without an owner, and other events, place nothing', () => {
    const step = newLeadPlacementStep(store);
    expect(step.handles(createdBy(null))).toBe(false);
    expect(step.handles({ ...createdBy('asha'), type: 'lead.updated' })).toBe(false);
    expect(step.handles({ ...createdBy('asha'), data: null })).toBe(false);
    expect(step.handles(createdBy('asha'))).toBe(true);
  });
});

function doneAt({ at, actor }: DomainEvent): { readonly at: DomainEvent['at']; readonly by: DomainEvent['actor'] } {
  return { at, by: actor };
}
