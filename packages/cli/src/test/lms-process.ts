import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Sees the process while it runs. */
  readonly started?: (child: ChildProcess) => void;
}

/** The built command that LMS_TEST_CLI names; without it the sources, run by the same Node. */
export function lmsCommand(): readonly string[] {
  const built = process.env['LMS_TEST_CLI'];
  if (built !== undefined && built !== '') return [built];
  return [
    '--import',
    new URL('./from-source.ts', import.meta.url).href,
    fileURLToPath(new URL('../bin.ts', import.meta.url)),
  ];
}

/** A folder of its own in which `lms` runs as a child process, with nothing of this machine's settings. */
export class LmsFolder implements AsyncDisposable {
  readonly path: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #cleanUps: (() => Promise<void>)[] = [];

  private constructor(path: string, environment: Readonly<Record<string, string>>) {
    this.path = path;
    this.#environment = environment;
  }

  static async make(environment: Readonly<Record<string, string>> = {}): Promise<LmsFolder> {
    return new LmsFolder(await mkdtemp(join(tmpdir(), 'lms-cli-')), environment);
  }

  /** What a command sees of the environment. */
  get environment(): Readonly<Record<string, string>> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.path,
      XDG_CONFIG_HOME: join(this.path, '.config'),
      NODE_COMPILE_CACHE: join(tmpdir(), 'lms-cli-test-compile-cache'),
      ...this.#environment,
    };
  }

  /** Runs `lms ...words` to its end. */
  lms(words: readonly string[], options: CallOptions = {}): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...lmsCommand(), ...words], {
        cwd: this.path,
        env: { ...this.environment, ...options.environment },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('error', reject);
      child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
      child.stdin.end(options.stdin ?? '');
      options.started?.(child);
    });
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Something to take away with the folder. */
  afterwards(cleanUp: () => Promise<void>): void {
    this.#cleanUps.push(cleanUp);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cleanUp of this.#cleanUps) await cleanUp();
    await rm(this.path, { recursive: true, force: true });
  }
}
