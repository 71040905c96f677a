import { deepStrictEqual, equal } from 'node:assert/strict';
import type { LeadFactsFilter } from '../crm/leads/index.js';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter, sampleFacts, sampleMove } from './samples.js';
import { inUnit, together } from './together.js';

const everything = { everything: true } as const;

export const factsCases: readonly ConformanceCase[] = [
  {
    id: 'facts/version-guard',
    level: 'MUST',
    title:
      'facts that arrive out of order or twice leave the state of the highest version, with its stays, index and helpers',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const first = sampleFacts(context, {
        productLine,
        collaboratorIds: ['asha', 'ravi'],
        index: [
          { field: 'city', number: null, text: 'Pune', hash: null },
          { field: 'income', number: 45_000, text: null, hash: null },
        ],
      });
      const third = {
        ...first,
        version: 3,
        stage: 'contacted',
        amountPaise: 12_345,
        collaboratorIds: ['meera'],
        stays: [
          { sequence: 0, stage: 'new', enteredAt: instantAfter(0), exitedAt: instantAfter(9) },
          { sequence: 1, stage: 'contacted', enteredAt: instantAfter(9), exitedAt: null },
        ],
        index: [{ field: 'city', number: null, text: 'Nashik', hash: null }],
      };
      const second = { ...first, version: 2, stage: 'lost', deletedAt: instantAfter(3) };
      for (const state of [first, third, second, third, first]) {
        await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, [state]));
      }
      const { stays, index, collaboratorIds, ...row } = third;
      deepStrictEqual(await other.facts.row(first.leadId), { ...row, ownerId: null, team: null, partner: null });
      const count = (filter: Partial<LeadFactsFilter>) =>
        other.facts.count({ scope: everything, productLine, ...filter }, 10);
      const city = (text: string) => count({ index: [{ field: 'city', operator: 'eq', values: [{ text }] }] });
      equal(await city('Nashik'), 1);
      equal(await city('Pune'), 0);
      equal(await count({ index: [{ field: 'income', operator: 'gte', values: [{ number: 1 }] }] }), 0);
      const collaborates = (collaboratorId: string) =>
        count({ scope: { everything: false, ownerIds: [], unowned: false, collaboratorId, partner: null } });
      equal(await collaborates('meera'), 1);
      equal(await collaborates('asha'), 0);
      deepStrictEqual(await other.reports.funnel({ scope: everything, productLine }), [
        { stage: 'contacted', entered: 1, current: 1, currentAmountPaise: 12_345 },
        { stage: 'new', entered: 1, current: 0, currentAmountPaise: 0 },
      ]);
      equal(stays.length + index.length + collaboratorIds.length, 4);
    },
  },
  {
    id: 'facts/parallel-projection',
    level: 'MUST',
    title: 'two projectors at once over the same leads in any order end at the highest version and lose none',
    async run(context) {
      const { storage } = context;
      const productLine = context.word('line');
      const leads = Array.from({ length: 10 }, () => sampleFacts(context, { productLine, collaboratorIds: ['asha'] }));
      await together(context, 20, (store, caller) => {
        const states = leads.map((lead) => ({ ...lead, version: (caller % 5) + 1, score: (caller % 5) + 1 }));
        return inUnit(store, 'ledger', (unit) =>
          store.facts.project(unit, caller % 3 === 0 ? states.reverse() : states),
        );
      });
      for (const lead of leads) {
        const row = await storage.facts.row(lead.leadId);
        deepStrictEqual([row?.version, row?.score], [5, 5]);
      }
    },
  },
  {
    id: 'facts/row-scope',
    level: 'MUST',
    title:
      'row scope joins its conditions by OR, a scope without any sees nothing, and who has a lead is told of those there are',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const make = () => sampleFacts(context, { productLine });
      const [mine, theirs, unowned, sent] = [make(), make(), make(), make()];
      const helped = sampleFacts(context, { productLine, collaboratorIds: ['asha'] });
      await inUnit(storage, 'ledger', async (unit) => {
        await storage.facts.project(unit, [mine, theirs, unowned, sent, helped]);
        const place = (leadId: typeof mine.leadId, ownerId: string | null, partner: string | null) =>
          storage.facts.projectPlacement(unit, { leadId, ownerId, team: null, partner, placementVersion: 1 });
        await place(mine.leadId, 'asha', null);
        await place(theirs.leadId, 'ravi', null);
        await place(helped.leadId, 'ravi', null);
        await place(sent.leadId, 'meera', 'acme-finance');
      });
      const none = { everything: false, ownerIds: [], unowned: false, collaboratorId: null, partner: null } as const;
      const seen = async (scope: LeadFactsFilter['scope']) => {
        const rows = await other.facts.list({
          filter: { scope, productLine },
          sort: { by: 'createdAt', direction: 'asc' },
          after: null,
          limit: 50,
        });
        return new Set(rows.map(({ row }) => row.leadId));
      };
      deepStrictEqual(await seen(none), new Set());
      deepStrictEqual(await seen({ ...none, ownerIds: ['asha'] }), new Set([mine.leadId]));
      deepStrictEqual(
        await seen({ ...none, ownerIds: ['asha', 'meera'], unowned: true }),
        new Set([mine.leadId, sent.leadId, unowned.leadId]),
      );
      deepStrictEqual(
        await seen({ ...none, ownerIds: ['asha'], collaboratorId: 'asha' }),
        new Set([mine.leadId, helped.leadId]),
      );
      deepStrictEqual(await seen({ ...none, partner: 'acme-finance' }), new Set([sent.leadId]));
      equal((await seen(everything)).size, 5);
      const placed = await other.facts.placed([sent.leadId, context.ids.next<'lead'>(), unowned.leadId]);
      deepStrictEqual(
        new Set(placed.map(({ leadId, ownerId, partner }) => [leadId, ownerId, partner].join())),
        new Set([[sent.leadId, 'meera', 'acme-finance'].join(), [unowned.leadId, null, null].join()]),
      );
      deepStrictEqual(await other.facts.placed([]), []);
    },
  },
  {
    id: 'facts/board',
    level: 'MUST',
    title:
      'a board gives each asked stage its count, amount and first cards by time of entry; deleted leads are left out',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const inNew = Array.from({ length: 5 }, (_, index) =>
        sampleFacts(context, { productLine, stageEnteredAt: instantAfter(-index), amountPaise: 100 + index }),
      );
      const won = sampleFacts(context, { productLine, stage: 'won', amountPaise: null, status: 'won' });
      const deleted = sampleFacts(context, { productLine, amountPaise: 7, deletedAt: instantAfter(1) });
      await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, [...inNew, won, deleted]));
      const columns = await other.facts.board({
        filter: { scope: everything, productLine },
        stages: ['new', 'empty', 'won'],
        cardsPerColumn: 2,
      });
      deepStrictEqual(
        columns.map(({ stage, count, amountPaise, cards }) => ({
          stage,
          count,
          amountPaise,
          cards: cards.map((card) => card.leadId),
        })),
        [
          { stage: 'new', count: 5, amountPaise: 510, cards: [inNew[4]?.leadId, inNew[3]?.leadId] },
          { stage: 'empty', count: 0, amountPaise: 0, cards: [] },
          { stage: 'won', count: 1, amountPaise: 0, cards: [won.leadId] },
        ],
      );
      const filter = { scope: everything, productLine };
      equal(await other.facts.count(filter, 100), 6);
      equal(await other.facts.count(filter, 4), 4);
      equal(await other.facts.count({ ...filter, deleted: true }, 100), 1);
    },
  },
  {
    id: 'facts/ids-in-stage',
    level: 'MUST',
    title: 'ids in a stage page by id, deleted leads included, other lines and stages not',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const rows = Array.from({ length: 5 }, (_, index) =>
        sampleFacts(context, { productLine, deletedAt: index === 2 ? instantAfter(1) : null }),
      );
      const elsewhere = [
        sampleFacts(context, { productLine, stage: 'New' }),
        sampleFacts(context, { productLine: productLine.toUpperCase() }),
      ];
      await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, [...rows, ...elsewhere]));
      const first = await other.facts.idsInStage(productLine, 'new', null, 3);
      const rest = await other.facts.idsInStage(productLine, 'new', first.at(-1) ?? null, 3);
      deepStrictEqual(
        [...first, ...rest],
        rows.map((row) => row.leadId),
      );
    },
  },
  {
    id: 'facts/moves',
    level: 'MUST',
    title: 'moves are kept once by event id and listed oldest first',
    async run(context) {
      const { storage, other } = context;
      const leadId = context.ids.next<'lead'>();
      const entered = sampleMove(context, leadId, { from: null, to: 'new' });
      const moved = sampleMove(context, leadId, { at: instantAfter(60_000) });
      await inUnit(storage, 'ledger', (unit) => storage.moves.insert(unit, [entered]));
      await inUnit(other, 'ledger', (unit) => other.moves.insert(unit, [moved, { ...entered, to: 'changed' }]));
      deepStrictEqual(await storage.moves.list(leadId, 10), [entered, moved]);
      deepStrictEqual(await storage.moves.list(leadId, 1), [entered]);
    },
  },
];
