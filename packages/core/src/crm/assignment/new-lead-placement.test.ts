import { beforeAll, expect, test } from 'vitest';
import { ids, samples } from '../../../test-support/assignment-desk.js';
import { describeShapes } from '../../../test-support/shapes.js';
import { sampleEvent, sampleFacts, sampleUser } from '../../conformance/samples.js';
import type { DomainEvent, LeadId } from '../../foundation/kernel/index.js';
import type { Storage } from '../../storage/storage.js';
import { newLeadPlacementProjection } from './new-lead-placement.js';
import type { Placement } from './placement-store.js';

describeShapes((makeStorage) => {
  let store: Storage;

  beforeAll(async () => {
    store = await makeStorage();
    await store.unitOfWork.run('ledger', async (unit) => {
      await store.users.insert(unit, sampleUser(samples(store), { id: 'asha', teams: ['west', 'east'] }));
    });
  });

  function createdBy(ownerId: string | null, leadId: LeadId = ids.next<'lead'>()): DomainEvent {
    const aggregate = { kind: 'lead', id: leadId, version: 1 };
    return sampleEvent(samples(store), { aggregate, actor: `user:${ownerId ?? 'admin'}`, data: { ownerId } });
  }

  function project(...events: DomainEvent[]): Promise<void> {
    return store.unitOfWork.run('ledger', (unit) => newLeadPlacementProjection(store).project(unit, events, new Map()));
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

  test('an owner who is not in the directory counts for no team', async () => {
    const event = createdBy('gone');
    await project(event);
    expect(await activeOf(event)).toMatchObject([{ team: null }]);
  });

  test('leads made without an owner, and other events, place nothing', () => {
    const projection = newLeadPlacementProjection(store);
    expect(projection.handles(createdBy(null))).toBe(false);
    expect(projection.handles({ ...createdBy('asha'), type: 'lead.updated' })).toBe(false);
    expect(projection.handles({ ...createdBy('asha'), data: null })).toBe(false);
    expect(projection.handles(createdBy('asha'))).toBe(true);
  });
});
