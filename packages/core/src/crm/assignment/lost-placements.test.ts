import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenInvariants } from '../../../test-support/crash-matrix/invariants.js';
import { readRawState } from '../../../test-support/crash-matrix/read-raw.js';
import { onLedger } from '../../../test-support/raw-facts.js';
import { allShapes, makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore, openStore, type TestStore } from '../../../test-support/store.js';
import type { LeadId } from '../../foundation/kernel/index.js';
import type { Storage } from '../../storage/storage.js';

const step = 'new-lead-placement';

async function brokenIn(place: StorePlace): Promise<readonly string[]> {
  return brokenInvariants(await readRawState(place.address));
}

describe.each(allShapes)('placements that a ledger lost, on %s', { timeout: 60_000 }, (shape) => {
  let place: StorePlace;
  let storage: Storage;
  let store: TestStore;
  let agent: TestStore['admin'];

  beforeAll(async () => {
    place = await makePlace(shape);
    storage = place.handle();
    store = await newStore(storage);
    agent = await store.user('asha', ['agent'], ['west']);
    await store.user('ravi', ['agent'], ['east']);
  });
  afterAll(async () => {
    await store.lms.close();
    await place.remove();
  });

  const rebuild = (): Promise<object> => store.admin.store.rebuildFacts();
  const trailOf = (id: string, eventType: string) => storage.audit.list({ aggregateId: id, eventType, limit: 5 });

  async function lose(id: string): Promise<void> {
    await onLedger(place.address, `delete from placements where lead_id = '${id}'`);
    await onLedger(
      place.address,
      `delete from step_outcomes where event_id in (select id from audit where aggregate_id = '${id}')`,
    );
  }

  it('are as the step left them where the owner came with the lead', async () => {
    const { id } = await agent.leads.create(loanLead());
    const [before] = await storage.placements.active(null, [id as LeadId]);
    await lose(id);
    expect(await rebuild()).toMatchObject({ owners: 1 });
    expect(await storage.placements.active(null, [id as LeadId])).toEqual([before]);
    const [created] = await trailOf(id, 'lead.created');
    expect(before?.id).toBe(created?.id);
    expect(await storage.stepOutcomes.find(null, step, [created?.id ?? ''])).toMatchObject([{ outcome: 'done' }]);
    expect(await rebuild()).toMatchObject({ owners: 0 });
    expect(await brokenIn(place)).toEqual([]);
  });

  it('are not told again where the trail knows them', async () => {
    const { id } = await store.admin.leads.create(loanLead());
    await store.admin.leads.assign(id, { to: 'ravi' });
    await lose(id);
    expect(await rebuild()).toMatchObject({ owners: 1 });
    await store.lms.settle();
    expect(await trailOf(id, 'lead.assigned')).toHaveLength(1);
    expect(await brokenIn(place)).toEqual([]);
  });

  it('are refused to who has left meanwhile, and the lead is left without an owner', async () => {
    const leaver = await store.user('leaver', ['agent'], ['west']);
    const { id } = await leaver.leads.create(loanLead());
    await lose(id);
    await store.admin.users.deactivate('leaver');
    expect(await rebuild()).toMatchObject({ owners: 1 });
    await store.lms.settle();
    expect(await store.admin.leads.get(id)).toMatchObject({ ownerId: null });
    expect(await trailOf(id, 'lead.unassigned')).toMatchObject([{ changes: { refused: 'USER_INACTIVE' } }]);
    const [created] = await trailOf(id, 'lead.created');
    expect(await storage.stepOutcomes.find(null, step, [created?.id ?? ''])).toMatchObject([{ outcome: 'refused' }]);
    expect(await rebuild()).toMatchObject({ owners: 0 });
    expect(await brokenIn(place)).toEqual([]);
  });

  it('are told in the trail anew where it lost them too', async () => {
    const { id } = await store.admin.leads.create(loanLead());
    await store.admin.leads.assign(id, { to: 'ravi' });
    await lose(id);
    await onLedger(place.address, `delete from audit where aggregate_id = '${id}' and aggregate_kind = 'placement'`);
    expect(await rebuild()).toMatchObject({ owners: 1 });
    await store.lms.settle();
    expect(await trailOf(id, 'lead.assigned')).toMatchObject([
      { actor: 'system:placement', changes: { ownerId: 'ravi', team: 'east', placementVersion: 1 } },
    ]);
  });
});

/** A handle whose leads are committed and not told: its units of the ledger wait until they are let go. */
function withoutDelivery(storage: Storage): { readonly storage: Storage; letGo(): void } {
  let letGo: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { unitOfWork } = storage;
  const run: Storage['unitOfWork']['run'] = async (home, work, options) => {
    if (home === 'ledger') await told;
    return unitOfWork.run(home, work, options);
  };
  return { storage: { ...storage, unitOfWork: { oneDatabase: unitOfWork.oneDatabase, run } }, letGo };
}

