import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { ChildPlan, RunMessage, RunPlan, Unharmed } from './messages.js';

const builtHere = fileURLToPath(new URL('../../node_modules/.cache/lms-tests/', import.meta.url));

/** How a process that carried out an operation ended. */
export interface RunEnd {
  /** Its caller was answered before it ended. */
  readonly acknowledged: boolean;
  /** null when it was cut. */
  readonly unharmed: Unharmed | null;
  /** What went wrong beside the cut that was planned. */
  readonly problem: string | null;
}

/** A process that answers questions one after the other. */
export interface Answering<Question, Answer> {
  ask(question: Question): Promise<Answer>;
  end(): Promise<void>;
}

/** The program of the matrix with all it needs but the drivers, so that a process of it starts in a tenth of a second. */
export class ChildProgram {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async build(): Promise<ChildProgram> {
    await mkdir(builtHere, { recursive: true });
    // In the package, as the drivers are looked for from where the program lies.
    const program = new ChildProgram(await mkdtemp(join(builtHere, 'crash-')));
    await build({
      entryPoints: [fileURLToPath(new URL('./matrix-child.ts', import.meta.url))],
      outdir: program.#folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      minify: true,
      external: ['mongodb', 'mysql2'],
      platform: 'node',
      format: 'esm',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'error',
    });
    return program;
  }

  get #file(): string {
    return join(this.#folder, 'matrix-child.mjs');
  }

  /** Carries out an operation in a process of its own until it is cut, or unharmed. */
  async run(plan: RunPlan): Promise<RunEnd> {
    const { child, errors } = this.#fork(plan);
    let acknowledged = false;
    let unharmed: Unharmed | null = null;
    let failure: string | null = null;
    child.on('message', (message: RunMessage) => {
      if (message.kind === 'acknowledged') acknowledged = true;
      else if (message.kind === 'unharmed') unharmed = message;
      else failure = message.error;
    });
    const [code, signal] = await once(child, 'close');
    const wasCut = signal === 'SIGKILL' && plan.point !== null;
    if (failure === null && !wasCut && unharmed === null) failure = `it ended with ${signal ?? code}: ${errors()}`;
    return { acknowledged, unharmed, problem: failure };
  }

  /** Starts a process that prepares or recovers, and waits until it listens. */
  async start<Question extends object, Answer>(
    plan: Exclude<ChildPlan, RunPlan>,
  ): Promise<Answering<Question, Answer>> {
    const { child, errors } = this.#fork(plan);
    const ended = once(child, 'exit');
    const message = (): Promise<Answer> =>
      new Promise((resolve, reject) => {
        child.once('message', (answer: Answer) => resolve(answer));
        ended.then(
          ([code, signal]) => reject(new Error(`the process ended with ${signal ?? code}: ${errors()}`)),
          reject,
        );
      });
    await message();
    let last: Promise<unknown> = Promise.resolve();
    return {
      ask(question) {
        const asked = last.then(() => {
          const answer = message();
          child.send(question);
          return answer;
        });
        last = asked.catch(() => undefined);
        return asked;
      },
      async end() {
        child.disconnect();
        await ended;
      },
    };
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  #fork(plan: ChildPlan): { readonly child: ChildProcess; errors(): string } {
    const child = fork(this.#file, [JSON.stringify(plan)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...process.env, NODE_COMPILE_CACHE: join(this.#folder, 'compiled') },
    });
    let errors = '';
    child.stderr?.on('data', (data: Buffer) => {
      errors += data.toString('utf8');
    });
    return { child, errors: () => errors };
  }
}
