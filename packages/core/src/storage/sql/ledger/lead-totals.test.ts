import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { namedRows } from '../../../../test-support/canonical-rows.js';
import { allEngines, describeShapes } from '../../../../test-support/shapes.js';
import { instantAfter, sampleFacts } from '../../../conformance/samples.js';
import type { LeadFacts, LeadFactsFilter } from '../../../crm/leads/index.js';
import { cryptoRandom, uuidV7Source } from '../../../foundation/kernel/index.js';
import { TestClock } from '../../../testing/index.js';
import type { Storage } from '../../storage.js';

const clock = new TestClock('2026-01-15T04:30:00.000Z');
const source = { clock, ids: uuidV7Source(clock, cryptoRandom()), word: (prefix: string) => prefix };
const everything = { everything: true } as const;
const stages = ['new', 'contacted', 'won'];

let lines = 0;
const newLine = (): string => {
  lines += 1;
  return `line-${lines}`;
};

const nobody = { everything: false, ownerIds: [], unowned: false, collaboratorId: null, partner: null } as const;
/** A filter of every kind that totals answer. */
const filters: readonly Omit<LeadFactsFilter, 'productLine'>[] = [
  { scope: everything },
  { scope: everything, deleted: true },
  { scope: everything, stage: ['new', 'won'], ownerId: 'asha' },
  { scope: everything, ownerId: null, partner: null },
  { scope: everything, partner: 'acme-finance' },
  { scope: nobody },
  { scope: { ...nobody, ownerIds: ['asha', 'ravi'], unowned: true } },
  { scope: { ...nobody, ownerIds: ['asha'], collaboratorId: 'asha' } },
  { scope: { ...nobody, partner: 'acme-finance', collaboratorId: 'ravi' }, partner: 'acme-finance' },
  { scope: { ...nobody, ownerIds: ['ravi'], unowned: true, partner: 'acme-finance', collaboratorId: 'asha' } },
];
/** Asks for every lead there is, in words that totals do not answer: leads are counted. */
const counting = { status: ['pending', 'in_progress', 'won', 'lost', 'converted'] } as const;

async function boards(storage: Storage, productLine: string, more: Partial<LeadFactsFilter> = {}) {
  const answers: unknown[] = [];
  for (const filter of filters) {
    const board = await storage.facts.board({ filter: { ...filter, productLine, ...more }, stages, cardsPerColumn: 3 });
    answers.push(
      board.map(({ stage, count, amountPaise, cards }) => [
        stage,
        count,
        amountPaise,
        cards.map((card) => card.leadId),
      ]),
    );
  }
  return answers;
}

async function expectTrueTotals(storage: Storage, productLine: string): Promise<void> {
  expect(await boards(storage, productLine)).toEqual(await boards(storage, productLine, counting));
}

/** One write on one of a few leads, in any order that projections may come. */
type Write =
  | {
      readonly kind: 'project';
      readonly lead: number;
      readonly version: number;
      readonly stage: string;
      readonly amountPaise: number | null;
      readonly isDeleted: boolean;
      readonly helper: string | null;
    }
  | {
      readonly kind: 'place';
      readonly lead: number;
      readonly version: number;
      readonly ownerId: string | null;
      readonly partner: string | null;
    }
  | { readonly kind: 'rebuild' | 'remove'; readonly lead: number }
  | { readonly kind: 'fold' };

const lead = fc.nat({ max: 5 });
const version = fc.integer({ min: 1, max: 9 });
const amounts = fc.option(fc.oneof(fc.integer({ min: 0, max: 10_000_001 }), fc.constant(2 ** 53 - 1)));
const write: fc.Arbitrary<Write> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('project' as const),
      lead,
      version,
      stage: fc.constantFrom(...stages),
      amountPaise: amounts,
      isDeleted: fc.boolean(),
      helper: fc.option(fc.constantFrom('asha', 'ravi')),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('place' as const),
      lead,
      version,
      ownerId: fc.option(fc.constantFrom('asha', 'ravi')),
      partner: fc.option(fc.constantFrom('acme-finance', 'other')),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('rebuild' as const, 'remove' as const), lead }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'fold' as const }) },
);

