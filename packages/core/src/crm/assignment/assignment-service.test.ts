import { beforeAll, describe, expect, test } from 'vitest';
import {
  type AssignmentDesk,
  addPeople,
  createdEvent,
  ids,
  newLead,
  openDesk,
  user,
} from '../../../test-support/assignment-desk.js';
import { describeShapes } from '../../../test-support/shapes.js';
import type { AuditRow } from '../../foundation/audit/index.js';
import { LmsError } from '../../foundation/kernel/index.js';
import type { StoredLead } from '../leads/index.js';
import { AssignmentService } from './assignment-service.js';

const admin = user('admin');
const manager = user('meera');

describeShapes((makeStorage, { anotherHandle }) => {
  let desk: AssignmentDesk;
  let other: AssignmentDesk;

  beforeAll(async () => {
    const store = await makeStorage();
    await addPeople(store);
    desk = openDesk(store);
    other = openDesk(await anotherHandle(store));
  });

  /** What the audit has of the lead's placement, newest first. */
  function trailOf(lead: StoredLead): Promise<readonly AuditRow[]> {
    return desk.store.audit.list({ limit: 100, aggregateKind: 'placement', aggregateId: lead.id });
  }

  /** Everybody who holds the lead, going by the users' own lists. */
  async function heldOf(lead: StoredLead): Promise<readonly string[]> {
    const lists = ['asha', 'ravi', 'farah', 'meera'].map((id) => desk.store.placements.ofHolder(id, null, 1000));
    const held = (await Promise.all(lists)).flat();
    return held.filter(({ leadId }) => leadId === lead.id).map(({ holderId }) => holderId);
  }

  describe('assigning', () => {
    test('places the lead, everywhere, and tells the trail and the lead', async () => {
      const lead = await desk.createLead();
      const assignment = await desk.assignment.assign(admin, lead.number, { to: 'asha' });
      expect(assignment).toEqual({
        leadId: lead.id,
        ownerId: 'asha',
        team: 'west',
        placementVersion: 1,
        changed: true,
      });
      expect(await desk.ownersOf(lead.id)).toEqual(['asha', 'asha', 'asha']);
      expect(await desk.store.facts.row(lead.id)).toMatchObject({ team: 'west' });
      expect(await trailOf(lead)).toMatchObject([
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
      const lead = await desk.createLead();
      await desk.assignment.assign(admin, lead.id, { to: 'asha' });
      expect(await desk.store.leads.get(null, [lead.id])).toMatchObject([
        { version: lead.version, placementVersion: 1 },
      ]);
    });

    test('again to the same user changes nothing', async () => {
      const lead = await desk.createLead();
      const first = await desk.assignment.assign(admin, lead.id, { to: 'asha' });
      expect(await desk.assignment.assign(admin, lead.id, { to: 'asha' })).toEqual({ ...first, changed: false });
      expect(await trailOf(lead)).toHaveLength(1);
    });

    test('to another takes it from the first, and versions count up', async () => {
      const lead = await desk.createLead();
      await desk.assignment.assign(admin, lead.id, { to: 'asha' });
      const second = await desk.assignment.assign(admin, lead.id, { to: 'ravi' });
      expect(second).toMatchObject({ ownerId: 'ravi', team: 'east', placementVersion: 3 });
      expect(await desk.ownersOf(lead.id)).toEqual(['ravi', 'ravi', 'ravi']);
      expect(await heldOf(lead)).toEqual(['ravi']);
      expect((await trailOf(lead))[0]).toMatchObject({ changes: { previousOwnerId: 'asha' } });
    });

    test('with an expected version refuses when the lead was assigned meanwhile', async () => {
      const lead = await desk.createLead();
      await desk.assignment.assign(admin, lead.id, { to: 'asha' }, { expectedVersion: 0 });
      await expect(
        desk.assignment.assign(admin, lead.id, { to: 'ravi' }, { expectedVersion: 0 }),
      ).rejects.toMatchObject({
        code: 'PLACEMENT_CONFLICT',
        details: { currentVersion: 1, ownerId: 'asha' },
      });
      expect(await desk.ownersOf(lead.id)).toEqual(['asha', 'asha', 'asha']);
    });

    test('with a key repeats the reply, also after the lead went on', async () => {
      const lead = await desk.createLead();
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
      const lead = await desk.createLead();
      await desk.assignment.assign(admin, lead.id, { to: 'asha', reason: 'speaks Marathi with Mrs Joshi' });
      const { activities } = await desk.store.leads.olderActivities(lead.id, null, 1);
      const key = await desk.ports.dataKeys.keyFor(null, 'lead', lead.id);
      expect(desk.vault.open(key, activities[0]?.sealed ?? '')).toBe('speaks Marathi with Mrs Joshi');
      expect(JSON.stringify(await desk.store.audit.list({ limit: 100 }))).not.toContain('Joshi');
    });

    test('to somebody who cannot have leads is refused', async () => {
      const lead = await desk.createLead();
      for (const to of ['nobody', 'left', 'inspector', '']) {
        await expect(desk.assignment.assign(admin, lead.id, { to })).rejects.toBeInstanceOf(LmsError);
      }
      expect(await desk.ownersOf(lead.id)).toEqual([null, null, null]);
    });

    test('is refused alike when it is only asked for', async () => {
      const lead = await desk.createLead();
      const far = await desk.createLead({ ownerId: 'farah' });
      const deleted = await desk.createLead({ deletedAt: '2026-01-31T09:30:00.000Z' });
      const code = (work: Promise<unknown>): Promise<unknown> =>
        work.then(
          () => 'fine',
          (error) => error.code,
        );
      const { assignment } = desk;
      for (const [actor, to, expected] of [
        [admin, 'asha', 'fine'],
        [admin, 'nobody', 'USER_NOT_FOUND'],
        [admin, 'left', 'USER_INACTIVE'],
        [admin, 'inspector', 'INPUT_INVALID'],
        [admin, '', 'INPUT_INVALID'],
        [manager, 'farah', 'PERMISSION_DENIED'],
        [user('asha'), 'asha', 'PERMISSION_DENIED'],
        [user('left'), 'asha', 'ACTOR_UNKNOWN'],
      ] as const) {
        expect(await code(assignment.checkAssignee(actor, to)), to).toBe(expected);
        expect(await code(assignment.checkAssign(actor, lead.number, to)), to).toBe(expected);
        if (expected !== 'fine') expect(await code(assignment.assign(actor, lead.id, { to })), to).toBe(expected);
      }
      for (const [reference, to, expected] of [
        [far.number, 'asha', 'LEAD_NOT_FOUND'],
        [far.number, null, 'LEAD_NOT_FOUND'],
        [deleted.number, 'asha', 'LEAD_DELETED'],
        ['LEAD-202601-99999', null, 'LEAD_NOT_FOUND'],
      ] as const) {
        expect(await code(assignment.checkAssign(manager, reference, to))).toBe(expected);
      }
      expect(await code(assignment.checkAssignee(manager, null))).toBe('fine');
      for (const to of ['asha', null]) {
        expect(await code(assignment.checkAssignee(manager, to, 'on leave'))).toBe('fine');
        expect(await code(assignment.checkAssignee(manager, to, ' '))).toBe('INPUT_INVALID');
        expect(await code(assignment.checkAssign(manager, lead.number, to, ' '))).toBe('INPUT_INVALID');
      }
      expect(await code(assignment.checkAssignee(user('asha'), null))).toBe('PERMISSION_DENIED');
      expect(await desk.ownersOf(lead.id)).toEqual([null, null, null]);
      expect(await trailOf(lead)).toEqual([]);
    });

    test('refuses leads that are not there or deleted', async () => {
      const deleted = await desk.createLead({ deletedAt: '2026-01-31T09:30:00.000Z' });
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
      const lead = await desk.createLead();
      const signal = AbortSignal.abort();
      await expect(desk.assignment.assign(admin, lead.id, { to: 'asha' }, { signal })).rejects.toMatchObject({
        code: 'COMMAND_ABORTED',
      });
      expect(await desk.ownersOf(lead.id)).toEqual([null, null, null]);
    });
  });

  describe('a manager', () => {
    test('assigns unowned leads and those of the team to the team', async () => {
      const lead = await desk.createLead();
      await desk.assignment.assign(manager, lead.id, { to: 'asha' });
      expect(await desk.assignment.assign(manager, lead.id, { to: 'ravi' })).toMatchObject({ team: 'west' });
      expect(await desk.assignment.assign(manager, lead.id, { to: 'meera' })).toMatchObject({ ownerId: 'meera' });
    });

    test('does not give leads to other teams, nor see theirs', async () => {
      const lead = await desk.createLead();
      await expect(desk.assignment.assign(manager, lead.id, { to: 'farah' })).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
        path: 'to',
      });
      await desk.assignment.assign(admin, lead.id, { to: 'farah' });
      await expect(desk.assignment.assign(manager, lead.id, { to: 'asha' })).rejects.toMatchObject({
        code: 'LEAD_NOT_FOUND',
      });
      expect(await desk.ownersOf(lead.id)).toEqual(['farah', 'farah', 'farah']);
    });

    test('does not get back what went to another team while the command ran', async () => {
      const lead = await desk.createLead({ ownerId: 'asha' });
      const { ports, assignment } = desk;
      const overtaken = new AssignmentService({
        ...ports,
        lookup: {
          async visibleId(principal, permission, reference) {
            const id = await ports.lookup.visibleId(principal, permission, reference);
            await assignment.assign(admin, id, { to: 'farah' });
            return id;
          },
        },
      });
      await expect(overtaken.assign(manager, lead.id, { to: 'ravi' })).rejects.toMatchObject({
        code: 'LEAD_NOT_FOUND',
      });
      expect(await desk.ownersOf(lead.id)).toEqual(['farah', 'farah', 'farah']);
    });

    test('agents and auditors assign nothing', async () => {
      const lead = await desk.createLead({ ownerId: 'asha' });
      for (const actor of [user('asha'), user('inspector')]) {
        await expect(desk.assignment.assign(actor, lead.id, { to: 'asha' })).rejects.toMatchObject({
          code: 'PERMISSION_DENIED',
        });
      }
    });
  });

  describe('taking back', () => {
    test('leaves the lead unowned, once', async () => {
      const lead = await desk.createLead();
      await desk.assignment.assign(admin, lead.id, { to: 'asha' });
      const taken = await desk.assignment.unassign(manager, lead.id, { reason: 'on leave' });
      expect(taken).toMatchObject({ ownerId: null, team: null, placementVersion: 2, changed: true });
      expect(await desk.assignment.unassign(manager, lead.id)).toEqual({ ...taken, changed: false });
      expect(await desk.ownersOf(lead.id)).toEqual([null, null, null]);
      expect((await trailOf(lead))[0]).toMatchObject({ eventType: 'lead.unassigned' });
      expect(await desk.assignment.assign(manager, lead.id, { to: 'asha' })).toMatchObject({ placementVersion: 3 });
    });
  });

  describe('at the same time', () => {
    test('many in two processes leave one owner, the same everywhere', async () => {
      const lead = await desk.createLead();
      const calls = Array.from({ length: 24 }, (_, index) =>
        (index % 2 === 0 ? desk : other).assignment.assign(admin, lead.id, {
          to: ['asha', 'ravi', 'farah'][index % 3] ?? '',
        }),
      );
      const done = await Promise.all(calls);
      const newest = done.reduce((one, next) => (next.placementVersion > one.placementVersion ? next : one));
      expect(await desk.ownersOf(lead.id)).toEqual([newest.ownerId, newest.ownerId, newest.ownerId]);
      const changes = done.filter(({ changed }) => changed);
      expect(new Set(changes.map(({ placementVersion }) => placementVersion)).size).toBe(changes.length);
      expect(await trailOf(lead)).toHaveLength(changes.length);
      expect(await heldOf(lead)).toEqual([newest.ownerId]);
    });

    test('of many who expect an unowned lead one gets it', async () => {
      const lead = await desk.createLead();
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

  test('a lead whose placement has not reached the ledger yet can be assigned, and the late event changes nothing', async () => {
    const { store } = desk;
    const lead = newLead(store, { ownerId: 'asha' });
    await store.unitOfWork.run('documents', (unit) => store.leads.insert(unit, [lead]));
    await desk.assignment.assign(admin, lead.id, { to: 'ravi' });
    expect((await store.leads.get(null, [lead.id]))[0]).toMatchObject({ ownerId: 'ravi', placementVersion: 3 });
    expect(await trailOf(lead)).toMatchObject([{ changes: { previousOwnerId: 'asha', ownerId: 'ravi' } }]);
    await desk.events.run('documents', (unit) => desk.events.record(unit, [createdEvent(lead)]));
    expect(await desk.ownersOf(lead.id)).toEqual(['ravi', 'ravi', 'ravi']);
  });

  test('a lead is taken back from an owner whose placement has not reached the ledger yet', async () => {
    const { store } = desk;
    const lead = newLead(store, { ownerId: 'asha' });
    await store.unitOfWork.run('documents', (unit) => store.leads.insert(unit, [lead]));
    expect(await desk.assignment.assign(admin, lead.id, { to: 'asha' })).toMatchObject({ changed: false });
    expect(await desk.assignment.unassign(admin, lead.id)).toMatchObject({ ownerId: null, changed: true });
    await desk.events.run('documents', (unit) => desk.events.record(unit, [createdEvent(lead)]));
    expect(await desk.ownersOf(lead.id)).toEqual([null, null, null]);
  });

  test('a batch tries no further item when the store is gone; the rest have the same outcome', async () => {
    const lead = await desk.createLead();
    let units = 0;
    const gone = new AssignmentService({
      ...desk.ports,
      unitOfWork: {
        oneDatabase: desk.events.oneDatabase,
        run: () => {
          units += 1;
          return Promise.reject(new LmsError('STORE_UNAVAILABLE', { message: 'the server is down' }));
        },
      },
    });
    const outcomes = await gone.assignMany(admin, new Array(50).fill({ lead: lead.id, to: 'asha' }));
    expect(outcomes).toHaveLength(50);
    expect(outcomes.every((outcome) => !outcome.ok && outcome.error.code === 'STORE_UNAVAILABLE')).toBe(true);
    expect(units).toBe(1);
  });

  test('many leads are assigned each on its own, in order', async () => {
    const [first, second] = [await desk.createLead(), await desk.createLead()];
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
});
