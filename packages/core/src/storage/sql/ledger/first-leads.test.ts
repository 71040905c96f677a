import { expect, it } from 'vitest';
import { allEngines, describeShapes } from '../../../../test-support/shapes.js';
import { instantAfter, sampleFacts } from '../../../conformance/samples.js';
import type { LeadFactsRow } from '../../../crm/leads/index.js';
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

describeShapes((makeStorage) => {
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
          const found: string[] = [];
          let after: { readonly value: string | number | null; readonly leadId: string } | null = null;
          for (;;) {
            const page: Awaited<ReturnType<Storage['facts']['list']>> = await storage.facts.list({
              filter: { ...more, scope },
              sort,
              after,
              limit: 5,
            });
            found.push(...page.map(({ row }) => row.leadId));
            const last = page.at(-1);
            if (last === undefined || page.length < 5) break;
            after = { value: last.sortValue, leadId: last.row.leadId };
          }
          expect(found).toEqual(wanted);
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