describeShapes((makeStorage, { shape, anotherHandle }) => {
  const isEmbedded = shape === 'sqlite';
  let opened: Promise<readonly [Storage, Storage]> | null = null;
  const handles = (): Promise<readonly [Storage, Storage]> => {
    opened ??= makeStorage().then(async (storage) => [storage, await anotherHandle(storage)] as const);
    return opened;
  };
  const project = (storage: Storage, facts: readonly LeadFacts[]): Promise<void> =>
    storage.unitOfWork.run('ledger', (unit) => storage.facts.project(unit, facts));

  it('are a count of the leads after any writes in any order', { timeout: 60_000 }, async () => {
    const [storage] = await handles();
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 25 }), async (writes) => {
        const productLine = newLine();
        const leads = Array.from({ length: 6 }, () => sampleFacts(source, { productLine }));
        for (const each of writes) await perform(storage, leads, each);
        // Amounts of leads that are too large together are another matter, told below.
        const outcome = await boards(storage, productLine, counting).catch(() => null);
        if (outcome !== null) expect(await boards(storage, productLine)).toEqual(outcome);
        expect(await storage.facts.wrongTotals()).toBe(0);
      }),
      { numRuns: isEmbedded ? 60 : 8, seed: 5 },
    );
  });

  it('of what has no lead any more are gone when they are added up', async () => {
    const [storage] = await handles();
    const [productLine, other] = [newLine(), newLine()];
    const made = (line: string, stage: string): LeadFacts => sampleFacts(source, { productLine: line, stage });
    const gone = stages.flatMap((stage) => [made(productLine, stage), made(other, stage)]);
    const kept = made(productLine, 'won');
    await project(storage, [...gone, kept]);
    await storage.facts.foldTotals();
    const ids = gone.map(({ leadId }) => leadId);
    await storage.unitOfWork.run('ledger', (unit) => storage.facts.remove(unit, ids));
    await storage.facts.foldTotals();
    const rows = (await namedRows(storage))['lead_totals'] ?? [];
    const left = rows.filter((row) => row['product_line'] === productLine || row['product_line'] === other);
    expect(left).toEqual([expect.objectContaining({ product_line: productLine, stage: 'won', leads: 1 })]);
  });

  it('are no sum that is not exact', async () => {
    const [storage] = await handles();
    const productLine = newLine();
    const largest = Array.from({ length: 2 }, () =>
      sampleFacts(source, { productLine, amountPaise: Number.MAX_SAFE_INTEGER }),
    );
    await project(storage, largest);
    const asked = { filter: { scope: everything, productLine }, stages, cardsPerColumn: 0 };
    await expect(storage.facts.board(asked)).rejects.toMatchObject({ code: 'AMOUNT_OUT_OF_RANGE' });
    const [first] = largest;
    await storage.unitOfWork.run('ledger', (unit) => storage.facts.remove(unit, first ? [first.leadId] : []));
    const [column] = await storage.facts.board(asked);
    expect(column).toMatchObject({ count: 1, amountPaise: Number.MAX_SAFE_INTEGER });
  });

  it('stay right while many write, fold and recount at once', { timeout: 60_000 }, async () => {
    const pair = await handles();
    const productLine = newLine();
    const owners = ['asha', 'ravi', null];
    await Promise.all(
      Array.from({ length: 12 }, async (_, writer) => {
        const storage = pair[writer % 2] ?? pair[0];
        for (let turn = 0; turn < 6; turn += 1) {
          const made = sampleFacts(source, { productLine, amountPaise: turn });
          await project(storage, [made]);
          await storage.unitOfWork.run('ledger', async (unit) => {
            await storage.facts.project(unit, [{ ...made, version: 2, stage: stages[turn % 3] ?? 'new' }]);
            const ownerId = owners[(turn + writer) % 3] ?? null;
            const placement = { leadId: made.leadId, ownerId, team: null, partner: null, placementVersion: 1 };
            await storage.facts.projectPlacement(unit, placement);
          });
          if (writer === 0) await storage.facts.foldTotals();
          if (writer < 2 && turn % 3 === 0) expect(await storage.facts.recountTotals()).toBe(0);
        }
      }),
    );
    const [storage] = pair;
    await expectTrueTotals(storage, productLine);
    await storage.facts.foldTotals();
    expect(await storage.facts.foldTotals()).toBe(0);
    await expectTrueTotals(storage, productLine);
    const [column] = await storage.facts.board({
      filter: { scope: everything, productLine },
      stages: ['new'],
      cardsPerColumn: 0,
    });
    expect(column?.count).toBe(24);
  });

  // An engine with one writer adds up at once.
  if (isEmbedded) return;

  it('are added up by those who write, and by nobody who would have to wait', async () => {
    const [storage, other] = await handles();
    const productLine = newLine();
    const many = (count: number): LeadFacts[] =>
      Array.from({ length: count }, (_, at) => sampleFacts(source, { productLine, stage: `stage-${at}` }));
    await storage.facts.foldTotals();
    // Whoever is adding up is still at it while others write, and adds up as much themselves.
    await storage.unitOfWork.run('ledger', async (unit) => {
      await storage.facts.project(unit, many(600));
      await Promise.race([
        (async () => {
          for (let turn = 0; turn < 3; turn += 1) await project(other, many(300));
        })(),
        new Promise((_, reject) => setTimeout(() => reject(new Error('the writer waited')), 4_000)),
      ]);
    });
    expect(await storage.facts.wrongTotals()).toBe(0);
    const left = await storage.facts.foldTotals();
    expect(left).toBeGreaterThan(0);
    await project(other, many(300));
    expect(await storage.facts.foldTotals()).toBeLessThan(300);
  });
}, allEngines);

async function perform(storage: Storage, leads: readonly LeadFacts[], each: Write): Promise<void> {
  if (each.kind === 'fold') {
    await storage.facts.foldTotals();
    return;
  }
  const facts = leads[each.lead];
  if (facts === undefined) return;
  const { leadId } = facts;
  await storage.unitOfWork.run('ledger', async (unit) => {
    switch (each.kind) {
      case 'project': {
        const { version: at, stage, amountPaise, isDeleted, helper } = each;
        const deletedAt = isDeleted ? instantAfter(1) : null;
        const collaboratorIds = helper === null ? [] : [helper];
        return storage.facts.project(unit, [{ ...facts, version: at, stage, amountPaise, deletedAt, collaboratorIds }]);
      }
      case 'place': {
        const { version: placementVersion, ownerId, partner } = each;
        return storage.facts.projectPlacement(unit, { leadId, ownerId, team: null, partner, placementVersion });
      }
      case 'rebuild': {
        await storage.facts.lock(unit, [leadId]);
        const placement = { leadId, ownerId: 'ravi', team: null, partner: null, placementVersion: 4 };
        return storage.facts.overwrite(unit, [{ facts: { ...facts, version: 5, amountPaise: 77 }, placement }]);
      }
      case 'remove':
        return storage.facts.remove(unit, [leadId]);
    }
  });
}
