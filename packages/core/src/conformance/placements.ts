import { deepStrictEqual, equal } from 'node:assert/strict';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter, sampleFacts, sampleLead, samplePlacement } from './samples.js';
import { inUnit, together } from './together.js';

const callers = 20;

export const placementCases: readonly ConformanceCase[] = [
  {
    id: 'placements/race',
    level: 'MUST',
    title: 'of 20 callers who place an unowned lead at once one gets true, and the lead has one active placement',
    async run(context) {
      const { storage } = context;
      const leadId = context.ids.next<'lead'>();
      const placements = Array.from({ length: callers }, (_, caller) =>
        samplePlacement(context, leadId, { holderId: `rep-${caller}`, version: caller + 1 }),
      );
      const outcomes = await together(context, callers, (store, caller) =>
        inUnit(store, 'ledger', (unit) =>
          store.placements.insert(unit, placements[caller] ?? samplePlacement(context, leadId)),
        ),
      );
      equal(outcomes.filter(Boolean).length, 1, 'callers that were told true');
      deepStrictEqual(await storage.placements.active(null, [leadId]), [placements[outcomes.indexOf(true)]]);
    },
  },
  {
    id: 'placements/reassign-race',
    level: 'MUST',
    title:
      'callers who each read, release and place again at once leave one active placement and versions without a gap',
    async run(context) {
      const { storage } = context;
      const leadId = context.ids.next<'lead'>();
      await inUnit(storage, 'ledger', (unit) => storage.placements.insert(unit, samplePlacement(context, leadId)));
      const outcomes = await together(context, callers, (store, caller) =>
        inUnit(store, 'ledger', async (unit) => {
          const [active] = await store.placements.active(unit, [leadId]);
          const version = (await store.placements.versions(unit, [leadId])).get(leadId) ?? 0;
          if (active === undefined) return false;
          const change = { version: version + 1, at: instantAfter(caller), by: 'user:meera' };
          if (!(await store.placements.release(unit, active.id, change))) return false;
          return store.placements.insert(
            unit,
            samplePlacement(context, leadId, { holderId: `rep-${caller}`, version: version + 2 }),
          );
        }),
      );
      const active = await storage.placements.active(null, [leadId]);
      equal(active.length, 1);
      const placed = outcomes.filter(Boolean).length;
      equal(active[0]?.version, 1 + 2 * placed, 'each successful caller raised the version by two');
      const versions = await inUnit(storage, 'ledger', (unit) => storage.placements.versions(unit, [leadId]));
      equal(versions.get(leadId), active[0]?.version);
    },
  },
  {
    id: 'placements/version-taken',
    level: 'MUST',
    title: 'a (lead, version) pair is taken once; a released placement makes room, its release happens once',
    async run(context) {
      const { storage, other } = context;
      const leadId = context.ids.next<'lead'>();
      const first = samplePlacement(context, leadId);
      const change = { version: 2, at: instantAfter(5), by: 'user:meera' };
      equal(await inUnit(storage, 'ledger', (unit) => storage.placements.insert(unit, first)), true);
      equal(await inUnit(other, 'ledger', (unit) => other.placements.release(unit, first.id, change)), true);
      equal(await inUnit(storage, 'ledger', (unit) => storage.placements.release(unit, first.id, change)), false);
      deepStrictEqual(await storage.placements.active(null, [leadId]), []);
      const taken = samplePlacement(context, leadId, { version: 2 });
      equal(await inUnit(storage, 'ledger', (unit) => storage.placements.insert(unit, taken)), false);
      const next = samplePlacement(context, leadId, { version: 3, holderId: 'meera' });
      equal(await inUnit(storage, 'ledger', (unit) => storage.placements.insert(unit, next)), true);
      deepStrictEqual(await other.placements.active(null, [leadId]), [next]);
      const versions = await inUnit(storage, 'ledger', (unit) =>
        storage.placements.versions(unit, [leadId, context.ids.next<'lead'>()]),
      );
      deepStrictEqual(new Map(versions), new Map([[leadId, 3]]));
    },
  },
  {
    id: 'placements/refused-insert-keeps-unit',
    level: 'MUST',
    title: 'a refused placement leaves the unit usable: what else it writes is committed',
    async run(context) {
      const { storage, other } = context;
      const leadId = context.ids.next<'lead'>();
      const free = samplePlacement(context, context.ids.next<'lead'>());
      await inUnit(storage, 'ledger', (unit) => storage.placements.insert(unit, samplePlacement(context, leadId)));
      await inUnit(storage, 'ledger', async (unit) => {
        equal(await storage.placements.insert(unit, samplePlacement(context, leadId, { version: 2 })), false);
        equal(await storage.placements.insert(unit, free), true);
      });
      deepStrictEqual(await other.placements.active(null, [free.leadId]), [free]);
    },
  },
  {
    id: 'placements/of-holder',
    level: 'MUST',
    title: 'active placements of a holder page by lead id; released ones and those of others are left out',
    async run(context) {
      const { storage, other } = context;
      const holderId = context.word('rep');
      const placements = Array.from({ length: 7 }, () =>
        samplePlacement(context, context.ids.next<'lead'>(), { holderId }),
      );
      const stranger = samplePlacement(context, context.ids.next<'lead'>(), { holderId: holderId.toUpperCase() });
      await inUnit(storage, 'ledger', async (unit) => {
        for (const placement of [...placements, stranger]) await storage.placements.insert(unit, placement);
        await storage.placements.release(unit, placements[3]?.id ?? '', {
          version: 2,
          at: instantAfter(1),
          by: 'user:meera',
        });
      });
      const expected = placements.filter((_, index) => index !== 3);
      const first = await other.placements.ofHolder(holderId, null, 4);
      const rest = await other.placements.ofHolder(holderId, first.at(-1)?.leadId ?? null, 4);
      deepStrictEqual([...first, ...rest], expected);
    },
  },
  {
    id: 'placements/projected-on-lead',
    level: 'MUST',
    title:
      'a lead takes owner and partner from a higher placement version only, keeps its version, and replace leaves them',
    async run(context) {
      const { storage, other } = context;
      const lead = sampleLead(context);
      const at = (placementVersion: number, ownerId: string | null) => ({
        leadId: lead.id,
        ownerId,
        team: 'west',
        partner: null,
        placementVersion,
      });
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      await inUnit(storage, 'documents', (unit) => storage.leads.projectPlacement(unit, at(3, 'meera')));
      await inUnit(other, 'documents', (unit) => other.leads.projectPlacement(unit, at(2, 'asha')));
      await inUnit(other, 'documents', (unit) => other.leads.projectPlacement(unit, at(3, 'ravi')));
      const owned = { ...lead, ownerId: 'meera', placementVersion: 3 };
      deepStrictEqual(await storage.leads.get(null, [lead.id]), [owned]);
      const replaced = { ...lead, version: 2, ownerId: 'nobody', placementVersion: 99 };
      equal(await inUnit(storage, 'documents', (unit) => storage.leads.replace(unit, replaced, 1)), true);
      deepStrictEqual(await other.leads.get(null, [lead.id]), [{ ...owned, version: 2 }]);
    },
  },
  {
    id: 'placements/projected-on-facts',
    level: 'MUST',
    title:
      'facts take the owner from a higher placement version only, whether the placement comes before or after them',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const early = sampleFacts(context, { productLine });
      const late = sampleFacts(context, { productLine });
      for (const { leadId } of [early, late]) {
        const at = (placementVersion: number, ownerId: string) => ({
          leadId,
          ownerId,
          team: 'west',
          partner: 'acme-finance',
          placementVersion,
        });
        const factsFirst = leadId === late.leadId;
        const facts = factsFirst ? late : early;
        if (factsFirst) await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, [facts]));
        await inUnit(storage, 'ledger', (unit) => storage.facts.projectPlacement(unit, at(2, 'meera')));
        await inUnit(other, 'ledger', (unit) => other.facts.projectPlacement(unit, at(1, 'asha')));
        if (!factsFirst) {
          equal(await storage.facts.row(leadId), null, 'a lead without facts has no row yet');
          await inUnit(other, 'ledger', (unit) => other.facts.project(unit, [facts]));
        }
        await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, [{ ...facts, version: 2 }]));
        const row = await other.facts.row(leadId);
        deepStrictEqual([row?.ownerId, row?.team, row?.partner, row?.version], ['meera', 'west', 'acme-finance', 2]);
      }
      const owned = { scope: { everything: true as const }, productLine, ownerId: 'meera' };
      equal(await storage.facts.count(owned, 10), 2);
    },
  },
];
