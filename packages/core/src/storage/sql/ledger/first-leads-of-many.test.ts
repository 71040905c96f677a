import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instantAfter, sampleFacts } from '../../../conformance/samples.js';
import type { LeadFactsFilter } from '../../../crm/leads/index.js';
import { cryptoRandom, type LeadId, uuidV7Source } from '../../../foundation/kernel/index.js';
import { TestClock } from '../../../testing/index.js';
import { sqliteFlavour } from '../flavour.js';
import type { SqlConnection } from '../sql-connection.js';
import { SqliteStore } from '../sqlite/sqlite-store.js';
import { type LedgerStores, ledgerStores } from './index.js';

const clock = new TestClock('2026-01-15T04:30:00.000Z');
const source = { clock, ids: uuidV7Source(clock, cryptoRandom()), word: (prefix: string) => prefix };
const productLine = 'personal-loan';
/** As many as are named when a filter on a field meets few leads. */
const leadCount = 1_024;
const nobody = { everything: false, ownerIds: [], unowned: true, collaboratorId: null, partner: null } as const;
const newestFirst = { by: 'createdAt', direction: 'desc' } as const;

let folder: string;
let store: SqliteStore;
let ledger: LedgerStores;
/** What reads, in the order of its statements, and what is done after each. */
const used: ('reader' | 'scanner')[] = [];
let afterStatement: () => Promise<void> = async () => undefined;

function watched(name: 'reader' | 'scanner', connection: SqlConnection): SqlConnection {
  return {
    async execute(statement) {
      const result = await connection.execute<never>(statement);
      used.push(name);
      await afterStatement();
      return result;
    },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-first-leads-'));
  store = new SqliteStore({ file: join(folder, 'leads.db'), busyTimeoutMillis: 5_000 });
  ledger = ledgerStores({
    flavour: sqliteFlavour,
    reader: watched('reader', store.reader),
    scanner: watched('scanner', store.scanner),
    unitOfWork: store.writer,
  });
  const leads = Array.from({ length: leadCount }, (_, at) =>
    sampleFacts(source, {
      createdAt: instantAfter(at),
      source: at % 100 === 0 ? 'branch' : 'website',
      index: [{ field: 'city', number: null, text: 'Pune', hash: null }],
    }),
  );
  await store.writer.run('ledger', (unit) => ledger.facts.project(unit, leads));
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function list(filter: Omit<LeadFactsFilter, 'productLine'>, limit: number): Promise<readonly LeadId[]> {
  used.length = 0;
  const page = await ledger.facts.list({ filter: { ...filter, productLine }, sort: newestFirst, after: null, limit });
  return page.map(({ row }) => row.leadId);
}

describe('the first leads of who sees many', () => {
  it('are as many as there are, though some go while they are read', async () => {
    const before = await list({ scope: nobody }, 12);
    let gone = 0;
    afterStatement = async () => {
      const leadId = before[gone];
      gone += 1;
      if (leadId !== undefined) await store.writer.run('ledger', (unit) => ledger.facts.remove(unit, [leadId]));
    };
    const page = await list({ scope: nobody }, 10);
    afterStatement = async () => undefined;
    expect(page).toHaveLength(10);
  });

  it('are looked for on the thread for wide reads, as a filter may pass over most', async () => {
    expect(await list({ scope: nobody, source: ['branch'] }, 5)).toHaveLength(5);
    expect(new Set(used)).toEqual(new Set(['scanner']));
    used.length = 0;
    const filter = { scope: { ...nobody, partner: 'acme-finance' }, productLine, region: ['MH'] };
    const [column] = await ledger.facts.board({ filter, stages: ['new'], cardsPerColumn: 5 });
    expect(column?.cards).toHaveLength(5);
    expect(new Set(used)).toEqual(new Set(['scanner']));
  });

  it('are found among those of a field, for as many holders as are looked up', async () => {
    const ownerIds = Array.from({ length: 31 }, (_, at) => `agent-${at}`);
    const index = [{ field: 'city', operator: 'eq', values: [{ text: 'Pune' }] }] as const;
    for (const filters of [index, [...index, ...index]]) {
      expect(await list({ scope: { ...nobody, ownerIds }, index: filters }, 50)).toHaveLength(50);
    }
  });
});
