import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loanLine } from '../../../test-support/loan-line.js';
import { describeShapes, makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { loanFields, newStore, openStore, type TestStore } from '../../../test-support/store.js';
import { systemClock } from '../../foundation/kernel/index.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-detached-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const headings = ['fullName', 'mobile', 'loanAmount', 'city'];
const productLine = loanLine.slug;
const options = { clock: systemClock, jobs: { leaseMillis: 5_000, heartbeatMillis: 20, pollMillis: 20 } };

/** So many rows, of which every `refused`th is. */
async function fileOf(name: string, count: number, refused: number = Number.POSITIVE_INFINITY): Promise<string> {
  const rows = Array.from({ length: count }, (_, at) => {
    const fields = at % refused === refused - 1 ? loanFields({ mobile: 'call him' }) : loanFields();
    return headings.map((heading) => `"${fields[heading]}"`).join(',');
  });
  const file = join(folder, name);
  await writeFile(file, [headings.join(','), ...rows].join('\n'));
  return file;
}

describeShapes((makeStorage, { shape }) => {
  it('a detached import that a stopping worker gave back goes on with the next, and takes each row once', async () => {
    const { lms, admin } = await newStore(await makeStorage(), undefined, options);
    const file = await fileOf(`${shape}.csv`, 600, 50);
    const rejectFile = `${file}.rejects.csv`;
    const { imports } = admin;
    const detached = await imports.detach({ file, productLine, rejectFile });
    expect(detached).toMatchObject({ status: 'waiting', file, productLine, progress: null, result: null });
    expect((await imports.detach({ file, productLine, rejectFile })).id).toBe(detached.id);

    await lms.worker.start();
    const refusedSoFar = async (): Promise<number> => (await imports.detached(detached.id)).progress?.rejected ?? 0;
    await expect.poll(refusedSoFar, { interval: 5, timeout: 20_000 }).toBeGreaterThan(0);
    await lms.worker.stop({ timeoutMillis: 0 });
    const given = await imports.detached(detached.id);
    expect(given.status).not.toBe('running');
    // Half of the refused rows are not called all of them.
    if (given.status === 'waiting') expect(await readdir(folder)).not.toContain(`${shape}.csv.rejects.csv`);

    await lms.worker.start();
    const status = async (): Promise<string> => (await imports.detached(detached.id)).status;
    await expect.poll(status, { timeout: 30_000 }).toBe('done');
    const { result, attempts } = await imports.detached(detached.id);
    expect(result).toMatchObject({
      status: 'completed_with_rejects',
      rejectFile,
      counts: { created: 588, rejected: 12 },
    });
    expect(attempts).toBe(1);
    expect((await readFile(rejectFile, 'utf8')).trim().split('\n')).toHaveLength(13);
    expect(await admin.leads.count({ productLine })).toMatchObject({ leads: 588 });
    expect((await imports.list()).map(({ counts }) => counts.created)).toEqual([588]);
    await lms.close();
  }, 60_000);
});

describe('a detached import', () => {
  let place: StorePlace;
  let store: TestStore;

  beforeEach(async () => {
    place = await makePlace('sqlite');
    store = await newStore(place.handle(), undefined, options);
  });
  afterEach(async () => {
    await store.lms.close();
    await place.remove();
  });

  /** As if its worker had been killed before it could write that it was done. */
  async function asIfNotEnded(id: string): Promise<void> {
    const storage = place.handle();
    await storage.open();
    await storage.unitOfWork.run('ledger', async (unit) => {
      const job = await storage.jobs.get(unit, id);
      if (job !== null) await storage.jobs.update(unit, { ...job, status: 'waiting', result: null, finishedAt: null });
    });
    await storage.close();
  }

  /** A worker is asked for the second half of an import whose own worker has not begun. @returns the job */
  async function shareAlone(job: string): Promise<string> {
    const storage = place.handle();
    await storage.open();
    const id = job.replace(/^.{8}/, 'effec700');
    await storage.unitOfWork.run('ledger', async (unit) => {
      const run = await storage.jobs.get(unit, job);
      if (run === null) throw new Error('the job of the import is gone');
      await storage.jobs.update(unit, { ...run, runAt: '2200-01-01T00:00:00.000Z' });
      const payload = { job, from: 0.5, to: 1 };
      await storage.jobs.insert(unit, [{ ...run, id, kind: 'import.share', payload, dedupeKey: null }]);
    });
    await storage.close();
    return id;
  }

  it('never replaces a file that has the name of its reject file, and does not write its own twice', async () => {
    const { lms, admin } = store;
    const { imports } = admin;
    const file = await fileOf('kept.csv', 4, 2);
    const rejectFile = join(folder, 'corrected.csv');
    const request = { file, productLine, rejectFile };
    await writeFile(rejectFile, 'half corrected');
    await expect(imports.detach(request)).rejects.toMatchObject({ code: 'REJECT_FILE_EXISTS', path: rejectFile });
    await rm(rejectFile);
    const { id } = await imports.detach(request);
    await writeFile(rejectFile, 'half corrected');

    const beside = join(folder, 'corrected-2.csv');
    await lms.tick();
    expect(await imports.detached(id)).toMatchObject({ status: 'done', result: { rejectFile: beside } });
    const written = await readFile(beside, 'utf8');
    await asIfNotEnded(id);
    await lms.tick();
    expect(await imports.detached(id)).toMatchObject({ status: 'done', attempts: 2, result: { rejectFile: beside } });
    expect(await readFile(beside, 'utf8')).toBe(written);
    expect(await readFile(rejectFile, 'utf8')).toBe('half corrected');
    expect((await readdir(folder)).filter((name) => name.startsWith('corrected')).sort()).toEqual([
      'corrected-2.csv',
      'corrected.csv',
    ]);
  });

  it('is another one for other choices, and for another actor', async () => {
    const { admin, user } = store;
    const file = await fileOf('choices.csv', 3);
    const meera = await user('meera', ['manager'], ['east']);
    const ids = [
      await admin.imports.detach({ file, productLine }),
      await admin.imports.detach({ file, productLine, duplicates: 'update' }),
      await admin.imports.detach({ file, productLine, campaign: 'monsoon' }),
      await meera.imports.detach({ file, productLine }),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect((await meera.imports.detached(ids[3] ?? '')).status).toBe('waiting');
    expect((await admin.imports.detach({ file, productLine })).id).toBe(ids[0]);
  });

  it('waits for a worker that reaches its file', async () => {
    const { lms, admin } = store;
    const file = await fileOf('elsewhere.csv', 3);
    const { id } = await admin.imports.detach({ file, productLine });
    await rename(file, `${file}.away`);
    await lms.tick();
    expect(await admin.imports.detached(id)).toMatchObject({
      status: 'waiting',
      lastError: 'IMPORT_FILE_UNREACHABLE',
    });
    await rename(`${file}.away`, file);
    await admin.jobs.retry(id);
    await lms.tick();
    expect(await admin.imports.detached(id)).toMatchObject({ status: 'done', result: { counts: { created: 3 } } });
  });

  const nickname = { key: 'nickname', label: 'Nickname', type: 'text' } as const;

  /** So many rows, with a column that no field of the line reads. */
  async function withNicknames(name: string, count: number): Promise<string> {
    const lines = Array.from({ length: count }, () => {
      const fields = loanFields();
      return [...headings.map((heading) => `"${fields[heading]}"`), 'Ashu'].join(',');
    });
    const file = join(folder, name);
    await writeFile(file, [`${headings.join(',')},Nickname`, ...lines].join('\n'));
    return file;
  }

  it('is the same run to a worker with other settings, and after its line was published', async () => {
    const { lms, admin } = store;
    const file = await withNicknames('published.csv', 30);
    const { id } = await admin.imports.detach({ file, productLine });
    await lms.tick();
    const before = await admin.imports.detached(id);
    expect(before).toMatchObject({ status: 'done', result: { counts: { created: 30 } } });
    await asIfNotEnded(id);

    await admin.schemas.publish({ ...loanLine, fields: [...loanLine.fields, nickname] });
    const other = await openStore(place.handle(), undefined, { ...options, imports: { batchSize: 7 } });
    await other.lms.tick();
    const after = await admin.imports.detached(id);
    expect(after).toMatchObject({ status: 'done', attempts: 2 });
    expect(after.result?.counts).toEqual(before.result?.counts);
    await other.lms.close();
  });

  it('is shared in the batches it was cut into, and not by a worker that would read its columns otherwise', async () => {
    const { admin } = store;
    const other = await openStore(place.handle(), undefined, { ...options, imports: { batchSize: 7 } });
    const rowsShared = async (name: string, meanwhile: () => Promise<unknown>): Promise<unknown> => {
      const { id } = await admin.imports.detach({ file: await withNicknames(name, 300), productLine });
      await meanwhile();
      const share = await shareAlone(id);
      await other.lms.tick();
      return (await admin.jobs.get(share)).result;
    };
    expect(await rowsShared('shared.csv', async () => undefined)).toEqual({ rows: 200 });
    const publish = (): Promise<unknown> =>
      admin.schemas.publish({ ...loanLine, fields: [...loanLine.fields, nickname] });
    expect(await rowsShared('shared-not.csv', publish)).toEqual({ rows: 0 });
    expect(await admin.leads.count({ productLine })).toMatchObject({ leads: 200 });
    await other.lms.close();
  });

  it('is cancelled by who may import and sees it, until it is done', async () => {
    const { lms, user } = store;
    const file = await fileOf('cancelled.csv', 3);
    const meera = await user('meera', ['manager'], ['east']);
    const elsewhere = await user('kiran', ['manager'], ['west']);
    const auditor = await user('ila', ['auditor']);
    const { id } = await meera.imports.detach({ file, productLine });
    await expect(elsewhere.imports.cancel(id)).rejects.toMatchObject({ code: 'IMPORT_NOT_FOUND' });
    await expect(auditor.imports.cancel(id)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(await meera.imports.cancel(id)).toMatchObject({ status: 'cancelled' });
    expect(await meera.imports.cancel(id)).toMatchObject({ status: 'cancelled' });
    await lms.tick();
    expect(await store.admin.leads.count({ productLine })).toMatchObject({ leads: 0 });
    const told = await store.admin.audit.list({ eventType: 'job.cancelled', limit: 10 });
    expect(told.rows).toMatchObject([{ actor: 'user:meera', command: 'imports.cancel', aggregate: { id } }]);

    const { id: next } = await meera.imports.detach({ file, productLine });
    await lms.tick();
    await expect(meera.imports.cancel(next)).rejects.toMatchObject({ code: 'JOB_CONFLICT' });
  });
});

it('refuses what could not be repeated, a file that became another, and who may not see it', async () => {
  const place = await makePlace('sqlite');
  const { lms, admin, user } = await newStore(place.handle(), undefined, options);
  const { imports } = admin;
  const file = await fileOf('changed.csv', 3);
  for (const choice of [{ dryRun: true }, { again: true }]) {
    await expect(imports.detach({ file, productLine, ...choice })).rejects.toMatchObject({ code: 'USAGE_INVALID' });
  }
  const agent = await user('ravi', ['agent']);
  await expect(agent.imports.detach({ file, productLine })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  const { id } = await imports.detach({ file, productLine });
  const elsewhere = await user('meera', ['manager'], ['east']);
  await expect(elsewhere.imports.detached(id)).rejects.toMatchObject({ code: 'IMPORT_NOT_FOUND' });
  await expect(admin.jobs.add({ kind: 'import.run', payload: {} })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await fileOf('changed.csv', 4);
  await lms.tick();
  expect(await imports.detached(id)).toMatchObject({ status: 'dead', lastError: 'IMPORT_FILE_OTHER', result: null });
  expect(await admin.leads.count({ productLine })).toMatchObject({ leads: 0 });
  await lms.close();
  await place.remove();
});
