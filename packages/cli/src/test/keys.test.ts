import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';
import { applicant } from './stores.js';

let folder: LmsFolder;

async function setKey(key: unknown): Promise<void> {
  const file = folder.file('lms.config.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), key }));
}

describe('the master key', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await LmsFolder.make();
    await folder.lms(['init', '--yes', '--template', 'personal-loan']);
    expect(await folder.lms(['leads', 'create', '--product', 'personal-loan', ...applicant()])).toMatchObject({
      exitCode: 0,
    });
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('is changed for another as the runbook says, and the old one is needed no more', async () => {
    expect((await folder.lms(['keys', 'status'])).stdout).toContain('only the first wraps anything');
    expect(await folder.lms(['keys', 'rotate'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^0 keys were wrapped/),
      stderr: expect.stringContaining('To change it for another'),
    });
    const made = await folder.lms(['keys', 'new', 'new.key']);
    expect(made).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Made master key [0-9a-f]{16} in new.key/),
    });
    expect(await folder.lms(['keys', 'new', 'new.key'])).toMatchObject({ exitCode: 2 });
    const [id = ''] = /[0-9a-f]{16}/.exec(made.stdout) ?? [];

    await setKey([{ file: 'new.key' }, { file: 'lms.key' }]);
    expect((await folder.lms(['keys', 'status'])).stdout).toContain('another key than the first is still needed');
    expect(await folder.lms(['keys', 'rotate', '--dry-run'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^3 keys would be wrapped/),
    });
    const rotated = JSON.parse((await folder.lms(['keys', 'rotate', '--json'])).stdout);
    expect(rotated).toMatchObject({ masterKeyId: id, rewrapped: 3, rotated: true });
    await setKey({ file: 'new.key' });
    expect((await folder.lms(['leads', 'find', '9820012345'])).stdout).toContain('LEAD-');

    const lookup = JSON.parse((await folder.lms(['keys', 'status', '--json'])).stdout).lookup;
    expect(lookup).toEqual({ generation: 1, phase: 'settled', rowsLeft: null });
    expect(await folder.lms(['keys', 'rotate', '--lookup', '--dry-run'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Would be rehashed: [1-3] unique values, 1 leads, 0 consents, 0 contact blocks/),
    });
    expect(await folder.lms(['keys', 'rotate', '--lookup'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Look-up key 2: in force'),
    });
    expect((await folder.lms(['leads', 'find', '9820012345'])).stdout).toContain('LEAD-');

    await setKey({ file: 'lms.key' });
    expect(await folder.lms(['leads', 'list', '--product', 'personal-loan'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(id),
    });
  });
});
