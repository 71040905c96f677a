import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { packageSources } from '../files-of-workspace.ts';
import { runTool } from '../run-tool.ts';
import { checkAmbientState } from './ambient-state.ts';
import { checkFormatting } from './formatting.ts';
import { checkImportDirections } from './import-directions.ts';
import { checkPackedPackages } from './packed-packages.ts';
import { checkTypes } from './types.ts';
import { checkUnusedCode } from './unused-code.ts';
import { copyWorkspace, type WorkspaceCopy } from './workspace-copy.ts';

// A gate that cannot fail proves nothing: each one gets a copy of the workspace with a violation planted in it, and must name it.

const core = 'packages/core/src/';

/** What the gate complains about; an empty text where it passes. */
const complaintsOf = (gate: Promise<void>): Promise<string> =>
  gate.then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const violations: readonly { rule: string; file: string; imports: string }[] = [
  {
    rule: 'direction-of-foundation-kernel',
    file: `${core}foundation/kernel/planted.ts`,
    imports: '../../crm/leads/index.js',
  },
  { rule: 'direction-of-crm-fields', file: `${core}crm/fields/planted.ts`, imports: '../leads/index.js' },
  { rule: 'direction-of-crm-leads', file: `${core}crm/leads/planted.ts`, imports: '../../storage/planted-engine.js' },
  {
    rule: 'index-only-between-capabilities',
    file: `${core}crm/imports/planted.ts`,
    imports: '../leads/planted-inner.js',
  },
  { rule: 'storage-reads-ports-only', file: `${core}storage/planted.ts`, imports: '../crm/leads/planted-inner.js' },
  { rule: 'storage-runs-no-capability', file: `${core}storage/planted-too.ts`, imports: '../crm/leads/index.js' },
  { rule: 'drivers-in-storage-only', file: `${core}crm/leads/planted-driver.ts`, imports: 'mongodb' },
  { rule: 'drivers-in-storage-only', file: `${core}foundation/jobs/planted.ts`, imports: 'node:sqlite' },
  { rule: 'redis-behind-its-entries', file: `${core}foundation/jobs/planted-redis.ts`, imports: 'ioredis' },
  {
    rule: 'conformance-knows-no-engine',
    file: `${core}conformance/planted.ts`,
    imports: '../storage/planted-engine.js',
  },
  {
    rule: 'packages-meet-at-entry-points',
    file: 'packages/cli/src/planted.ts',
    imports: '../../core/src/crm/leads/index.js',
  },
  { rule: 'resolvable', file: 'packages/cli/src/planted-too.ts', imports: '@lms/core/crm/leads' },
  { rule: 'no-cycle', file: `${core}crm/leads/planted-egg.ts`, imports: './planted-hen.js' },
];

describe('import directions', () => {
  let copy: WorkspaceCopy;
  let complaints: readonly string[];

  beforeAll(async () => {
    copy = copyWorkspace();
    for (const { file, imports } of violations)
      copy.plant(file, `import * as planted from '${imports}';\nexport { planted };\n`);
    copy.plant(`${core}crm/leads/planted-hen.ts`, "export * from './planted-egg.js';\n");
    copy.plant(`${core}crm/leads/planted-inner.ts`, 'export const inner: number = 1;\n');
    copy.plant(`${core}storage/planted-engine.ts`, 'export const engine: number = 1;\n');
    copy.plant(`${core}lms.ts`, `export * from './planted-bridge.js';\n`);
    copy.plant(`${core}planted-bridge.ts`, `export * from './storage/planted-engine.js';\n`);
    const sources = [...packageSources(), `${core}helpers/text.ts`, `${core}crm/leads/missing.ts`];
    complaints = (await complaintsOf(checkImportDirections(copy.root, sources))).split('\n');
  }, 60_000);
  afterAll(() => copy[Symbol.dispose]());

  test.each(violations)('$rule is broken by $file', ({ rule, file }) => {
    expect(complaints.filter((line) => line.startsWith(`${rule}: ${file} `))).not.toEqual([]);
  });

  test('an engine that lms.ts reaches through another file is found', () => {
    expect(complaints.filter((line) => line.startsWith(`face-reaches-no-engine: ${core}lms.ts`))).not.toEqual([]);
  });

  test('a source that the tool did not see is named', () => {
    expect(complaints).toContainEqual(`not-seen: ${core}crm/leads/missing.ts was not read by the tool`);
  });

  test('a file outside the known folders is named', () => {
    expect(complaints).toContainEqual(`unknown-place: ${core}helpers/text.ts is in no folder of core-layout.ts`);
  });
});

