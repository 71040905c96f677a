import { deepStrictEqual, ok } from 'node:assert/strict';
import type { LeadFacts, LeadFactsFilter, LeadFactsListRow, LeadFactsQuery, LeadSortKey } from '../crm/leads/index.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter, sampleFacts } from './samples.js';
import { inUnit } from './together.js';

type SortValue = string | number | null;

/** A sort key, and what it reads from a row. `number` sorts by (month, sequence), never by its text. */
interface SortCase {
  readonly key: LeadSortKey;
  readonly valueOf: (facts: LeadFacts) => SortValue;
}

const sortCases: readonly SortCase[] = [
  { key: { by: 'createdAt' }, valueOf: (facts) => facts.createdAt },
  { key: { by: 'updatedAt' }, valueOf: (facts) => facts.updatedAt },
  { key: { by: 'stageEnteredAt' }, valueOf: (facts) => facts.stageEnteredAt },
  {
    key: { by: 'number' },
    valueOf: (facts) => `${facts.numberMonth}-${String(facts.numberSeq).padStart(12, '0')}`,
  },
  { key: { by: 'amount' }, valueOf: (facts) => facts.amountPaise },
  { key: { by: 'score' }, valueOf: (facts) => facts.score },
  {
    key: { by: 'field', field: 'income', kind: 'number' },
    valueOf: (facts) => facts.index.find((entry) => entry.field === 'income')?.number ?? null,
  },
  {
    key: { by: 'field', field: 'city', kind: 'text' },
    valueOf: (facts) => facts.index.find((entry) => entry.field === 'city')?.text ?? null,
  },
];

function mixedFacts(context: ConformanceContext, productLine: string): readonly LeadFacts[] {
  return Array.from({ length: 23 }, (_, index) => {
    const tie = index % 4;
    const city = ['Pune', 'pune', 'नागपुर', 'Ünnao'][tie] ?? '';
    return sampleFacts(context, {
      productLine,
      numberMonth: index % 2 === 0 ? '202601' : '202512',
      numberSeq: (index * 37) % 100_003,
      createdAt: instantAfter(tie * 1000),
      updatedAt: instantAfter((index % 3) - 1),
      stageEnteredAt: instantAfter(-tie),
      amountPaise: index % 5 === 0 ? null : Number.MAX_SAFE_INTEGER - tie,
      score: index % 3 === 0 ? null : tie - 2,
      index: [
        ...(index % 4 === 3 ? [] : [{ field: 'income', number: tie * 1.5 - 1, text: null, hash: null }]),
        ...(index % 5 === 4 ? [] : [{ field: 'city', number: null, text: city, hash: null }]),
      ],
    });
  });
}

function inOrder(facts: readonly LeadFacts[], sort: SortCase, direction: 'asc' | 'desc'): readonly string[] {
  const sign = direction === 'asc' ? 1 : -1;
  const compare = (left: LeadFacts, right: LeadFacts): number => {
    const [a, b] = [sort.valueOf(left), sort.valueOf(right)];
    if (a === null || b === null) {
      if (a !== null) return -1;
      if (b !== null) return 1;
    } else if (a !== b) {
      return sign * compareValues(a, b);
    }
    return sign * compareValues(left.leadId, right.leadId);
  };
  return [...facts].sort(compare).map((row) => row.leadId);
}

/** Text by bytes of its UTF-8 form, the same in every engine. */
function compareValues(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
}

async function allPages(
  storage: Storage,
  filter: LeadFactsFilter,
  sort: LeadSortKey & { direction: 'asc' | 'desc' },
): Promise<readonly string[]> {
  const ids: string[] = [];
  let last: LeadFactsListRow | undefined;
  for (;;) {
    const after = last === undefined ? null : { value: last.sortValue, leadId: last.row.leadId };
    const page = await storage.facts.list({ filter, sort, after, limit: 3 });
    ok(page.length <= 3, 'a page is longer than its limit');
    ids.push(...page.map(({ row }) => row.leadId));
    last = page.at(-1);
    if (page.length < 3) return ids;
    ok(ids.length < 200, 'the list never ends');
  }
}

