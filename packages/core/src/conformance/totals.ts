import { deepStrictEqual, equal } from 'node:assert/strict';
import type { LeadFacts, LeadFactsFilter } from '../crm/leads/index.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter, sampleFacts } from './samples.js';
import { inUnit, together } from './together.js';

const everything = { everything: true } as const;
const nobody = { everything: false, ownerIds: [], unowned: false, collaboratorId: null, partner: null } as const;
const scopes: readonly LeadFactsFilter['scope'][] = [
  everything,
  nobody,
  { ...nobody, ownerIds: ['asha'], unowned: true },
  { ...nobody, ownerIds: ['asha', 'ravi'], partner: 'acme-finance', collaboratorId: 'asha' },
  { ...nobody, collaboratorId: 'asha' },
];
const stages = ['new', 'contacted', 'won'];

interface Column {
  readonly stage: string;
  readonly count: number;
  readonly amountPaise: number;
}

async function boardOf(storage: Storage, filter: LeadFactsFilter & { readonly productLine: string }) {
  const columns = await storage.facts.board({ filter, stages, cardsPerColumn: 0 });
  return columns.map(({ stage, count, amountPaise }): Column => ({ stage, count, amountPaise }));
}

/** What a board must show, counted from the leads of each stage. */
async function countedColumns(storage: Storage, filter: LeadFactsFilter): Promise<readonly Column[]> {
  const sort = { by: 'createdAt', direction: 'asc' } as const;
  const rows = (await storage.facts.list({ filter, sort, after: null, limit: 1_000 })).map(({ row }) => row);
  return stages.map((stage) => {
    const inStage = rows.filter((row) => row.stage === stage);
    const amountPaise = inStage.reduce((sum, row) => sum + (row.amountPaise ?? 0), 0);
    return { stage, count: inStage.length, amountPaise };
  });
}

/** Boards of every kind, each against the leads that the same filter lists. */
async function requireTrueBoards(storage: Storage, productLine: string): Promise<void> {
  for (const scope of scopes) {
    for (const more of [{}, { deleted: true }, { ownerId: 'asha' }, { ownerId: null, partner: null }] as const) {
      const filter = { scope, productLine, ...more };
      deepStrictEqual(await boardOf(storage, filter), await countedColumns(storage, filter));
    }
  }
}

function place(storage: Storage, leadId: LeadFacts['leadId'], ownerId: string | null, placementVersion: number) {
  const partner = ownerId === 'ravi' ? 'acme-finance' : null;
  return inUnit(storage, 'ledger', (unit) =>
    storage.facts.projectPlacement(unit, { leadId, ownerId, team: null, partner, placementVersion }),
  );
}

function project(storage: Storage, facts: readonly LeadFacts[]): Promise<void> {
  return inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, facts));
}

function sampleLeads(context: ConformanceContext, productLine: string, count: number): readonly LeadFacts[] {
  return Array.from({ length: count }, (_, at) =>
    sampleFacts(context, {
      productLine,
      amountPaise: at % 3 === 0 ? null : at * 123_456_789,
      collaboratorIds: at % 2 === 0 ? ['asha'] : [],
    }),
  );
}

