import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const built = fileURLToPath(new URL('../node_modules/.cache/lms-tests/', import.meta.url));

/** What this process has built; the next one removes it. */
const programs = new Map<string, Promise<string>>();

/** How a child process ended, and the last message it sent. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly messages: readonly unknown[];
  readonly stderr: string;
}

export interface ChildOptions {
  /** Bytes beyond which the system lets no file of the process grow, in steps of 512; like a disk that is full. */
  readonly largestFileBytes?: number;
}

/** Runs a TypeScript file beside this one as a process of its own, with one JSON argument, until it ends. */
export async function runChild(file: string, argument: unknown, options: ChildOptions = {}): Promise<ChildEnd> {
  const outfile = await builtChild(file);
  const child = fork(outfile, [JSON.stringify(argument)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(options.largestFileBytes === undefined ? {} : withinFileSize(options.largestFileBytes)),
  });
  const messages: unknown[] = [];
  let stderr = '';
  child.on('message', (message) => messages.push(message));
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data.toString('utf8');
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return { code, signal, messages, stderr };
}

/** Starts the process through a shell that sets the limit, which the process itself cannot. */
function withinFileSize(bytes: number): { execPath: string; execArgv: string[] } {
  const set = `ulimit -f ${Math.floor(bytes / 512)}; exec "$@"`;
  return { execPath: '/bin/sh', execArgv: ['-c', set, 'sh', process.execPath] };
}

/** A process that goes on until it is told to end, and answers questions meanwhile. */
export interface RunningChild<Question, Answer> {
  /** Rejects when the process ends without an answer. */
  ask(question: Question): Promise<Answer>;
  /** Ends it as a machine that fails does. */
  kill(): Promise<ChildEnd>;
  /** Lets go of the channel, and waits for the end. */
  end(): Promise<ChildEnd>;
}

/** Starts a TypeScript file beside this one as a process of its own, and waits until it has sent its first message. */
export async function startChild<Question extends object, Answer>(
  file: string,
  argument: unknown,
): Promise<RunningChild<Question, Answer>> {
  const outfile = await builtChild(file);
  const child = fork(outfile, [JSON.stringify(argument)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data.toString('utf8');
  });
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const message = (): Promise<Answer> =>
    new Promise((resolve, reject) => {
      child.once('message', (answer) => resolve(answer as Answer));
      exit.then(([code, signal]) => reject(new Error(`the process ended with ${signal ?? code}: ${stderr}`)), reject);
    });
  await message();
  const ended = async (): Promise<ChildEnd> => {
    const [code, signal] = await exit;
    return { code, signal, messages: [], stderr };
  };
  return {
    kill() {
      child.kill('SIGKILL');
      return ended();
    },
    ask(question) {
      const answer = message();
      child.send(question);
      return answer;
    },
    async end() {
      if (child.connected) child.disconnect();
      return ended();
    },
  };
}

/** The program of a file, built once for all children of this process. */
function builtChild(file: string): Promise<string> {
  const program = programs.get(file) ?? buildChild(file);
  programs.set(file, program);
  return program;
}

async function buildChild(file: string): Promise<string> {
  await mkdir(built, { recursive: true });
  await removeLeftovers();
  // A file for each process: another one may be writing its own while this one's child loads.
  const outfile = join(built, `${basename(file, '.ts')}-${process.pid}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
  });
  return outfile;
}

/** Test processes are ended by a signal, so that they cannot remove what they built. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(built)) {
    const maker = /-(\d+)(?:-\d+)?\.mjs$/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker))) await rm(join(built, name), { force: true });
  }
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}
