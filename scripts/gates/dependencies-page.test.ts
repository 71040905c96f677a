import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filesOfWorkspace } from '../files-of-workspace.ts';
import { inWorkspace } from '../workspace.ts';

interface Manifest {
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const read = (path: string): Manifest => JSON.parse(readFileSync(inWorkspace(path), 'utf8'));

/** Never imported by what is built; everything else that the command's manifest names is bundled into it. */
const forTestsOnly: ReadonlySet<string> = new Set(['vitest', 'fast-check', 'string-width', 'exceljs']);

const page = readFileSync(inWorkspace('docs/decisions/dependencies.md'), 'utf8');
const rows = page.split('\n').flatMap((line) => {
  const [, name, packages, licence] = line.split('|').map((cell) => cell.trim());
  return name && packages && licence && /^[@a-z]/.test(name) && name !== 'package' ? [{ name, packages, licence }] : [];
});

/** What users install: `name of package` for each dependency and peer of each package, and what the command has inside. */
const installed = filesOfWorkspace('packages/*/package.json').flatMap((file) => {
  const of = file.split('/')[1] ?? '';
  const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = read(file);
  const inside = of === 'cli' ? Object.keys(devDependencies).filter((name) => !forTestsOnly.has(name)) : [];
  return [...Object.keys({ ...dependencies, ...peerDependencies }), ...inside].map((name) => ({ name, of }));
});

test.each(installed)('$name of $of has a row with its reason', ({ name, of }) => {
  expect(rows.find((row) => row.name === name)?.packages).toContain(of);
});

test('no row is left of a dependency that is gone', () => {
  const names = new Set(installed.map(({ name }) => name));
  expect(rows.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
});

test.each(rows)('$name is under $licence', ({ name, packages, licence }) => {
  const folder = packages.startsWith('core') ? 'core' : 'cli';
  expect(read(`packages/${folder}/node_modules/${name}/package.json`).license).toBe(licence);
});
