import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loanLine } from '../../../test-support/loan-line.js';
import { onLedger, rawFacts, setOwnerByHand } from '../../../test-support/raw-facts.js';
import { allShapes, makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore, type TestStore } from '../../../test-support/store.js';
import type { LeadId } from '../../foundation/kernel/index.js';
import { currentPlacements } from '../assignment/index.js';
import { FactsRebuilder, type RebuildReport } from './facts-rebuilder.js';

for (const shape of allShapes) {
  describe(`rebuilding the read model on ${shape}`, { timeout: 60_000 }, () => {
    let place: StorePlace;
    let store: TestStore;
    let leads: readonly string[];

    beforeAll(async () => {
      place = await makePlace(shape);
      store = await newStore(place.handle());
      leads = await everyKindOfChange(store);
    });
    afterAll(async () => {
      await store.lms.close();
      await place.remove();
    });

    it('gives the same rows, and again', async () => {
      const before = await rawFacts(place.address);
      expect(before.lead_facts).toHaveLength(leads.length);
      expect(before.lead_collaborators.length).toBeGreaterThan(0);
      const report = await store.admin.store.rebuildFacts();
      expect(report).toEqual({
        rebuilt: leads.length,
        removed: 0,
        owners: 0,
        totals: 0,
        after: [...leads].sort().at(-1),
        finished: true,
      });
      expect(await rawFacts(place.address)).toEqual(before);
      await store.admin.store.rebuildFacts();
      expect(await rawFacts(place.address)).toEqual(before);
    });

    it('mends rows that were damaged, lost or made up by hand, and owners on leads', async () => {
      const before = await rawFacts(place.address);
      const owners = await ownersOf(store, leads);
      const [first = '', second = '', third = '', fourth = ''] = leads;
      for (const table of ['stage_stays', 'lead_index', 'lead_collaborators', 'lead_facts']) {
        await onLedger(place.address, `delete from ${table} where lead_id = '${first}'`);
      }
      await onLedger(
        place.address,
        `update lead_facts set stage = 'won', version = 900, owner_id = 'ravi', placement_version = 77, presence = 1 where lead_id = '${second}'`,
      );
      await onLedger(place.address, `update stage_stays set stage = 'lost' where lead_id = '${third}'`);
      await onLedger(place.address, `delete from lead_index where lead_id = '${third}'`);
      const { lead_facts: rows } = before;
      const copy = Object.keys(rows[0] ?? {})
        .map((column) => (column === 'lead_id' ? "'0-stray'" : column))
        .join(', ');
      await onLedger(
        place.address,
        `insert into lead_facts select ${copy} from lead_facts where lead_id = '${fourth}'`,
      );
      await onLedger(place.address, `insert into lead_collaborators (lead_id, user_id) values ('0-stray', 'ravi')`);
      await setOwnerByHand(place.address, second, 'ravi');
      await setOwnerByHand(place.address, third, null);
      expect(await rawFacts(place.address)).not.toEqual(before);
      const report = await store.admin.store.rebuildFacts();
      expect(report).toMatchObject({ rebuilt: leads.length, removed: 1, owners: 2, finished: true });
      expect(await rawFacts(place.address)).toEqual(before);
      expect(await ownersOf(store, leads)).toEqual(owners);
    });

    it('gives placements back that the ledger lost, as the leads say it', async () => {
      const before = await rawFacts(place.address);
      const [, second = '', third = ''] = leads;
      const owners = await ownersOf(store, leads);
      await onLedger(place.address, `delete from placements where lead_id in ('${second}', '${third}')`);
      expect(await store.admin.store.rebuildFacts()).toMatchObject({ rebuilt: leads.length, owners: 2 });
      expect(await ownersOf(store, leads)).toEqual(owners);
      expect(await rawFacts(place.address)).toEqual(before);
      expect(await store.admin.store.rebuildFacts()).toMatchObject({ owners: 0 });
    });

    it('does one line alone, stops when told, and goes on where it stopped', async () => {
      const before = await rawFacts(place.address);
      await onLedger(place.address, `update lead_facts set source = 'damaged' where product_line = 'home-loan'`);
      const stopped = await store.admin.store.rebuildFacts({ productLine: 'home-loan', signal: AbortSignal.abort() });
      expect(stopped).toEqual({ rebuilt: 0, removed: 0, owners: 0, totals: 0, after: null, finished: false });
      const reports: RebuildReport[] = [];
      const report = await store.admin.store.rebuildFacts({
        productLine: 'home-loan',
        onProgress: (one) => reports.push(one),
      });
      expect(report).toMatchObject({ rebuilt: 1, finished: true });
      expect(reports.at(-1)).toEqual(report);
      expect(await rawFacts(place.address)).toEqual(before);
      const last = report.after ?? '';
      expect(await store.admin.store.rebuildFacts({ after: last })).toMatchObject({ rebuilt: 0, after: last });
    });

    it('leaves nothing behind that writers changed meanwhile', async () => {
      const stop = new AbortController();
      let changes = 0;
      const writer = async (offset: number): Promise<void> => {
        for (let turn = 0; !stop.signal.aborted; turn += 1) {
          const lead = leads[(turn * 2 + offset) % leads.length] ?? '';
          const changed = await store.admin.leads.update(lead, { fields: { city: `City ${offset}-${turn}` } }).then(
            () => store.admin.leads.assign(lead, { to: turn % 2 === 0 ? 'asha' : 'ravi' }),
            () => null,
          );
          if (changed !== null) changes += 1;
          if (turn % 5 === 0) await store.admin.leads.create(loanLead());
        }
      };
      const writers = [writer(0), writer(1)];
      for (let round = 0; round < 3 || changes < 20; round += 1) await store.admin.store.rebuildFacts();
      stop.abort();
      await Promise.all(writers);
      await store.lms.settle();
      await store.lms.tick();
      const after = await rawFacts(place.address);
      const report = await store.admin.store.rebuildFacts();
      expect(report).toMatchObject({ removed: 0, owners: 0 });
      expect(await rawFacts(place.address)).toEqual(after);
    });

    it('is for admins, and for lines that there are', async () => {
      const auditor = await store.user('inspector', ['auditor']);
      await expect(auditor.store.rebuildFacts()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
      expect((await auditor.store.health()).ok).toBe(true);
      await expect(store.admin.store.rebuildFacts({ productLine: 'no-such-line' })).rejects.toMatchObject({
        code: 'LINE_NOT_FOUND',
      });
      await expect(store.admin.store.rebuildFacts({ after: "x' or 1" })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    });
  });
}

describe.each(['mysql', 'hybrid'] as const)('rebuilding rows that are not there, on %s', (shape) => {
  it('writes nothing older than what commands project between its reading and its writing', {
    timeout: 60_000,
  }, async () => {
    const place = await makePlace(shape);
    const storage = place.handle();
    const { admin, user, lms } = await newStore(storage);
    try {
      await user('asha', ['agent']);
      const { id } = await admin.leads.create(loanLead());
      await lms.settle();
      await storage.unitOfWork.run('ledger', (unit) => storage.facts.remove(unit, [id as LeadId]));
      let commands: readonly Promise<unknown>[] = [];
      let ended = 0;
      const placements = currentPlacements(storage.placements);
      const rebuilder = new FactsRebuilder({
        unitOfWork: storage.unitOfWork,
        leads: storage.leads,
        facts: storage.facts,
        catchUp: async () => undefined,
        lost: { restore: async () => 0 },
        placements: {
          ...placements,
          async current(unit, leadIds) {
            const read = await placements.current(unit, leadIds);
            if (unit === null || commands.length > 0) return read;
            commands = [admin.leads.update(id, { fields: { city: 'Goa' } }), admin.leads.assign(id, { to: 'asha' })];
            for (const command of commands) command.finally(() => (ended += 1)).catch(() => undefined);
            await expect
              .poll(async () => ended + (await waitingForLocks(place)), { timeout: 10_000, interval: 150 })
              .toBe(2);
            return read;
          },
        },
      });
      await rebuilder.run();
      await Promise.all(commands);
      await lms.settle();
      const { lead_facts: rows } = await rawFacts(place.address);
      expect(rows).toMatchObject([{ lead_id: id, version: 2, owner_id: 'asha', placement_version: 1 }]);
    } finally {
      await lms.close();
      await place.remove();
    }
  });
});

/**
 * Transactions in the ledger's database that wait for a row that another one holds. InnoDB looks again only when nobody asked
 * for 100 ms.
 */
async function waitingForLocks({ address }: StorePlace): Promise<number> {
  const rows = await onLedger(
    address,
    `select trx_id from information_schema.innodb_trx join information_schema.processlist on id = trx_mysql_thread_id
     where trx_state = 'LOCK WAIT' and db = database()`,
  );
  return Array.isArray(rows) ? rows.length : 0;
}

/** @returns the ids of the leads: of the first four no one is deleted, the second and third have owners */
async function everyKindOfChange({ admin, user, lms }: TestStore): Promise<readonly string[]> {
  const asha = await user('asha', ['agent'], ['west']);
  await user('ravi', ['agent'], ['east']);
  await admin.schemas.publish({ ...loanLine, slug: 'home-loan', name: 'Home loan' });
  const made = [
    await admin.leads.create({ ...loanLead({ pan: 'ABCPE1234F' }), collaboratorIds: ['asha', 'ravi'] }),
    await asha.leads.create(loanLead()),
    await admin.leads.create(loanLead({ city: 'पुणे' })),
    await admin.leads.create(loanLead()),
    await admin.leads.create(loanLead()),
    await admin.leads.create({ ...loanLead(), productLine: 'home-loan' }),
  ].map(({ id }) => id);
  const [first = '', , third = '', fourth = '', fifth = ''] = made;
  await admin.leads.assign(third, { to: 'asha' });
  await admin.leads.assign(third, { to: 'ravi' });
  await admin.leads.assign(first, { to: 'asha' });
  await admin.leads.unassign(first);
  await admin.leads.completeTask(fourth, 'first-call', { fields: { outcome: 'interested' } });
  await admin.leads.move(fourth, { to: 'contacted' });
  await admin.leads.move(fourth, { to: 'lost' });
  await admin.leads.delete(fifth);
  await admin.leads.delete(third);
  await admin.leads.restore(third);
  await lms.settle();
  await lms.tick();
  return made;
}

async function ownersOf({ admin }: TestStore, ids: readonly string[]): Promise<readonly (string | null)[]> {
  return Promise.all(ids.map(async (id) => (await admin.leads.get(id)).ownerId));
}
