import { deepStrictEqual, equal } from 'node:assert/strict';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter, sampleFacts, sampleLead, samplePlacement, sampleUser } from './samples.js';
import { inUnit } from './together.js';

export const rebuildingCases: readonly ConformanceCase[] = [
  {
    id: 'rebuilding/overwrite',
    level: 'MUST',
    title:
      'facts written anew replace a row of any version with its placement; removed ones are gone, and a lead can come again',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const damaged = sampleFacts(context, { productLine, version: 900, collaboratorIds: ['ravi'] });
      const stray = sampleFacts(context, { productLine });
      const right = { ...damaged, version: 3, stage: 'contacted', collaboratorIds: ['asha'] };
      const { leadId } = damaged;
      const owned = (ownerId: string, placementVersion: number) => ({
        leadId,
        ownerId,
        team: 'west',
        partner: null,
        placementVersion,
      });
      await inUnit(storage, 'ledger', async (unit) => {
        await storage.facts.project(unit, [damaged, stray]);
        await storage.facts.projectPlacement(unit, owned('ravi', 77));
      });
      await inUnit(storage, 'ledger', async (unit) => {
        await storage.facts.lock(unit, [leadId, stray.leadId]);
        await storage.facts.overwrite(unit, [{ facts: right, placement: owned('asha', 2) }]);
        await storage.facts.remove(unit, [stray.leadId, context.ids.next<'lead'>()]);
      });
      const row = await other.facts.row(leadId);
      deepStrictEqual([row?.version, row?.stage, row?.ownerId, row?.team], [3, 'contacted', 'asha', 'west']);
      equal(await other.facts.row(stray.leadId), null);
      await inUnit(other, 'ledger', async (unit) => {
        await other.facts.project(unit, [{ ...right, version: 2 }, stray]);
        await other.facts.projectPlacement(unit, owned('ravi', 2));
      });
      equal((await storage.facts.row(leadId))?.version, 3);
      equal((await storage.facts.row(leadId))?.ownerId, 'asha');
      equal((await storage.facts.row(stray.leadId))?.version, 1);
      const helper = {
        everything: false,
        ownerIds: [],
        unowned: false,
        collaboratorId: 'asha',
        partner: null,
      } as const;
      equal(await storage.facts.count({ scope: helper, productLine }, 5), 1);
    },
  },
  {
    id: 'rebuilding/ids-between',
    level: 'MUST',
    title: 'leads with a row of any kind are found by id in a range, of one line where asked, bounded',
    async run(context) {
      const { storage, other } = context;
      const [productLine, beside] = [context.word('line'), context.word('line')];
      const rows = [0, 1, 2, 3, 4].map((index) =>
        sampleFacts(context, {
          productLine: index === 3 ? beside : productLine,
          deletedAt: index === 1 ? instantAfter(1) : null,
        }),
      );
      const awaited = context.ids.next<'lead'>();
      await inUnit(storage, 'ledger', async (unit) => {
        await storage.facts.project(unit, rows);
        const placement = { leadId: awaited, ownerId: 'asha', team: null, partner: null, placementVersion: 1 };
        await storage.facts.projectPlacement(unit, placement);
      });
      const ids = rows.map(({ leadId }) => leadId);
      const [first = null, second, third, fourth, fifth] = ids;
      const all = await other.facts.idsBetween({ after: first, upTo: awaited }, 50);
      deepStrictEqual(
        all.filter((id) => ids.includes(id) || id === awaited),
        [second, third, fourth, fifth, awaited],
      );
      deepStrictEqual(await other.facts.idsBetween({ after: first, upTo: null, productLine }, 2), [second, third]);
      deepStrictEqual(await other.facts.idsBetween({ after: null, upTo: second ?? null, productLine }, 50), [
        first,
        second,
      ]);
    },
  },
  {
    id: 'rebuilding/newest-placement',
    level: 'MUST',
    title: 'the newest placement of a lead is found whether it is over or not; leads that never had one are left out',
    async run(context) {
      const { storage, other } = context;
      const [moved, released, never] = [0, 1, 2].map(() => context.ids.next<'lead'>());
      if (moved === undefined || released === undefined || never === undefined) return;
      const first = samplePlacement(context, moved, { holderId: 'asha' });
      const second = samplePlacement(context, moved, { holderId: 'ravi', version: 3 });
      const over = samplePlacement(context, released);
      const change = { version: 2, at: instantAfter(1), by: 'user:meera' };
      await inUnit(storage, 'ledger', async (unit) => {
        await storage.placements.insert(unit, first);
        await storage.placements.insert(unit, over);
        await storage.placements.release(unit, first.id, change);
        await storage.placements.release(unit, over.id, change);
        await storage.placements.insert(unit, second);
      });
      const newest = await other.placements.newest(null, [moved, released, never]);
      deepStrictEqual(
        [...newest].sort((left, right) => (left.leadId < right.leadId ? -1 : 1)),
        [second, { ...over, status: 'released', version: 2, releasedAt: change.at, releasedBy: change.by }],
      );
    },
  },
  {
    id: 'rebuilding/correct-placement',
    level: 'MUST',
    title: 'a lead is given the owner it should have, lower placement versions too, unless it was placed meanwhile',
    async run(context) {
      const { storage, other } = context;
      const lead = sampleLead(context, { ownerId: 'ravi', placementVersion: 7 });
      const right = { leadId: lead.id, ownerId: 'asha', team: null, partner: null, placementVersion: 3 };
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      const corrected = (seen: number): Promise<boolean> =>
        inUnit(other, 'documents', (unit) => other.leads.correctPlacement(unit, right, seen));
      equal(await corrected(6), false);
      deepStrictEqual(await storage.leads.get(null, [lead.id]), [lead]);
      equal(await corrected(7), true);
      deepStrictEqual(await storage.leads.get(null, [lead.id]), [{ ...lead, ownerId: 'asha', placementVersion: 3 }]);
    },
  },
  {
    id: 'rebuilding/active-admins',
    level: 'MUST',
    title:
      'active admins are found; of two units that each take one away after looking, the second sees what the first did',
    async run(context) {
      const { storage, other } = context;
      const pair = [sampleUser(context, { roles: ['admin'] }), sampleUser(context, { roles: ['agent', 'admin'] })];
      const others = [
        sampleUser(context, { roles: ['admin'], active: false }),
        sampleUser(context, { roles: ['agent'] }),
      ];
      await inUnit(storage, 'ledger', async (unit) => {
        for (const user of [...pair, ...others]) await storage.users.insert(unit, user);
      });
      const own = new Set([...pair, ...others].map(({ id }) => id));
      const seen = await Promise.all(
        pair.map((user, index) => {
          const store = index === 0 ? storage : other;
          return inUnit(store, 'ledger', async (unit) => {
            const admins = (await store.users.activeAdmins(unit)).filter((id) => own.has(id));
            if (admins.length > 1) await store.users.replace(unit, { ...user, active: false, version: 2 }, 1);
            return admins.length;
          });
        }),
      );
      deepStrictEqual([...seen].sort(), [1, 2]);
    },
  },
];
