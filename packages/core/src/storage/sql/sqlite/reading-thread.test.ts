import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleSource } from '../../../conformance/run-conformance.js';
import { instantAfter, sampleFacts } from '../../../conformance/samples.js';
import type { LeadFacts, LeadFactsFilter, LeadFactsQuery } from '../../../crm/leads/lead-facts-store.js';
import { LmsError } from '../../../foundation/kernel/index.js';
import { sqlite } from '../../sqlite.js';
import type { Storage } from '../../storage.js';
import { sqliteFlavour } from '../flavour.js';
import { ledgerStores } from '../ledger/index.js';
import type { SqlConnection } from '../sql-connection.js';
import { type OpenedStore, openStore } from './open-store.js';
import { ReadingThread } from './reading-thread.js';
import { SqliteStore } from './sqlite-store.js';

const leads = 60_000;
const stages = ['new', 'contacted', 'documents', 'sanctioned'];
const everything: LeadFactsFilter & { readonly productLine: string } = {
  scope: { everything: true },
  productLine: 'personal-loan',
};

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-thread-'));
  file = join(folder, 'lms.db');
  const storage = sqlite({ file });
  const context = sampleSource();
  for (let start = 0; start < leads; start += 2_000) {
    const facts = Array.from({ length: 2_000 }, (_, offset) => manyStays(sampleFacts(context), start + offset));
    await storage.unitOfWork.run('ledger', (unit) => storage.facts.project(unit, facts));
  }
  await storage.close();
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function manyStays(facts: LeadFacts, index: number): LeadFacts {
  const stays = stages.slice(0, 1 + (index % stages.length)).map((stage, sequence) => ({
    sequence,
    stage,
    enteredAt: instantAfter(index + sequence),
    exitedAt: null,
  }));
  const stage = stays.at(-1)?.stage ?? 'new';
  const income = { field: 'income', number: index % 900, text: null, hash: null };
  return {
    ...facts,
    stage,
    stays,
    amountPaise: index % 7 === 0 ? null : 1_000 + index,
    region: index % 5_000 === 0 ? 'GA' : 'MH',
    createdAt: instantAfter(index),
    index: index % 3 === 0 ? [] : [income],
  };
}

/** Runs `work` and counts how often the event loop turned meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let running = true;
  const turn = (): void => {
    turns += 1;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  running = false;
  return turns;
}

async function onFile(work: (storage: Storage) => Promise<void>): Promise<void> {
  const storage = sqlite({ file });
  try {
    await work(storage);
  } finally {
    await storage.close();
  }
}

async function withThread(
  work: (thread: ReadingThread, opened: OpenedStore) => Promise<void>,
  path: string = file,
): Promise<void> {
  const opened = await openStore(path, 1_000);
  const thread = opened.readingThread;
  if (thread === null) throw new Error('a file has a thread');
  try {
    await work(thread, opened);
  } finally {
    await thread.close();
    opened.reader.close();
    opened.writer.close();
  }
}

/** Takes some tenths of a second. */
const slow = {
  sql: 'with recursive counted(n) as (select 1 union all select n + 1 from counted where n < 2000000) select count(*) as rows from counted',
  parameters: [],
};

async function refusalOf(read: Promise<unknown>): Promise<{ readonly code: string; readonly message: string } | null> {
  try {
    await read;
    return null;
  } catch (error) {
    if (!LmsError.isInstance(error)) throw error;
    return { code: error.code, message: error.message };
  }
}

describe('reads of many rows', () => {
  it('answer as the in-process reader does', async () => {
    await withThread(async (thread, { reader }) => {
      const { writer: unitOfWork } = new SqliteStore({ file, busyTimeoutMillis: 100 });
      const here = ledgerStores({ flavour: sqliteFlavour, unitOfWork, reader, scanner: reader });
      const there = ledgerStores({ flavour: sqliteFlavour, unitOfWork, reader: thread, scanner: thread });
      const byIncome = { by: 'field', field: 'income', kind: 'number', direction: 'desc' } as const;
      const valueless: LeadFactsQuery = {
        filter: everything,
        sort: byIncome,
        after: { value: null, leadId: 'f' },
        limit: 50,
      };
      const calls: readonly ((stores: typeof here) => Promise<unknown>)[] = [
        ({ reports }) => reports.funnel(everything),
        ({ facts }) => facts.count({ ...everything, region: ['GA'] }, 1_000_000),
        ({ facts }) => facts.board({ filter: { ...everything, source: ['website'] }, stages, cardsPerColumn: 3 }),
        ({ facts }) => facts.list({ ...valueless, after: null }),
        ({ facts }) => facts.list(valueless),
        ({ facts }) => facts.idsInStage('personal-loan', 'new', null, 20),
        ({ audit }) => audit.list({ eventType: 'lead.created', limit: 10 }),
      ];
      for (const call of calls) expect(await call(there)).toEqual(await call(here));
      expect((await here.reports.funnel(everything)).map(({ entered }) => entered)).toContain(leads);
    });
  });

  it.each<readonly [string, (storage: Storage) => Promise<unknown>]>([
    ['a funnel', ({ reports }) => reports.funnel(everything)],
    [
      'a board that has to be counted',
      ({ facts }) => facts.board({ filter: { ...everything, source: ['website'] }, stages, cardsPerColumn: 20 }),
    ],
    ['a count that finds few', ({ facts }) => facts.count({ ...everything, campaign: ['none'] }, 1)],
    [
      'a list whose filter finds few',
      ({ facts }) =>
        facts.list({
          filter: { ...everything, campaign: ['none'] },
          sort: { by: 'createdAt', direction: 'desc' },
          after: null,
          limit: 50,
        }),
    ],
    ['a check of every page', (storage) => storage.check()],
  ])('let the event loop turn: %s', async (_, read) => {
    await onFile(async (storage) => {
      await storage.reports.funnel(everything);
      expect(await turnsDuring(() => read(storage))).toBeGreaterThan(50);
    });
  });

  it('see what a commit of this process has just written', async () => {
    await onFile(async (storage) => {
      const context = sampleSource();
      const productLine = context.word('line');
      for (let version = 1; version <= 20; version += 1) {
        const facts = sampleFacts(context, { productLine });
        await storage.unitOfWork.run('ledger', (unit) => storage.facts.project(unit, [facts]));
        const [stage] = await storage.reports.funnel({ ...everything, productLine });
        expect(stage).toMatchObject({ entered: version, current: version });
      }
    });
  });
});

