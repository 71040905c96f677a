import { expect, it } from 'vitest';
import { allEngines, describeShapes } from '../../../../test-support/shapes.js';
import { instantAfter, sampleFacts } from '../../../conformance/samples.js';
import type { LeadFactsRow } from '../../../crm/leads/index.js';
import type { LeadFactsQuery } from '../../../crm/leads/lead-facts-store.js';
import { rowScopeIncludes } from '../../../foundation/access/index.js';
import { cryptoRandom, uuidV7Source } from '../../../foundation/kernel/index.js';
import { TestClock } from '../../../testing/index.js';
import type { Storage } from '../../storage.js';

const clock = new TestClock('2026-01-15T04:30:00.000Z');
const source = { clock, ids: uuidV7Source(clock, cryptoRandom()), word: (prefix: string) => prefix };
const productLine = 'personal-loan';
const helper = 'meera';
const owners = ['asha', 'ravi', null];
const stages = ['new', 'contacted'];

const team = Array.from({ length: 9 }, (_, at) => `agent-${at}`);
const nobody = { everything: false, ownerIds: [], unowned: false, collaboratorId: null, partner: null } as const;
/** Not of few leads, or of too many holders to look their leads up. */
const scopes = [
  { ...nobody, unowned: true },
  { ...nobody, ownerIds: ['asha'], unowned: true, partner: 'acme-finance' },
  { ...nobody, ownerIds: ['ravi', ...team], collaboratorId: helper },
  { ...nobody, ownerIds: ['asha', ...team], unowned: true, partner: 'acme-finance', collaboratorId: helper },
  {
    ...nobody,
    ownerIds: [
      ...team,
      ...team.map((name) => `${name}-too`),
      ...team.map((name) => `${name}-three`),
      'a',
      'b',
      'c',
      'd',
      'e',
      'ravi',
    ],
  },
];

/** What few leads meet, and what nearly all do, so that the second is asked of those. */
const index = [
  { field: 'city', operator: 'eq', values: [{ text: 'Pune' }] },
  { field: 'income', operator: 'gt', values: [{ number: 10_000 }] },
] as const;

/** Leads of every kind of holder, many of them made, and moved, in the same moment. */
async function fill(storage: Storage): Promise<ReadonlyMap<string, readonly string[]>> {
  const leads = Array.from({ length: 48 }, (_, at) =>
    sampleFacts(source, {
      productLine: at % 8 === 7 ? 'home-loan' : productLine,
      createdAt: instantAfter(at % 5),
      stage: stages[at % 2] ?? 'new',
      stageEnteredAt: instantAfter(-(at % 4)),
      region: at % 7 === 0 ? 'GA' : 'MH',
      deletedAt: at % 11 === 10 ? instantAfter(9) : null,
      collaboratorIds: at % 6 === 0 ? [helper] : [],
      index: [
        { field: 'city', number: null, text: at % 3 === 0 ? 'Nashik' : 'Pune', hash: null },
        { field: 'income', number: at % 10 === 0 ? 9_000 : 50_000, text: null, hash: null },
      ],
    }),
  );
  await storage.unitOfWork.run('ledger', async (unit) => {
    await storage.facts.project(unit, leads);
    for (const [at, { leadId }] of leads.entries()) {
      const partner = at % 4 === 1 ? 'acme-finance' : null;
      const placement = { leadId, ownerId: owners[at % 3] ?? null, team: null, partner, placementVersion: 1 };
      await storage.facts.projectPlacement(unit, placement);
    }
  });
  return new Map(leads.map(({ leadId, collaboratorIds }) => [leadId, collaboratorIds]));
}

/** The leads of all pages, one behind the other. */
async function readInPages(storage: Storage, query: Omit<LeadFactsQuery, 'after'>): Promise<readonly string[]> {
  const found: string[] = [];
  let after: LeadFactsQuery['after'] = null;
  for (;;) {
    const page: Awaited<ReturnType<Storage['facts']['list']>> = await storage.facts.list({ ...query, after });
    found.push(...page.map(({ row }) => row.leadId));
    const last = page.at(-1);
    if (last === undefined || page.length < query.limit) return found;
    after = { value: last.sortValue, leadId: last.row.leadId };
  }
}