export const listOrderCases: readonly ConformanceCase[] = [
  {
    id: 'list-order/every-sort',
    level: 'MUST',
    title:
      'pages of three give every row once in total order, ties by id, rows without a value last in both directions',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const facts = mixedFacts(context, productLine);
      await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, facts));
      const filter = { scope: { everything: true }, productLine } as const;
      for (const sort of sortCases) {
        for (const direction of ['asc', 'desc'] as const) {
          const seen = await allPages(other, filter, { ...sort.key, direction });
          deepStrictEqual(seen, inOrder(facts, sort, direction), `sorted by ${JSON.stringify(sort.key)} ${direction}`);
        }
      }
    },
  },
  {
    id: 'list-order/positions',
    level: 'MUST',
    title: 'positions are those of the list, page by page, for every sort',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, mixedFacts(context, productLine)));
      const filter = { scope: { everything: true }, productLine, scoreMin: -2 } as const;
      for (const { key } of sortCases) {
        for (const direction of ['asc', 'desc'] as const) {
          const query = { filter, sort: { ...key, direction }, limit: 7 };
          let after: LeadFactsQuery['after'] = null;
          for (let page = 0; page < 3; page += 1) {
            const rows = await other.facts.list({ ...query, after });
            const positions = await other.facts.positions({ ...query, after });
            const expected = rows.map(({ row, sortValue }) => ({ leadId: row.leadId, sortValue }));
            deepStrictEqual(positions, expected, `sorted by ${JSON.stringify(key)} ${direction}, page ${page + 1}`);
            const last = positions.at(-1);
            if (last === undefined) break;
            after = { value: last.sortValue, leadId: last.leadId };
          }
        }
      }
    },
  },
  {
    id: 'list-order/filters',
    level: 'MUST',
    title: 'every filter keeps exactly the rows it names, bounds from inclusive and to exclusive',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const facts = mixedFacts(context, productLine).map((row, index) => ({
        ...row,
        stage: index % 2 === 0 ? 'new' : 'contacted',
        status: index % 3 === 0 ? ('won' as const) : ('pending' as const),
        region: index % 4 === 0 ? 'MH' : null,
        source: index % 5 === 0 ? 'Website' : 'website',
        channel: index % 2 === 0 ? 'sms' : null,
        campaign: index % 7 === 0 ? 'diwali' : null,
      }));
      await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, facts));
      const indexed = (row: LeadFacts, field: string) => row.index.find((entry) => entry.field === field);
      const checks: readonly [Omit<LeadFactsFilter, 'scope'>, (row: LeadFacts) => boolean][] = [
        [{ stage: ['new'] }, (row) => row.stage === 'new'],
        [{ stage: [] }, () => false],
        [{ status: ['won', 'lost'] }, (row) => row.status === 'won'],
        [{ region: ['MH', 'KA'] }, (row) => row.region === 'MH'],
        [{ source: ['website'] }, (row) => row.source === 'website'],
        [{ channel: ['sms'], campaign: ['diwali'] }, (row) => row.channel === 'sms' && row.campaign === 'diwali'],
        [{ scoreMin: 0 }, (row) => row.score !== null && row.score >= 0],
        [{ scoreAbove: 0 }, (row) => row.score !== null && row.score > 0],
        [{ scoreBelow: 0 }, (row) => row.score !== null && row.score < 0],
        [{ scoreMax: 0 }, (row) => row.score !== null && row.score <= 0],
        [
          { amountPaiseMin: Number.MAX_SAFE_INTEGER - 1, amountPaiseMax: Number.MAX_SAFE_INTEGER },
          (row) => row.amountPaise !== null && row.amountPaise >= Number.MAX_SAFE_INTEGER - 1,
        ],
        [
          { createdFrom: instantAfter(1000), createdTo: instantAfter(3000) },
          (row) => row.createdAt >= instantAfter(1000) && row.createdAt < instantAfter(3000),
        ],
        [{ updatedFrom: instantAfter(0), updatedTo: instantAfter(1) }, (row) => row.updatedAt === instantAfter(0)],
        [
          { index: [{ field: 'income', operator: 'lt', values: [{ number: 0.5 }] }] },
          (row) => (indexed(row, 'income')?.number ?? 9) < 0.5,
        ],
        [
          {
            index: [
              { field: 'city', operator: 'in', values: [{ text: 'pune' }, { text: 'नागपुर' }] },
              { field: 'income', operator: 'gt', values: [{ number: 0.5 }] },
            ],
          },
          (row) => indexed(row, 'city')?.text === 'नागपुर' && (indexed(row, 'income')?.number ?? 0) > 0.5,
        ],
        [
          { index: [{ field: 'city', operator: 'ne', values: [{ text: 'pune' }, { text: 'नागपुर' }] }] },
          (row) => indexed(row, 'city')?.text !== 'pune' && indexed(row, 'city')?.text !== 'नागपुर',
        ],
        [{ index: [{ field: 'city', operator: 'ne', values: [] }] }, () => true],
      ];
      for (const [filter, keeps] of checks) {
        const query = { scope: { everything: true }, productLine, ...filter } as const;
        const expected = facts.filter(keeps).map((row) => row.leadId);
        const seen = await allPages(other, query, { by: 'createdAt', direction: 'asc' });
        deepStrictEqual([...seen].sort(), [...expected].sort(), `filter ${JSON.stringify(filter)}`);
      }
    },
  },
];