describe('the thread', () => {
  it('gives errors as the in-process reader does, and works on', async () => {
    await withThread(async (thread, { reader }) => {
      for (const sql of [
        'select nothing from nowhere',
        'delete from lead_facts',
        'select 9007199254740993 as beyond',
        'select sum(big) from (select 9223372036854775807 as big union all select 1)',
      ]) {
        const statement = { sql, parameters: [] };
        const [here, there] = await Promise.all([reader, thread].map((each) => refusalOf(each.execute(statement))));
        expect(here?.code).toBeDefined();
        expect(there).toEqual(here);
      }
      const exact = { sql: 'select ? as least, 9007199254740991 as most', parameters: [Number.MIN_SAFE_INTEGER] };
      expect((await thread.execute(exact)).rows).toEqual([
        { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER },
      ]);
    });
  });

  it('refuses a statement whose answer would block the caller', async () => {
    await withThread(async (thread) => {
      const all = thread.execute({ sql: 'select lead_id from lead_facts', parameters: [] });
      await expect(all).rejects.toMatchObject({ code: 'INTERNAL' });
    });
  });

  it('rejects what is under way with STORE_CLOSED when the store is closed, and lets go of the file', async () => {
    const store = new SqliteStore({ file, busyTimeoutMillis: 1_000 });
    await store.scanner.execute({ sql: 'select 1', parameters: [] });
    const reads = [slow, slow].map((statement) => store.scanner.execute(statement));
    const outcomes = Promise.allSettled(reads);
    await sleep(40);
    await store.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'STORE_CLOSED' } });
    }
    await expect(store.scanner.execute(slow)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(stat(`${file}-wal`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('does not start for a small file, and there is none for a store in memory', async () => {
    const statement = { sql: 'select 1', parameters: [] };
    for (const [path, expected] of [
      [join(folder, 'small.db'), true],
      [file, false],
    ] as const) {
      await withThread(async (_, { reader }) => {
        const ranHere: unknown[] = [];
        const inProcess: SqlConnection = {
          execute: (each) => {
            ranHere.push(each);
            return reader.execute(each);
          },
        };
        const thread = new ReadingThread({ file: path, pragmas: [], inProcess });
        await thread.execute(statement);
        await thread.close();
        expect(ranHere.includes(statement)).toBe(expected);
      }, path);
    }
    expect((await openStore(':memory:', 100)).readingThread).toBeNull();
  });

  it('is done without when it cannot open the file', async () => {
    await withThread(async (_, { reader }) => {
      const lost = new ReadingThread({ file: join(folder, 'nowhere', 'lms.db'), pragmas: [], inProcess: reader });
      const rows = await Promise.all(
        [1, 2].map((value) => lost.execute({ sql: 'select ? as value', parameters: [value] })),
      );
      expect(rows.map((each) => each.rows)).toEqual([[{ value: 1 }], [{ value: 2 }]]);
      await lost.close();
    });
  });
});

describe('a process of its own', () => {
  const program = `
    import { sqlite } from './sqlite.js';
    const storage = sqlite({ file: process.argv[2] });
    const found = await storage.reports.funnel({ scope: { everything: true }, productLine: 'personal-loan' });
    console.log(JSON.stringify({ entered: found.find(({ stage }) => stage === 'new').entered}));
  `;
  const preload = `if (!require('node:worker_threads').isMainThread) require('node:fs').writeSync(1, 'preloaded');`;
  let script: string;

  beforeAll(async () => {
    script = join(folder, 'reader.mjs');
    await writeFile(join(folder, 'preload.cjs'), preload);
    await build({
      stdin: { contents: program, resolveDir: fileURLToPath(new URL('../../', import.meta.url)), loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
      logLevel: 'silent',
    });
  });

  it.each([
    ['waits for the answer, and is not kept alive by a store that was never closed', []],
    ['gets the answer where threads are forbidden', ['--permission', '--allow-fs-read=*', '--allow-fs-write=*']],
    ['does not load into the thread what it preloads itself', ['--require', './preload.cjs']],
  ])('%s', async (_, flags) => {
    const child = spawn(process.execPath, ['--no-warnings', ...flags, script, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: folder,
    });
    const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(code).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ entered: leads });
  });
});
