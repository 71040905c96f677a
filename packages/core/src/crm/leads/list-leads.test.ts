import { expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore, type TestStore } from '../../../test-support/store.js';
import { hasCode, type LeadQuery } from '../../index.js';

const withCode = (code: Parameters<typeof hasCode>[1]) => expect.toSatisfy((error: unknown) => hasCode(error, code));

const cities = ['Pune', 'Nagpur', 'Mumbai'];

async function manyLeads(store: TestStore, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, index) => ({
    lead: {
      ...loanLead({ city: cities[index % 3], loanAmount: 10_000 * (1 + (index % 5)) }),
      source: index % 2 === 0 ? 'web' : 'branch',
    },
  }));
  const outcomes = await store.admin.leads.createMany(items);
  expect(outcomes.every(({ kind }) => kind === 'created')).toBe(true);
}

async function numbersOf(store: TestStore, query: LeadQuery, limit: number): Promise<string[]> {
  const list = store.admin.leads.list(query);
  const numbers: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list.page(cursor === undefined ? { limit } : { limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    numbers.push(...page.items.map(({ number }) => number));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return numbers;
}

describeShapes((makeStorage) => {
  it('pages through ties without losing or repeating a lead, in both directions', async () => {
    const store = await newStore(await makeStorage());
    await manyLeads(store, 37);
    for (const by of ['createdAt', 'amount', 'score', 'number', 'city'] as const) {
      const ascending = await numbersOf(store, { productLine: 'personal-loan', sort: { by, direction: 'asc' } }, 7);
      const descending = await numbersOf(store, { productLine: 'personal-loan', sort: { by, direction: 'desc' } }, 10);
      expect(new Set(ascending).size).toBe(37);
      expect(ascending).toHaveLength(37);
      expect(new Set(descending)).toEqual(new Set(ascending));
      if (by !== 'score') expect(descending).toEqual(ascending.toReversed());
    }
  });

  it('filters by columns, by indexed fields, and finds one lead by phone in any spelling', async () => {
    const store = await newStore(await makeStorage());
    await manyLeads(store, 30);
    const wanted = await store.admin.leads.create(loanLead({ mobile: '9876543210', pan: 'ABCPD1234E', city: 'Thane' }));
    const count = async (query: LeadQuery): Promise<number> => (await numbersOf(store, query, 50)).length;
    const productLine = 'personal-loan';
    expect(await count({ source: 'web' })).toBe(15);
    expect(await count({ source: ['web', 'branch'], status: 'pending', stage: 'new' })).toBe(30);
    expect(await count({ amountPaiseMin: 4_000_000, amountPaiseMax: 5_000_000 })).toBe(12);
    expect(await count({ productLine, where: [{ field: 'city', value: 'Pune' }] })).toBe(10);
    expect(await count({ productLine, where: [{ field: 'city', value: ['Pune', 'Thane'] }] })).toBe(11);
    expect(await count({ productLine, where: [{ field: 'city', operator: 'ne', value: 'Pune' }] })).toBe(21);
    expect(await count({ productLine, where: [{ field: 'city', operator: 'ne', value: ['Pune', 'Goa'] }] })).toBe(21);
    expect(await count({ productLine, where: [{ field: 'pan', operator: 'ne', value: 'ABCPD 1234E' }] })).toBe(30);
    expect(await count({ productLine, where: [{ field: 'loanAmount', operator: 'ne', value: '20,000' }] })).toBe(25);
    expect(await count({ productLine, where: [{ field: 'city', operator: 'ne', value: [] }] })).toBe(31);
    expect(await count({ productLine, where: [{ field: 'loanAmount', operator: 'gte', value: '50,000' }] })).toBe(7);
    expect(await numbersOf(store, { productLine, phone: '+91 98765 43210' }, 5)).toEqual([wanted.number]);
    expect(await numbersOf(store, { productLine, where: [{ field: 'pan', value: 'abcpd1234e' }] }, 5)).toEqual([
      wanted.number,
    ]);
    expect(await count({ owner: null })).toBe(31);
    expect(await count({ owner: 'nobody' })).toBe(0);
    expect(await count({ createdFrom: '2026-01-15T04:30:00.001Z' })).toBe(0);
  });

  it('refuses what cannot be sorted or searched, and cursors of other queries', async () => {
    const store = await newStore(await makeStorage());
    await manyLeads(store, 3);
    const { leads } = store.admin;
    const productLine = 'personal-loan';
    await expect(leads.list({ productLine, sort: { by: 'fullName' } }).page()).rejects.toThrow(
      withCode('SEARCH_UNSUPPORTED'),
    );
    await expect(
      leads.list({ productLine, where: [{ field: 'pan', operator: 'gt', value: 'ABCPD1234E' }] }).page(),
    ).rejects.toThrow(withCode('SEARCH_UNSUPPORTED'));
    await expect(
      leads.list({ productLine, where: [{ field: 'birthDate', value: '2000-01-01' }] }).page(),
    ).rejects.toThrow(withCode('FIELD_UNKNOWN'));
    await expect(leads.list({ phone: '9876543210' }).page()).rejects.toThrow(withCode('INPUT_INVALID'));
    await expect(leads.list().page({ limit: 201 })).rejects.toThrow(withCode('INPUT_INVALID'));
    const { nextCursor } = await leads.list().page({ limit: 1 });
    await expect(leads.list({ source: 'web' }).page({ cursor: nextCursor ?? '' })).rejects.toThrow(
      withCode('CURSOR_INVALID'),
    );
  });

  it('shows the board: columns in order with count, value, and the cards longest there', async () => {
    const store = await newStore(await makeStorage());
    await manyLeads(store, 12);
    const first = await store.admin.leads.create(loanLead({ fullName: 'आशा राव', loanAmount: '1 lakh' }));
    await store.admin.leads.completeTask(first.id, 'first-call', { fields: { outcome: 'ok' } });
    await store.admin.leads.move(first.id, { to: 'contacted' });
    store.clock.advance('49h');
    const board = await store.admin.leads.board({ productLine: 'personal-loan', cardsPerColumn: 5 });
    expect(board.columns.map(({ stage, count }) => [stage, count])).toEqual([
      ['new', 12],
      ['contacted', 1],
      ['qualified', 0],
      ['won', 0],
      ['lost', 0],
    ]);
    const [, contacted] = board.columns;
    expect(board.columns[0]?.cards).toHaveLength(5);
    expect(contacted).toMatchObject({ amountPaise: 10_000_000, colour: '#66aa00' });
    expect(contacted?.cards).toMatchObject([
      { number: first.number, name: 'आशा राव', amountPaise: 10_000_000, ageDays: 2, tasksDone: 1 },
    ]);
  });
});
