import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningChild, startChild } from '../../../test-support/child.js';
import { loanLine } from '../../../test-support/loan-line.js';
import { makePlace, type PlaceName, type StorePlace } from '../../../test-support/shapes.js';
import { newStore, type TestStore } from '../../../test-support/store.js';
import type { WorkPlan } from '../../../test-support/work-child.js';
import { systemClock } from '../../foundation/kernel/index.js';
import type { Job } from '../../index.js';

let folder: string;
const places: StorePlace[] = [];
const stores: TestStore[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-shared-'));
});
afterAll(async () => {
  await Promise.all(stores.map(({ lms }) => lms.close()));
  await Promise.all(places.map((place) => place.remove()));
  await rm(folder, { recursive: true, force: true });
});

const isFull = process.env['LMS_TEST_FULL'] === '1';
const rowCount = isFull ? 100_000 : 4_000;
const batchSize = isFull ? 500 : 50;
const productLine = loanLine.slug;
const headings = 'Full name,Mobile,Email,Loan amount,City';
/** Files of a few bytes are not shared. */
const filling = isFull ? '' : 'x'.repeat(100);

/**
 * Rows of all kinds, so that whoever takes rows out of order makes other leads: people who come again in the other half, a chain (the second
 * of three has the phone of the first and the email of the third, which is a lead only where the second is none), and rows that are refused.
 */
function rowsOf(count: number): readonly string[] {
  const half = count / 2;
  const row = (at: number, { phone = at, email = at }: { phone?: number; email?: number } = {}): string => {
    const mobile = at % 41 === 7 ? 'call him' : `98${String(phone).padStart(8, '0')}`;
    return `Asha ${at} ${filling},${mobile},asha${email}@example.com,"2,50,000",Pune`;
  };
  return Array.from({ length: count }, (_, at) => {
    if (at < half) return at % 13 === 5 ? row(at, { phone: at - 3 }) : row(at);
    if (at % 17 === 0) return row(at, { phone: at - half, email: at + 1 });
    return at % 11 === 3 ? row(at, { email: at - half }) : row(at);
  });
}

async function fileOf(name: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, [headings, ...rowsOf(rowCount)].join('\n'));
  return file;
}

async function storeOn(shape: PlaceName): Promise<{ readonly place: StorePlace; readonly store: TestStore }> {
  const place = await makePlace(shape);
  places.push(place);
  const store = await newStore(place.handle(), undefined, { clock: systemClock, imports: { batchSize } });
  stores.push(store);
  return { place, store };
}

/** What an import leaves behind, but for the numbers of its leads. */
interface Outcome {
  readonly counts: unknown;
  readonly reasons: unknown;
  readonly names: readonly string[];
  readonly rejects: string;
}

async function outcomeOf({ lms, admin }: TestStore, runId: string, rejectFile: string): Promise<Outcome> {
  // What follows from the last unit of a process that was killed is told by whoever comes next.
  await lms.tick({ jobs: { limit: 0 } });
  const { counts, reasons } = await admin.imports.get(runId);
  const names: string[] = [];
  for await (const lead of admin.leads.list({ productLine })) names.push((lead.name ?? '').replace(` ${filling}`, ''));
  return { counts, reasons, names: names.sort(), rejects: await readFile(rejectFile, 'utf8') };
}

/** By one process, from the first row to the last. */
async function alone(file: string): Promise<Outcome> {
  const { store } = await storeOn('sqlite');
  const rejectFile = `${file}.alone.csv`;
  const { runId } = await store.admin.imports.run({ file, productLine, rejectFile });
  return outcomeOf(store, runId ?? '', rejectFile);
}

const patience = { timeout: isFull ? 600_000 : 90_000, interval: 50 };

describe.each(
  isFull
    ? (['sqlite', 'hybrid', 'mysql'] as const).flatMap((shape) =>
        (['first', 'second'] as const).map((killed) => ({ shape, killed })),
      )
    : ([
        { shape: 'sqlite', killed: 'first' },
        { shape: 'hybrid', killed: 'second' },
      ] as const),
)('two workers on $shape share an import, and the $killed is killed', ({ shape, killed }) => {
  it('makes the leads, the totals and the reject file of one worker that was not', {
    timeout: isFull ? 1_200_000 : 180_000,
  }, async () => {
    const file = await fileOf(`${shape}-${killed}.csv`);
    const expected = await alone(file);
    const { place, store } = await storeOn(shape);
    const { imports, jobs } = store.admin;
    const rejectFile = `${file}.rejects.csv`;
    const { id } = await imports.detach({ file, productLine, rejectFile });

    const plan: WorkPlan = { address: place.address, batchSize };
    // Both have opened the store before one of them begins, so that neither comes when the other is done.
    const first: RunningChild<object, unknown> = await startChild('./work-child.ts', plan);
    const second: RunningChild<object, unknown> = await startChild('./work-child.ts', plan);
    await first.ask({ work: true });
    await expect.poll(async () => (await imports.detached(id)).status, patience).toBe('running');
    await second.ask({ work: true });
    const share = async (): Promise<Job | undefined> => (await jobs.list({ kind: 'import.share' })).jobs[0];
    const rowsOfShare = async (): Promise<number> => countOf(await share());
    await expect.poll(rowsOfShare, patience).toBeGreaterThan(0);
    const whenBothWorked = await imports.detached(id);
    expect(whenBothWorked.status).toBe('running');
    expect((await share())?.worker).not.toBe((await jobs.get(id)).worker);

    expect((await (killed === 'first' ? first : second).kill()).signal).toBe('SIGKILL');
    const state = async (): Promise<unknown> => {
      const { status, lastError } = await imports.detached(id);
      return lastError ?? status;
    };
    await expect.poll(state, patience).toBe('done');
    const done = await imports.detached(id);
    expect((await (killed === 'first' ? second : first).end()).code).toBe(0);

    expect(done.result).toMatchObject({ counts: expected.counts, rejectFile });
    expect(done.attempts).toBe(killed === 'first' ? 2 : 1);
    expect(await outcomeOf(store, done.result?.runId ?? '', rejectFile)).toEqual(expected);
    expect(await imports.list({ productLine })).toHaveLength(1);
  });
});

it('one worker alone does all of it, and withdraws what it asked of others', { timeout: 120_000 }, async () => {
  const file = await fileOf('alone.csv');
  const expected = await alone(file);
  const { store } = await storeOn('sqlite');
  const { imports, jobs } = store.admin;
  const rejectFile = `${file}.rejects.csv`;
  const { id } = await imports.detach({ file, productLine, rejectFile });
  await store.lms.worker.start();
  await expect.poll(async () => (await imports.detached(id)).status, patience).toBe('done');
  const { result } = await imports.detached(id);
  expect(await outcomeOf(store, result?.runId ?? '', rejectFile)).toEqual(expected);
  expect((await jobs.list({ kind: 'import.share' })).jobs.map(({ status }) => status)).toEqual(['cancelled']);
});

/** How many rows the share has told of so far. */
function countOf(job: Job | undefined): number {
  const told = job?.progress ?? job?.result ?? null;
  if (told === null || typeof told !== 'object' || !('rows' in told)) return 0;
  return typeof told.rows === 'number' ? told.rows : 0;
}