/** More of one agent's than are named one by one, some without an amount, many with the same, and as many of others. */
async function fillForOneAgent(storage: Storage): Promise<void> {
  const leads = Array.from({ length: 2_400 }, (_, at) =>
    sampleFacts(source, {
      productLine,
      stage: stages[at % 2] ?? 'new',
      amountPaise: at % 9 === 0 ? null : (at % 40) * 100_000,
      score: at % 7 === 0 ? null : at % 50,
      updatedAt: instantAfter(at % 300),
      index: [],
    }),
  );
  await storage.unitOfWork.run('ledger', async (unit) => {
    await storage.facts.project(unit, leads);
    for (const [at, { leadId }] of leads.entries()) {
      if (at % 2 === (at % 4 < 2 ? 0 : 1)) continue;
      const placement = { leadId, ownerId: 'asha', team: null, partner: null, placementVersion: 1 };
      await storage.facts.projectPlacement(unit, placement);
    }
  });
}

describeShapes((makeStorage) => {
  it('of an agent with many leads are those of the whole list in any order, however it is filtered', async () => {
    const storage = await makeStorage();
    await fillForOneAgent(storage);
    const scope = { ...nobody, ownerIds: ['asha'], collaboratorId: 'asha' };
    for (const more of [{ stage: ['new'] }, { amountPaiseMin: 500_000 }, {}]) {
      for (const by of ['amount', 'score', 'updatedAt', 'stageEnteredAt', 'number'] as const) {
        const sort = { by, direction: by === 'score' ? 'asc' : 'desc' } as const;
        const filter = { ...more, productLine };
        const all = await storage.facts.list({
          filter: { ...filter, scope: { everything: true } },
          sort,
          after: null,
          limit: 5_000,
        });
        const wanted = all.filter(({ row }) => row.ownerId === 'asha').map(({ row }) => row.leadId);
        expect(wanted.length).toBeGreaterThan(500);
        expect(await readInPages(storage, { filter: { ...filter, scope }, sort, limit: 200 })).toEqual(wanted);
      }
    }
  });

  it('are those that the whole list, and the whole board, has first', async () => {
    const storage = await makeStorage();
    const helpers = await fill(storage);
    const everything = { everything: true } as const;
    for (const scope of scopes) {
      const isSeen = (row: LeadFactsRow): boolean =>
        rowScopeIncludes(scope, { ...row, collaboratorIds: helpers.get(row.leadId) ?? [] });
      for (const more of [{ productLine }, { productLine, region: ['GA'] }, { productLine, index }, {}]) {
        for (const direction of ['asc', 'desc'] as const) {
          const sort = { by: 'createdAt', direction } as const;
          const all = await storage.facts.list({
            filter: { ...more, scope: everything },
            sort,
            after: null,
            limit: 200,
          });
          const wanted = all.filter(({ row }) => isSeen(row)).map(({ row }) => row.leadId);
          expect(await readInPages(storage, { filter: { ...more, scope }, sort, limit: 5 })).toEqual(wanted);
        }
      }
      const asked = { stages, cardsPerColumn: 100 };
      const board = await storage.facts.board({ ...asked, filter: { productLine, scope: everything } });
      const seen = board.map(({ stage, cards }) => ({ stage, cards: cards.filter(isSeen) }));
      const few = await storage.facts.board({ ...asked, cardsPerColumn: 3, filter: { productLine, scope } });
      expect(few.map(({ stage, count, cards }) => ({ stage, count, cards }))).toEqual(
        seen.map(({ stage, cards }) => ({ stage, count: cards.length, cards: cards.slice(0, 3) })),
      );
    }
  });
}, allEngines);
