import { describe, expect, it } from 'vitest';
import { sampleFacts } from '../../conformance/samples.js';
import type { LeadFacts, LeadFactsFilter, LeadSortKey } from '../../crm/leads/lead-facts-store.js';
import { cryptoRandom, type LeadId, uuidV7Source } from '../../foundation/kernel/index.js';
import { TestClock } from '../../testing/index.js';
import { sqliteFlavour } from './flavour.js';
import { type LedgerStores, ledgerStores } from './ledger/index.js';
import type { SqlConnection } from './sql-connection.js';
import { SqliteStore } from './sqlite/sqlite-store.js';

/** The plans of the statements that a call reads with. SQLite plans by its schema alone, so the store holds what the call must find. */
async function plansOf(
  call: (stores: LedgerStores) => Promise<unknown>,
  leads: readonly LeadFacts[] = [],
  owned: readonly { readonly leadId: LeadId; readonly ownerId: string }[] = [],
): Promise<readonly string[]> {
  const store = new SqliteStore({ file: ':memory:', busyTimeoutMillis: 100 });
  const { reader, writer } = store;
  const plans: string[] = [];
  const explaining: SqlConnection = {
    execute: async (statement) => {
      const explained = { sql: `explain query plan ${statement.sql}`, parameters: statement.parameters };
      plans.push(...(await reader.execute<{ detail: string }>(explained)).rows.map((row) => row.detail));
      return reader.execute(statement);
    },
  };
  const context = { flavour: sqliteFlavour, reader: explaining, scanner: explaining, unitOfWork: writer };
  const stores = ledgerStores(context);
  await writer.run('ledger', async (unit) => {
    await stores.facts.project(unit, leads);
    for (const { leadId, ownerId } of owned) {
      const placement = { leadId, ownerId, team: null, partner: null, placementVersion: 1 };
      await stores.facts.projectPlacement(unit, placement);
    }
  });
  plans.length = 0;
  await call(stores);
  await store.close();
  return plans;
}

const clock = new TestClock('2026-01-15T04:30:00.000Z');
const source = { clock, ids: uuidV7Source(clock, cryptoRandom()), word: (prefix: string) => prefix };

const everything = { everything: true } as const;
const loans: LeadFactsFilter = { scope: everything, productLine: 'personal-loan' };

describe('plans of lists', () => {
  const sorts: readonly LeadSortKey[] = [
    { by: 'createdAt' },
    { by: 'updatedAt' },
    { by: 'stageEnteredAt' },
    { by: 'number' },
    { by: 'amount' },
    { by: 'score' },
    { by: 'field', field: 'income', kind: 'number' },
    { by: 'field', field: 'city', kind: 'text' },
  ];
  it.each(sorts)(
    '$by $field: a page is read in the order of an index, on the first page and later ones',
    async (sort) => {
      for (const direction of ['asc', 'desc'] as const) {
        for (const after of [null, { value: '2026', leadId: 'a' }]) {
          const plans = await plansOf(({ facts }) =>
            facts.list({ filter: loans, sort: { ...sort, direction }, after, limit: 50 }),
          );
          const [valued = ''] = plans;
          expect(valued).toMatch(/^SEARCH (lead_facts|sorted) USING/);
          expect(plans.slice(0, sort.by === 'field' ? 2 : 1).join()).not.toContain('TEMP B-TREE');
        }
      }
    },
  );

  it('of every line by creation are in the order of an index too', async () => {
    const plans = await plansOf(({ facts }) =>
      facts.list({
        filter: { scope: everything },
        sort: { by: 'createdAt', direction: 'desc' },
        after: null,
        limit: 50,
      }),
    );
    expect(plans).toEqual(['SEARCH lead_facts USING INDEX lead_facts_by_creation (presence=?)']);
  });
});

describe('plans of boards', () => {
  const scopes = [
    everything,
    { everything: false, ownerIds: ['asha', 'ravi'], unowned: true, collaboratorId: null, partner: null },
    { everything: false, ownerIds: [], unowned: true, collaboratorId: null, partner: 'acme-finance' },
  ] as const;
  const boardOf = (filter: LeadFactsFilter): Promise<readonly string[]> =>
    plansOf(({ facts }) =>
      facts.board({ filter: { ...filter, productLine: 'personal-loan' }, stages: ['new'], cardsPerColumn: 10 }),
    );
  const read = (plans: readonly string[]): readonly string[] =>
    plans.filter((plan) => /(SEARCH|SCAN) lead_/.test(plan));

  it.each(scopes)('counts and sums of filtered leads come from the covering index alone (%j)', async (scope) => {
    const plans = await boardOf({ scope, region: ['MH'], source: ['website', 'branch'] });
    expect(read(plans)).toEqual([
      'SEARCH lead_facts USING COVERING INDEX lead_facts_by_stage (product_line=? AND presence=?)',
    ]);
  });

  it.each(scopes)('counts and sums of a line come from its totals, and from no lead (%j)', async (scope) => {
    expect(read(await boardOf({ scope }))).toEqual([
      'SEARCH lead_totals USING PRIMARY KEY (product_line=? AND presence=?)',
      'SEARCH lead_total_changes USING INDEX lead_total_changes_by_line (product_line=? AND presence=?)',
    ]);
  });

  it('of a person count the leads that the person helps with one by one, entered by an index', async () => {
    const scope = {
      everything: false,
      ownerIds: ['asha'],
      unowned: false,
      collaboratorId: 'asha',
      partner: null,
    } as const;
    expect(read(await boardOf({ scope })).slice(-2)).toEqual([
      'SEARCH lead_collaborators USING COVERING INDEX lead_collaborators_by_user (user_id=?)',
      'SEARCH lead_facts USING INDEX sqlite_autoindex_lead_facts_1 (lead_id=?)',
    ]);
  });
});

