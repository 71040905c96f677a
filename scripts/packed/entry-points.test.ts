import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { runInNewContext } from 'node:vm';
import { build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTool } from '../run-tool.ts';
import { entryPoints } from './entry-points.ts';
import { isModuleOf, loadedModules } from './loaded-modules.ts';
import { packedProject } from './packed-project.ts';

let project: string;
beforeAll(async () => {
  project = await packedProject('core');
}, 300_000);

/** Bundles a module of the project as a web page would, or as a server would. */
async function bundle(
  folder: string,
  specifier: string,
  platform: 'browser' | 'node',
): Promise<{ text: string; imports: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from '${specifier}';`, resolveDir: folder },
    bundle: true,
    format: platform === 'browser' ? 'iife' : 'esm',
    globalName: 'bundle',
    platform,
    // undici names node:sqlite itself, for a cache that nothing here makes.
    external:
      platform === 'node' ? ['mongodb', 'mysql2', 'mysql2/*', 'bullmq', 'ioredis', '@opentelemetry/api', 'undici'] : [],
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return { text: outputFiles[0]?.text ?? '', imports: importsOf(metafile) };
}

const importsOf = ({ outputs }: Metafile): readonly string[] =>
  Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path));

test('the project has no driver that could be loaded by chance', () => {
  for (const driver of ['mongodb', 'mysql2', 'bullmq', 'ioredis'])
    expect(existsSync(join(project, 'node_modules', driver))).toBe(false);
});

describe.each(entryPoints())('$specifier', ({ specifier, forbidden }) => {
  test('loads as packed and loads no driver but its own', async () => {
    const { resolved, exported } = await loadedModules(project, specifier);
    expect(exported).not.toEqual([]);
    for (const driver of forbidden) expect(resolved.filter((url) => isModuleOf(driver, url))).toEqual([]);
  });

  test('draws no driver but its own into a bundle, not even by an import made later', async () => {
    const { imports } = await bundle(project, specifier, 'node');
    for (const driver of forbidden) expect(imports.filter((path) => isModuleOf(driver, path))).toEqual([]);
  });
});

test.each([
  ['@lms/core/jobs/bullmq', 'jobs: { wakeup: bullmqWakeup({ url }) }', 'bullmq'],
  ['@lms/core/cache/redis', 'invalidations: redisInvalidations({ url })', 'ioredis'],
])('%s names the package that is missing when a store with it is opened', async (specifier, option, missing) => {
  const name = /\w+(?=\(\{ url)/.exec(option)?.[0];
  // The workspace, in which the project lies, has the package.
  const program = `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve(wanted, context, next) {
        if (wanted !== '${missing}') return next(wanted, context);
        throw Object.assign(new Error('it is not there'), { code: 'ERR_MODULE_NOT_FOUND' });
      },
    });
    const { createLms } = await import('@lms/core');
    const { sqlite } = await import('@lms/core/storage/sqlite');
    const { ${name} } = await import('${specifier}');
    const url = 'redis://127.0.0.1:9';
    const lms = await createLms({ storage: sqlite({ file: 'never-made.db' }), ${option} });
    const { code, message } = await lms.ready().catch((error) => error);
    console.log(JSON.stringify({ code, message }));
  `;
  const args = ['--no-warnings', '--input-type=module', '--eval', program];
  expect(JSON.parse(await runTool({ program: process.execPath, args, folder: project }))).toEqual({
    code: 'DRIVER_MISSING',
    message: `the package "${missing}" is not installed; run: npm install ${missing}`,
  });
  expect(existsSync(join(project, 'never-made.db'))).toBe(false);
});

describe.each(entryPoints().filter(({ isForBrowsers }) => isForBrowsers))(
  '$specifier in a browser',
  ({ specifier }) => {
    test('bundles, and starts without anything of Node.js', async () => {
      const { text, imports } = await bundle(project, specifier, 'browser');
      expect(imports).toEqual([]);
      const page = { TextEncoder, TextDecoder, URL, crypto, structuredClone, setTimeout, clearTimeout };
      const exported: readonly string[] = runInNewContext(`${text}; Object.keys(bundle)`, page);
      expect(exported).not.toHaveLength(0);
    });
  },
);

describe('these tests can fail', () => {
  let planted: string;
  beforeAll(() => {
    planted = mkdtempSync(join(tmpdir(), 'lms-planted-'));
    const driver = join(planted, 'node_modules', 'mysql2');
    mkdirSync(driver, { recursive: true });
    writeFileSync(join(driver, 'package.json'), '{ "name": "mysql2", "main": "index.js" }');
    writeFileSync(join(driver, 'index.js'), 'module.exports = {};');
    writeFileSync(join(planted, 'later.mjs'), "export const open = () => import('mysql2');");
    writeFileSync(join(planted, 'now.mjs'), "import 'mysql2'; import 'node:sqlite'; export const loaded = true;");
  });
  afterAll(() => rmSync(planted, { recursive: true }));

  test('a driver that is loaded is seen', async () => {
    const { resolved } = await loadedModules(planted, join(planted, 'now.mjs'));
    for (const driver of ['mysql2', 'node:sqlite']) expect(resolved.some((url) => isModuleOf(driver, url))).toBe(true);
  });

  test('a driver that would be loaded later is seen in the bundle', async () => {
    const { imports } = await bundle(planted, './later.mjs', 'node');
    expect(imports.some((path) => isModuleOf('mysql2', path))).toBe(true);
  });

  test('a module of Node.js makes the bundle for a browser fail', async () => {
    await expect(bundle(planted, './now.mjs', 'browser')).rejects.toThrow(/node:sqlite/);
  });
});
