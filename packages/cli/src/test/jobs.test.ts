import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { fileStore, withPersonalLoan } from './stores.js';

let folder: LmsFolder;

const heading = 'Customer Name,Mobile No.,DOB,Loan Amt,Employment Type,Monthly Income';
const row = (who: string): string => `${who},15/08/1990,5 lakh,Salaried,"75,000"`;

async function json(words: readonly string[]): Promise<Record<string, unknown> & { readonly exitCode: number | null }> {
  const { exitCode, stdout } = await folder.lms([...words, '--json']);
  return { ...JSON.parse(stdout), exitCode };
}

describe('jobs', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await withPersonalLoan(fileStore);
    await writeFile(
      folder.file('leads.csv'),
      [heading, row('Asha Rao,98200 00001'), row('Meera Nair,12345')].join('\n'),
    );
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('a detached import is done by lms work, watched from elsewhere, and SIGTERM ends the worker well', async () => {
    const words = ['import', 'leads.csv', '--product', 'personal-loan', '--detach'];
    const told = await folder.lms(words);
    expect(told).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('lms imports watch ') });
    const { id, status } = await json(words);
    expect(status).toBe('waiting');
    expect((await json(['leads', 'list']))['items']).toEqual([]);

    let worker: ChildProcess | undefined;
    const working = folder.lms(['work', '--json'], {
      started: (child) => {
        worker = child;
      },
    });
    const watched = await json(['imports', 'watch', String(id)]);
    expect(watched).toMatchObject({
      exitCode: 4,
      status: 'done',
      result: { counts: { rows: 2, created: 1, rejected: 1 }, status: 'completed_with_rejects' },
    });
    expect(await readFile(folder.file('leads.rejects.csv'), 'utf8')).toContain('Meera Nair');
    worker?.kill('SIGTERM');
    const ended = await working;
    expect({ exitCode: ended.exitCode, report: JSON.parse(ended.stdout) }).toMatchObject({
      exitCode: 0,
      report: { running: 0, done: 1, failed: 0, lastError: null },
    });
    expect((await folder.lms(['jobs', 'show', String(id)])).stdout).toMatch(/Status +done\n/);
  });

  it('are listed, cancelled and tried again; doctor tells of dead ones', async () => {
    await writeFile(folder.file('gone.csv'), [heading, row('Ravi Kumar,98200 00002')].join('\n'));
    const words = ['import', 'gone.csv', '--product', 'personal-loan', '--detach'];
    const refused = await folder.lms(['import', 'gone.csv', '--product', 'personal-loan', '--detach', '--again']);
    expect(refused.exitCode).toBe(2);
    const first = await json(words);
    expect(first.exitCode).toBe(0);
    const id = String(first['id']);
    expect((await folder.lms(['imports', 'cancel', id])).stdout).toContain('is cancelled');
    expect((await folder.lms(['imports', 'cancel', 'none'])).exitCode).toBe(3);
    expect((await folder.lms(['jobs', 'cancel', 'none'])).exitCode).toBe(3);
    expect((await folder.lms(['jobs', 'retry', id])).exitCode).toBe(0);
    await writeFile(folder.file('gone.csv'), 'Customer Name\nSomebody else');
    const { stdout, stderr } = await folder.lms(['tick', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ jobs: 0, failedJobs: 1 });
    expect(stderr).toContain(`A try of import.run ${id} failed: IMPORT_`);
    const dead = await json(['jobs', 'list', '--status', 'dead']);
    expect(dead['items']).toMatchObject([{ id, lastError: expect.stringMatching(/^IMPORT_/) }]);
    expect((await folder.lms(['imports', 'watch', id])).exitCode).toBe(3);
    expect(await folder.lms(['doctor'])).toMatchObject({
      exitCode: 7,
      stdout: expect.stringMatching(/jobs: .*1 dead/),
    });
    expect((await folder.lms(['jobs', 'cancel', id])).stdout).toContain('is cancelled');
    expect((await folder.lms(['doctor'])).stdout).not.toContain('1 dead');
    expect((await folder.lms(['jobs', 'list', '--status', 'lost'])).exitCode).toBe(2);
  });
});
