import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { callTool, type ToolResult } from '../run-tool.ts';
import { inWorkspace } from '../workspace.ts';
import { typeProblemsOf } from './page-types.ts';

/** What pages use of a reader's own. */
const librariesOfPages = ['pino'];

/** A folder in which the examples of one page run as a reader would run them: with `lms` on the path, and the built packages. */
export class PageFolder implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), 'lms-page-'));
  readonly #environment: NodeJS.ProcessEnv;

  /** @param servers the addresses of databases that belong to this page */
  constructor(servers: NodeJS.ProcessEnv = {}) {
    this.write('package.json', '{ "type": "module", "private": true }');
    mkdirSync(join(this.path, 'node_modules', '@lms'), { recursive: true });
    for (const name of ['core', 'cli'])
      symlinkSync(inWorkspace('packages', name), join(this.path, 'node_modules', '@lms', name), 'dir');
    for (const name of librariesOfPages)
      symlinkSync(inWorkspace('node_modules', name), join(this.path, 'node_modules', name), 'dir');
    symlinkSync(inWorkspace('examples'), join(this.path, 'examples'), 'dir');
    const command = inWorkspace('packages', 'cli', 'dist', 'bin.js');
    this.write('bin/lms', `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`);
    chmodSync(join(this.path, 'bin', 'lms'), 0o755);
    const others = Object.keys(process.env).filter((name) => name.startsWith('LMS_'));
    this.#environment = {
      ...Object.fromEntries(others.map((name) => [name, undefined])),
      MONGO_URL: undefined,
      MYSQL_URL: undefined,
      ...servers,
      HOME: this.path,
      XDG_CONFIG_HOME: join(this.path, '.config'),
      // The home folder is new: without this, each page would compile the command again.
      NODE_COMPILE_CACHE: join(tmpdir(), 'lms-page-compile-cache'),
      PATH: `${join(this.path, 'bin')}:${process.env['PATH']}`,
    };
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
  }

  /** Runs a script of shell commands. */
  shell(script: string): Promise<ToolResult> {
    return this.#call('bash', ['-c', script]);
  }

  /** Runs a TypeScript file of the folder, after the compiler found nothing wrong with it. */
  async program(name: string): Promise<ToolResult> {
    const problems = typeProblemsOf(join(this.path, name));
    return problems === '' ? this.#call(process.execPath, [name]) : { code: 1, output: '', problems };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #call(program: string, args: readonly string[]): Promise<ToolResult> {
    return callTool({ program, args, folder: this.path, environment: this.#environment });
  }
}