describe('types', () => {
  test('a value of the wrong type is found in every project', async () => {
    // The settings without the sources: every file would be checked again in its new place.
    using settings = copyWorkspace((file) => /(^|\/)(tsconfig[\w.]*|package)\.json$/.test(file));
    const planted = [`${core}planted.ts`, 'packages/cli/src/planted.ts', 'scripts/planted.ts', 'bench/planted.ts'];
    for (const file of planted) settings.plant(file, 'export const wrong: number = "text";\n');
    const complaints = await complaintsOf(checkTypes(settings.root));
    for (const file of planted) expect(complaints).toContain(`${file}(1,14): error TS2322`);
  }, 60_000);
});

describe('the other gates', () => {
  let copy: WorkspaceCopy;
  beforeAll(() => {
    copy = copyWorkspace();
    copy.plant(
      `${core}foundation/kernel/planted-ambient.ts`,
      [
        'export const at: number = Date.now();',
        'export const chance: number = Math.random();',
        'export const home: unknown = process.env;',
        'export const today: Date = new Date();',
        'console.log(new Date(0));',
      ].join('\n'),
    );
    copy.plant('packages/cli/src/planted.ts', 'export default   function(){ let x: any; return x }\n');
  });
  afterAll(() => copy[Symbol.dispose]());

  test('formatting and lint: an `any`, a default export and bad spacing are found', async () => {
    const complaints = await complaintsOf(checkFormatting(copy.root));
    expect(complaints).toMatch(/planted\.ts.*noExplicitAny/);
    expect(complaints).toMatch(/planted\.ts.*noDefaultExport/);
    expect(complaints).toMatch(/planted\.ts format/);
  }, 60_000);

  test('unused code: a file and an export that nothing uses are found', async () => {
    const complaints = await complaintsOf(checkUnusedCode(copy.root));
    expect(complaints).toMatch(/packages\/cli\/src\/planted\.ts/);
    expect(complaints).toMatch(/kernel\/planted-ambient\.ts/);
  }, 60_000);

  test('ambient state: each way to read clock, chance, environment and to print is found, other uses are not', async () => {
    const planted = `${core}foundation/kernel/planted-ambient.ts`;
    expect((await complaintsOf(checkAmbientState(copy.root, [planted]))).split('\n')).toEqual([
      `${planted}:1 uses Date.now`,
      `${planted}:2 uses Math.random`,
      `${planted}:3 uses process.env`,
      `${planted}:4 uses new Date()`,
      `${planted}:5 uses console.log`,
    ]);
  });
});

describe('packed packages', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lms-planted-'));
    return () => rmSync(folder, { recursive: true });
  });

  /** Packs a package with these entry points; it has the files a.js, a.d.ts and b.js. */
  const complaintsOfPacked = async (exports: Readonly<Record<string, unknown>>): Promise<string> => {
    const manifest = { name: 'planted', version: '1.0.0', type: 'module', license: 'MIT', files: ['dist'], exports };
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'dist', 'a.js'), 'export const a = 1;\n');
    writeFileSync(join(folder, 'dist', 'a.d.ts'), 'export declare const a: number;\n');
    writeFileSync(join(folder, 'dist', 'b.js'), 'export const b = 1;\n');
    await runTool({ program: 'npm', args: ['pack', '--ignore-scripts'], folder });
    return complaintsOf(checkPackedPackages([{ name: 'core', tarball: join(folder, 'planted-1.0.0.tgz') }]));
  };

  test('an entry point that is as it should be passes', async () => {
    expect(await complaintsOfPacked({ '.': { types: './dist/a.d.ts', default: './dist/a.js' } })).toBe('');
  }, 60_000);

  test('an entry point whose file was not packed is found', async () => {
    expect(await complaintsOfPacked({ '.': './dist/missing.js' })).toMatch(/publint.*missing\.js/s);
  }, 60_000);

  test('an entry point without types is found', async () => {
    const exports = { '.': { types: './dist/a.d.ts', default: './dist/a.js' }, './b': './dist/b.js' };
    expect(await complaintsOfPacked(exports)).toMatch(/attw.*planted\/b/s);
  }, 60_000);
});
