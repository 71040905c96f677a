import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadPlugins } from './load-plugins.js';

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
