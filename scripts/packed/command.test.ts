import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callTool, type ToolResult } from '../run-tool.ts';
import { inWorkspace, versionOfPackage } from '../workspace.ts';
import { packedProject } from './packed-project.ts';

/** The exit code of an import that refused some rows; the sample file has a few on purpose. */
const DONE_WITH_REJECTS = 4;

/** Prints the URL of each module as it is loaded. */
const TELL_LOADED = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { console.error(url); return next(url, context); } });`;

/** The comment that the build puts before the code of a library, and of the core. */
const LIBRARY = /^\/\/ .*node_modules\/(?:@[^/]+\/)?[^/]+\/|^\/\/ \.\.\/core\//gm;

const olderNode = (major: number): string =>
  inWorkspace('scripts', 'nodes', `node-${major}`, 'node_modules', '.bin', 'node');

let command: string;
let folder: string;
beforeAll(async () => {
  command = join(await packedProject('cli'), 'node_modules', '@lms', 'cli', 'dist', 'bin.js');
}, 300_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lms-command-'));
  return () => rmSync(folder, { recursive: true });
});

const environment = { MONGO_URL: undefined, MYSQL_URL: undefined, NODE_OPTIONS: undefined };
const lms = (program: string, ...args: readonly string[]): Promise<ToolResult> =>
  callTool({ program, args: [command, ...args], folder, environment });

describe.each([
  { node: 'the Node.js of this workspace', program: process.execPath, version: process.version },
  { node: 'the oldest Node.js that is supported', program: olderNode(22), version: 'v22.19.0' },
])('the packed command on $node', ({ program, version }) => {
  test('is really run by that version', async () => {
    expect((await callTool({ program, args: ['--version'] })).output.trim()).toBe(version);
  });

  test('prints its version', async () => {
    expect(await lms(program, '--version')).toEqual({ code: 0, output: `${versionOfPackage('cli')}\n`, problems: '' });
  });

  test('reads neither the core nor a library but commander for its help', async () => {
    const { code, problems } = await callTool({
      program,
      args: ['--import', `data:text/javascript,${encodeURIComponent(TELL_LOADED)}`, command, 'leads', 'list', '--help'],
      folder,
      environment,
    });
    expect(code).toBe(0);
    const files = problems.split('\n').filter((url) => url.startsWith('file:'));
    const libraries = files.flatMap((url) => readFileSync(new URL(url), 'utf8').match(LIBRARY) ?? []);
    expect(new Set(libraries.map((found) => found.split('/').at(-2)))).toEqual(new Set(['commander', 'picocolors']));
  });

  test('has the program of the thread that reads files beside it: without it, an import is slower and says nothing of it', () => {
    expect(existsSync(join(dirname(command), 'row-thread.js'))).toBe(true);
  });

  test('takes leads from a file into a store of its own, and says nothing on the error output', async () => {
    const line = inWorkspace('examples', 'product-lines', 'personal-loan.yaml');
    expect(await lms(program, 'init', '--quiet')).toMatchObject({ code: 0, problems: '' });
    expect(await lms(program, 'schema', 'publish', line, '--quiet')).toMatchObject({ code: 0, problems: '' });
    const file = inWorkspace('examples', 'data', 'leads.csv');
    const imported = await lms(program, 'import', file, '--product', 'personal-loan', '--rejects', 'no.csv', '--quiet');
    expect(imported).toMatchObject({ code: DONE_WITH_REJECTS, problems: '' });
    const listed = await lms(program, 'leads', 'list', '--limit', '7', '--json');
    expect(listed).toMatchObject({ code: 0, problems: '' });
    expect(JSON.parse(listed.output).items).toHaveLength(7);
  });
});

describe('the packed command on a Node.js that is too old', () => {
  test('says in one line which one it needs, and fails', async () => {
    const { code, output, problems } = await lms(olderNode(20), 'leads', 'list');
    expect(code).not.toBe(0);
    expect(output).toBe('');
    expect(problems).toMatch(/^lms needs Node\.js 22\.19 or newer; this is v20\.19\.5 [^\n]*\n$/);
  });
});
