import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadPlugins, requireTrusted } from './load-plugins.js';

const plugin = "export default { name: 'cautious' };";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-plugins-'));
  await writeFile(join(folder, 'cautious.mjs'), plugin);
  await writeFile(join(folder, 'broken.mjs'), 'export default {');
  await writeFile(join(folder, 'none.mjs'), 'export const plugin = {};');
  await writeFile(join(folder, 'open.mjs'), plugin);
  await chmod(join(folder, 'open.mjs'), 0o666);
});
afterAll(() => rm(folder, { recursive: true }));

it('gives the plugins of the modules, in their order', async () => {
  expect(await loadPlugins([], folder)).toEqual([]);
  const file = join(folder, 'cautious.mjs');
  expect(await loadPlugins(['./cautious.mjs', file], '/somewhere/else').catch(String)).toContain('cannot be read');
  expect(await loadPlugins(['./cautious.mjs', file], folder)).toEqual([{ name: 'cautious' }, { name: 'cautious' }]);
});

it.each([
  ['gone.mjs', 'gone.mjs cannot be read'],
  ['broken.mjs', 'broken.mjs cannot be loaded'],
  ['none.mjs', 'none.mjs has no plugin as its default export'],
  ['open.mjs', 'everybody may write it: chmod o-w'],
])('refuses %s by name', async (file, message) => {
  await expect(loadPlugins(['cautious.mjs', file], folder)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    path: 'plugins.1',
    message: expect.stringContaining(message),
  });
});

describe('a configuration that names plugins', () => {
  const plugins = ['cautious.mjs'];
  let file: string;
  beforeAll(async () => {
    file = join(folder, 'lms.config.json');
    await writeFile(file, '{}');
  });

  it("is trusted where it is this user's own and nobody else may write it", async () => {
    await chmod(file, 0o644);
    await requireTrusted({ plugins }, { file, isNamed: false });
    await chmod(file, 0o666);
    await expect(requireTrusted({ plugins }, { file, isNamed: true })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('everybody may write it'),
    });
    await requireTrusted({ plugins: [] }, { file, isNamed: false });
    await chmod(file, 0o644);
  });

  it('of another user must be named', async () => {
    const { uid, gid } = await stat(file);
    const other = uid === 0 ? { owner: 65_534, me: uid } : { owner: uid, me: 65_534 };
    if (uid === 0) await chown(file, other.owner, gid);
    const getuid = vi.spyOn(process, 'getuid').mockReturnValue(other.me);
    try {
      await requireTrusted({ plugins }, { file, isNamed: true });
      await expect(requireTrusted({ plugins }, { file, isNamed: false })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        path: 'plugins',
        message: expect.stringContaining('name it with --config or LMS_CONFIG'),
      });
    } finally {
      getuid.mockRestore();
    }
  });
});
