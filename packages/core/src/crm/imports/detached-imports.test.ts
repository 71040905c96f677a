import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loanLine } from '../../../test-support/loan-line.js';
import { describeShapes } from '../../../test-support/shapes.js';
import { loanFields, newStore } from '../../../test-support/store.js';
import { systemClock } from '../../foundation/kernel/index.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-detached-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const headings = ['fullName', 'mobile', 'loanAmount', 'city'];
const productLine = loanLine.slug;
const options = { clock: systemClock, jobs: { leaseMillis: 5_000, heartbeatMillis: 20, pollMillis: 20 } };

async function fileOf(name: string, count: number): Promise<string> {
  const rows = Array.from({ length: count }, () => {
    const fields = loanFields();
    return headings.map((heading) => `"${fields[heading]}"`).join(',');
  });
  const file = join(folder, name);
  await writeFile(file, [headings.join(','), ...rows].join('\n'));
  return file;
}

describeShapes((makeStorage, { shape }) => {
  it('a detached import that a stopping worker gave back goes on with the next, and takes each row once', async () => {
    const { lms, admin } = await newStore(await makeStorage(), undefined, options);
    const file = await fileOf(`${shape}.csv`, 600);
    const { imports } = admin;
    const detached = await imports.detach({ file, productLine });
    expect(detached).toMatchObject({ status: 'waiting', file, productLine, progress: null, result: null });
    expect((await imports.detach({ file, productLine })).id).toBe(detached.id);

    await lms.worker.start();
    const rowsSoFar = async (): Promise<number> => (await imports.detached(detached.id)).progress?.rows ?? 0;
    await expect.poll(rowsSoFar, { interval: 5, timeout: 20_000 }).toBeGreaterThan(0);
    await lms.worker.stop({ timeoutMillis: 0 });
    expect((await imports.detached(detached.id)).status).not.toBe('running');

    await lms.worker.start();
    const status = async (): Promise<string> => (await imports.detached(detached.id)).status;
    await expect.poll(status, { timeout: 30_000 }).toBe('done');
    const { result } = await imports.detached(detached.id);
    expect(result).toMatchObject({ status: 'completed', rejectFile: null });
    expect(await admin.leads.count({ productLine })).toMatchObject({ leads: 600 });
    const runs = await imports.list();
    expect(runs.map(({ counts }) => counts.created).reduce((sum, created) => sum + created, 0)).toBe(600);
    await lms.close();
  }, 60_000);
});

it('refuses what could not be repeated, a file that became another, and who may not see it', async () => {
  const { makePlace } = await import('../../../test-support/shapes.js');
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