/** A handle that does something just before the leads are scanned: after a rebuild has caught up. */
function beforeScan(storage: Storage, work: () => Promise<void>): Storage {
  let done: Promise<void> | null = null;
  const leads = new Proxy(storage.leads, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...given: readonly unknown[]) => {
        if (name === 'scan') {
          done ??= work();
          await done;
        }
        return Reflect.apply(method, target, given);
      };
    },
  });
  return { ...storage, leads };
}

describe('a first placement that is on its way', { timeout: 60_000 }, () => {
  it.each([
    { what: 'is left by a rebuild to the step, which makes it', leaves: false, owner: 'asha', outcome: 'done' },
    { what: 'is left by a rebuild to the step, which may refuse it', leaves: true, owner: null, outcome: 'refused' },
  ])('$what', async ({ leaves, owner, outcome }) => {
    const place = await makePlace('hybrid');
    const first = await newStore(place.handle());
    await first.user('asha', ['agent'], ['west']);
    const halting = withoutDelivery(place.handle());
    const slow = await openStore(halting.storage);
    await slow.lms.ready();
    let creating: Promise<{ readonly id: string }> | null = null;
    const rebuilding = place.handle();
    // An hour later by its own clock: not the age of a lead tells whether it is told of.
    const later = await openStore(
      beforeScan(rebuilding, async () => {
        creating = slow.lms.as({ kind: 'user', id: 'asha' }).leads.create(loanLead());
        await expect.poll(() => rebuilding.outbox.count('documents'), { interval: 20, timeout: 20_000 }).toBe(1);
        if (leaves) await first.admin.users.deactivate('asha');
      }),
      '2026-01-15T05:30:00.000Z',
    );
    try {
      expect(await later.admin.store.rebuildFacts()).toMatchObject({ rebuilt: 1, owners: 0, finished: true });
      expect(await onLedger(place.address, 'select * from placements')).toEqual([]);
      halting.letGo();
      const { id } = await (creating ?? Promise.reject(new Error('nobody scanned')));
      await slow.lms.settle();
      expect(await first.admin.leads.get(id)).toMatchObject({ ownerId: owner });
      const [created] = await rebuilding.audit.list({ aggregateId: id, eventType: 'lead.created', limit: 1 });
      expect(await rebuilding.stepOutcomes.find(null, step, [created?.id ?? ''])).toMatchObject([{ outcome }]);
      expect(await first.admin.store.rebuildFacts()).toMatchObject({ owners: 0 });
      expect(await brokenIn(place)).toEqual([]);
    } finally {
      halting.letGo();
      await Promise.all([first.lms.close(), slow.lms.close(), later.lms.close()]);
      await place.remove();
    }
  });

  it('and a handover that comes before it leave one history of the lead', async () => {
    const place = await makePlace('hybrid');
    const storage = place.handle();
    const first = await newStore(storage);
    for (const agent of ['asha', 'ravi']) await first.user(agent, ['agent'], ['west']);
    const halting = withoutDelivery(place.handle());
    const slow = await openStore(halting.storage);
    try {
      const creating = slow.lms.as({ kind: 'user', id: 'asha' }).leads.create(loanLead());
      await expect.poll(() => storage.outbox.count('documents'), { interval: 20, timeout: 20_000 }).toBe(1);
      const [waiting] = await storage.outbox.waiting('documents', 1);
      await first.admin.leads.assign(waiting?.aggregate.id ?? '', { to: 'ravi' });
      halting.letGo();
      const { id } = await creating;
      await Promise.all([first.lms.settle(), slow.lms.settle()]);
      expect(await first.admin.leads.get(id)).toMatchObject({ ownerId: 'ravi' });
      expect(await brokenIn(place)).toEqual([]);
    } finally {
      halting.letGo();
      await Promise.all([first.lms.close(), slow.lms.close()]);
      await place.remove();
    }
  });

  it('is never broken beside a rebuild and who passes leads on', async () => {
    const place = await makePlace('hybrid');
    const first = await newStore(place.handle());
    const other = await openStore(place.handle());
    try {
      const agents = [await first.user('asha', ['agent'], ['west']), await first.user('ravi', ['agent'], ['east'])];
      const elsewhere = other.lms.as({ kind: 'user', id: 'asha' });
      let isOver = false;
      const creators = [...agents, elsewhere].map(async (agent, at) => {
        for (let made = 0; !isOver || made < 5; made += 1) {
          const { id } = await agent.leads.create(loanLead());
          if (made % 3 === at) await first.admin.leads.assign(id, { to: 'ravi' });
        }
      });
      for (let round = 0; round < 4; round += 1) await first.admin.store.rebuildFacts();
      isOver = true;
      await Promise.all(creators);
      await Promise.all([first.lms.settle(), other.lms.settle()]);
      await first.lms.tick();
      expect(await first.admin.store.rebuildFacts()).toMatchObject({ owners: 0, removed: 0 });
      expect(await brokenIn(place)).toEqual([]);
    } finally {
      await Promise.all([first.lms.close(), other.lms.close()]);
      await place.remove();
    }
  });
});
