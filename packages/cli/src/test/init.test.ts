import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { userIdOf } from '../actor.js';
import { LmsFolder } from './lms-process.js';
import { storeShapes } from './stores.js';

const me = userIdOf(userInfo().username);

describe.each(storeShapes)('lms init on $name', { timeout: 120_000 }, (shape) => {
  it('makes configuration, key and store, and the operating-system user the first admin', async () => {
    await using folder = await shape.make();
    const { exitCode, stdout, stderr } = await folder.lms(['init', '--name', 'Asha Rao']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/^Store "(dev|prod)" is ready: /);
    expect(stdout).not.toMatch(/:[^/@\s]+@/);
    expect(stderr).toContain(`first admin: ${me}`);
    expect(stderr).toContain('Next: lms schema publish FILE');
    expect((await stat(folder.file('lms.key'))).mode & 0o777).toBe(0o600);
    const configuration = JSON.parse(await readFile(folder.file('lms.config.json'), 'utf8'));
    expect(configuration).toMatchObject({ version: 1, defaultStore: 'dev', key: { file: 'lms.key' } });
    const users = await folder.lms(['users', 'list', '--json']);
    expect(JSON.parse(users.stdout).items).toMatchObject([{ id: me, name: 'Asha Rao', roles: ['admin'] }]);
  });

  it('changes nothing when repeated', async () => {
    await using folder = await shape.make();
    await folder.lms(['init']);
    const before = await Promise.all(['lms.config.json', 'lms.key'].map((name) => readFile(folder.file(name))));
    const again = await folder.lms(['init', '--name', 'Somebody Else']);
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('first admin') });
    const after = await Promise.all(['lms.config.json', 'lms.key'].map((name) => readFile(folder.file(name))));
    expect(after).toEqual(before);
    expect(JSON.parse((await folder.lms(['users', 'list', '--json'])).stdout).items).toHaveLength(1);
  });

  it('never makes a new key for a store that has one', async () => {
    await using folder = await shape.make();
    await folder.lms(['init']);
    await rm(folder.file('lms.key'));
    const { exitCode, stderr } = await folder.lms(['init']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/KEY_MISSING|KEY_INVALID/),
    });
    await expect(stat(folder.file('lms.key'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('who acts', { timeout: 120_000 }, () => {
  it('is --actor, else LMS_ACTOR, also for the first admin', async () => {
    await using folder = await LmsFolder.make();
    await folder.lms(['init', '--actor', 'asha']);
    const own = await folder.lms(['users', 'list']);
    expect(own).toMatchObject({ exitCode: 6, stdout: '', stderr: expect.stringContaining('ACTOR_UNKNOWN') });
    const users = await folder.lms(['users', 'list', '--json'], { environment: { LMS_ACTOR: 'asha' } });
    expect(JSON.parse(users.stdout).items).toMatchObject([{ id: 'asha' }]);
  });
});

describe('configuration', { timeout: 120_000 }, () => {
  it('is needed, and lms says how to make one', async () => {
    await using folder = await LmsFolder.make();
    const { exitCode, stdout, stderr } = await folder.lms(['users', 'list']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/CONFIG_NOT_FOUND[\s\S]*lms init/);
  });

  it('names every wrong place, and never repeats a secret', async () => {
    await using folder = await LmsFolder.make();
    const configuration = { version: 1, defaultStore: 'dev', stores: {}, key: 'aHVudGVyMg' };
    await writeFile(folder.file('lms.config.json'), JSON.stringify(configuration));
    const { exitCode, stderr } = await folder.lms(['users', 'list']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/CONFIG_INVALID[\s\S]*key/);
    expect(stderr).not.toContain('aHVudGVyMg');
  });

  it('names the stores there are, and the variable that a store is read from', async () => {
    await using folder = await LmsFolder.make();
    await folder.lms(['init']);
    const wrong = await folder.lms(['users', 'list', '--store', 'test']);
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('"dev", "prod"') });
    const unset = await folder.lms(['users', 'list', '--store', 'prod']);
    expect(unset).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('MONGO_URL is not set') });
  });
});