describe('plans of what a person sees first', () => {
  const scope = {
    everything: false,
    ownerIds: ['asha', 'ravi'],
    unowned: true,
    collaboratorId: 'meera',
    partner: 'acme-finance',
  } as const;
  const filter = { scope, productLine: 'personal-loan' };
  const inOrder = (plans: readonly string[]): readonly string[] =>
    plans.filter((plan) => /(SEARCH|SCAN) lead_facts/.test(plan));

  it('of a list come from an index of each holder, in its order', async () => {
    for (const after of [null, { value: '2026', leadId: 'a' }]) {
      const sort = { by: 'createdAt', direction: 'desc' } as const;
      // The longest page of all, and the lead that tells whether another follows.
      for (const limit of [50, 201]) {
        const plans = inOrder(await plansOf(({ facts }) => facts.list({ filter, sort, after, limit })));
        expect(plans).toHaveLength(6);
        for (const plan of plans.slice(0, 3)) {
          expect(plan).toMatch(/COVERING INDEX lead_facts_of_owner \(owner_id=\? AND presence=\?/);
        }
        expect(plans[3]).toMatch(/lead_facts_by_partner \(partner=\? AND presence=\?/);
        for (const plan of plans.slice(4)) expect(plan).toMatch(/sqlite_autoindex_lead_facts_1 \(lead_id=\?\)/);
      }
    }
  });

  it('of a board come from an index of each owner, and of a stage for a partner, in its order', async () => {
    const sources = {
      owner:
        /COVERING INDEX lead_facts_board_of_owner \(owner_id=\? AND product_line=\? AND presence=\? AND stage=\?\)/,
      partner: /INDEX lead_facts_by_stage \(product_line=\? AND presence=\? AND stage=\?\)/,
      lead: /sqlite_autoindex_lead_facts_1 \(lead_id=\?\)/,
    };
    const asked = { filter, stages: ['new'], cardsPerColumn: 10 };
    const plans = inOrder(await plansOf(({ facts }) => facts.board(asked), [sampleFacts(source)]));
    const wanted = [sources.owner, sources.owner, sources.owner, sources.partner, sources.lead, sources.lead];
    expect(plans.slice(-wanted.length)).toEqual(wanted.map((plan) => expect.stringMatching(plan)));
  });
});

describe('plans of what an agent with many leads sees of a filter', () => {
  const mine = {
    ...loans,
    scope: { everything: false, ownerIds: ['asha'], unowned: false, collaboratorId: 'asha', partner: null },
  } as const;
  const held = Array.from({ length: 1_100 }, () => sampleFacts(source));
  const owned = held.map(({ leadId }) => ({ leadId, ownerId: 'asha' }));
  const byAmount = { sort: { by: 'amount', direction: 'desc' }, after: null, limit: 50 } as const;

  it('are of the agent alone, not of all leads in the order of the list', async () => {
    const plans = await plansOf(
      ({ facts }) => facts.list({ filter: { ...mine, stage: ['new'] }, ...byAmount }),
      held,
      owned,
    );
    const stage = 'INDEX lead_facts_board_of_owner (owner_id=? AND product_line=? AND presence=? AND stage=?)';
    expect(plans.filter((plan) => plan.includes(stage))).toHaveLength(2);
    expect(plans.join()).not.toContain('lead_facts_by_amount');
  });

  it('are in the order of the list where nothing is filtered: the first are soon met', async () => {
    const plans = await plansOf(({ facts }) => facts.list({ filter: mine, ...byAmount }), held, owned);
    expect(plans.join()).toContain('lead_facts_by_amount');
  });
});

describe('plans of look-ups', () => {
  it('enter an index for the audit of a lead or a person, and for the runs of a file, in its order', async () => {
    const plans = await plansOf(async ({ audit, importRuns }) => {
      await audit.list({ aggregateKind: 'lead', aggregateId: 'a', limit: 50 });
      await audit.list({ actor: 'user:asha', limit: 50 });
      await importRuns.ofFile({ productLine: 'personal-loan', fileSha256: 'hash' });
    });
    expect(plans).toEqual([
      'SEARCH audit USING INDEX audit_by_aggregate (aggregate_kind=? AND aggregate_id=?)',
      'SEARCH audit USING INDEX audit_by_actor (actor=?)',
      'SEARCH import_runs USING INDEX import_runs_by_file (product_line=? AND file_sha256=?)',
    ]);
  });

  it('read only the active placements of a holder, however many were released', async () => {
    const [first] = await plansOf(({ placements }) => placements.ofHolder('asha', null, 50));
    expect(first).toMatch(/placements_by_holder \(holder_id=\? AND status=\?/);
  });
});
