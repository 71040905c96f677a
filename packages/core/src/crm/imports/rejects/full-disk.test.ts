import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runChild } from '../../../../test-support/child.js';
import type { RejectPlan } from '../../../../test-support/reject-child.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-full-'));
});
afterEach(() => rm(folder, { recursive: true }));

const written: readonly RejectPlan['form'][] = [
  { format: 'csv', delimiter: ',', encoding: 'utf-8' },
  { format: 'ndjson', encoding: 'utf-8' },
  { format: 'xlsx' },
  'texts',
];

describe.skipIf(process.platform === 'win32').each(written)('a disk that is full while %j is written', (form) => {
  it('is told as such, and nothing is left', async () => {
    const plan: RejectPlan = { file: join(folder, 'out'), form };
    const end = await runChild('./reject-child.ts', plan, { largestFileBytes: 256 * 1024 });
    expect(end).toMatchObject({
      code: 0,
      messages: [{ code: 'DISK_FULL', message: expect.stringMatching(/so large/) }],
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('with room enough is none', async () => {
    const end = await runChild('./reject-child.ts', { file: join(folder, 'out'), form } satisfies RejectPlan);
    expect(end).toMatchObject({ code: 0, messages: [{ code: null }] });
  });
});