export const totalsCases: readonly ConformanceCase[] = [
  {
    id: 'totals/follow-writes',
    level: 'MUST',
    title:
      'boards show what a list of their leads adds up to after each create, move, change of amount, placement, delete, restore and removal, stale ones too',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const leads = sampleLeads(context, productLine, 8);
      const [first, second, third, fourth] = leads;
      if (!first || !second || !third || !fourth) return;
      const moved = { ...first, version: 2, stage: 'contacted' };
      const steps: readonly (() => Promise<unknown>)[] = [
        () => place(storage, fourth.leadId, 'asha', 1),
        () => project(storage, leads),
        () => project(storage, [moved, { ...second, version: 2, amountPaise: 5 }]),
        () => project(storage, [first, second]),
        () => place(storage, first.leadId, 'ravi', 1),
        () => place(other, first.leadId, 'asha', 3),
        () => place(storage, first.leadId, 'ravi', 2),
        () => place(storage, third.leadId, null, 1),
        () => project(other, [{ ...third, version: 2, deletedAt: instantAfter(1) }]),
        () => project(storage, [{ ...third, version: 3, stage: 'won', status: 'won' }]),
        () => inUnit(storage, 'ledger', (unit) => storage.facts.remove(unit, [second.leadId])),
        () => storage.facts.foldTotals(),
      ];
      for (const step of steps) {
        await step();
        await requireTrueBoards(other, productLine);
      }
    },
  },
  {
    id: 'totals/parallel-writes',
    level: 'MUST',
    title: 'totals lose and double nothing when writers, housekeeping and recounts run at once, and none has to wait',
    async run(context) {
      const { storage } = context;
      const productLine = context.word('line');
      await together(context, 12, async (store, caller) => {
        for (const lead of sampleLeads(context, productLine, 4)) {
          await project(store, [lead]);
          await place(store, lead.leadId, caller % 2 === 0 ? 'asha' : 'ravi', 1);
          await project(store, [{ ...lead, version: 2, stage: stages[caller % 3] ?? 'new' }]);
        }
        if (caller % 4 === 0) await store.facts.foldTotals();
        if (caller % 4 === 1) await store.facts.recountTotals();
      });
      await requireTrueBoards(storage, productLine);
      const columns = await boardOf(storage, { scope: everything, productLine });
      deepStrictEqual(
        columns.map(({ count }) => count),
        [16, 16, 16],
      );
    },
  },
  {
    id: 'totals/refused-unit',
    level: 'MUST',
    title: 'a unit that is rolled back leaves the totals as they were',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      await project(storage, sampleLeads(context, productLine, 2));
      const before = await boardOf(other, { scope: everything, productLine });
      await inUnit(storage, 'ledger', async (unit) => {
        await storage.facts.project(unit, sampleLeads(context, productLine, 3));
        throw new Error('taken back');
      }).catch(() => undefined);
      deepStrictEqual(await boardOf(other, { scope: everything, productLine }), before);
    },
  },
  {
    id: 'totals/recount',
    level: 'MUST',
    title: 'totals that are right are found right, and a recount leaves them so, rows that were written anew too',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const leads = sampleLeads(context, productLine, 6);
      await project(storage, leads);
      await inUnit(other, 'ledger', async (unit) => {
        const ids = leads.map(({ leadId }) => leadId);
        await other.facts.lock(unit, ids);
        const rows = leads.map((facts, at) => ({
          facts: { ...facts, version: 4, stage: 'won' },
          placement: {
            leadId: facts.leadId,
            ownerId: at % 2 === 0 ? 'asha' : null,
            team: null,
            partner: null,
            placementVersion: 1,
          },
        }));
        await other.facts.overwrite(unit, rows);
      });
      equal(await storage.facts.wrongTotals(), 0);
      equal(await storage.facts.recountTotals(), 0);
      await requireTrueBoards(storage, productLine);
    },
  },
  {
    id: 'totals/mended',
    level: 'MUST',
    title: 'a recount sets totals right that are not, once, while leads are written and others recount',
    async run(context) {
      const { storage, raw } = context;
      const productLine = context.word('line');
      await project(storage, sampleLeads(context, productLine, 3));
      await raw.miscount(productLine);
      equal(await storage.facts.wrongTotals(), 1);
      const mended: number[] = [];
      await together(context, 6, async (store, caller) => {
        if (caller < 3) mended.push(await store.facts.recountTotals());
        else await project(store, sampleLeads(context, productLine, 2));
      });
      deepStrictEqual(
        mended.sort((left, right) => left - right),
        [0, 0, 1],
      );
      equal(await storage.facts.wrongTotals(), 0);
      await requireTrueBoards(storage, productLine);
    },
  },
];
