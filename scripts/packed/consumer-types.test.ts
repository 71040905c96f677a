import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { callTool } from '../run-tool.ts';
import { inWorkspace, workspaceTool } from '../workspace.ts';
import { entryPoints } from './entry-points.ts';
import { packedProject } from './packed-project.ts';

let project: string;
beforeAll(async () => {
  project = await packedProject('core');
}, 300_000);

/** Compiles a program that imports the entry points, declaration files checked too, and gives the compiler's complaints. */
async function compile(specifiers: readonly string[], options: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = mkdtempSync(join(project, 'consumer-'));
  try {
    const imports = specifiers.map((specifier, index) => `export * as entry${index} from '${specifier}';`);
    writeFileSync(join(folder, 'consumer.ts'), imports.join('\n'));
    const compilerOptions = { strict: true, skipLibCheck: false, noEmit: true, target: 'es2023', ...options };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    return (await callTool({ program: workspaceTool('tsc'), args: ['--project', '.'], folder })).output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const onNode = { module: 'nodenext', types: ['node'], typeRoots: [inWorkspace('node_modules', '@types')] };

test.each([
  { name: 'the strictest settings', options: { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true } },
  { name: 'a bundler and loose settings', options: { module: 'esnext', moduleResolution: 'bundler', strict: false } },
])(
  'the types compile for a user with $name and without a driver installed',
  async ({ options }) => {
    const specifiers = entryPoints().map(({ specifier }) => specifier);
    expect(await compile(specifiers, { ...onNode, ...options })).toBe('');
  },
  60_000,
);

test('the types of what is for browsers compile without those of Node.js', async () => {
  const specifiers = entryPoints().flatMap(({ specifier, isForBrowsers }) => (isForBrowsers ? [specifier] : []));
  const options = { module: 'esnext', moduleResolution: 'bundler', lib: ['es2023', 'dom'], types: [] };
  expect(await compile(specifiers, options)).toBe('');
}, 60_000);

test('a path that is not an entry point does not compile', async () => {
  expect(await compile(['@lms/core/crm/leads'], onNode)).toMatch(/TS2307/);
});
