import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const built = fileURLToPath(new URL('../node_modules/.cache/lms-tests/', import.meta.url));

/** How a child process ended, and the last message it sent. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly messages: readonly unknown[];
  readonly stderr: string;
}

/** Runs a TypeScript file beside this one as a process of its own, with one JSON argument, until it ends. */
export async function runChild(file: string, argument: unknown): Promise<ChildEnd> {
  const child = await startChild(file, argument);
  const messages: unknown[] = [];
  let stderr = '';
  child.on('message', (message) => messages.push(message));
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data.toString('utf8');
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return { code, signal, messages, stderr };
}

async function startChild(file: string, argument: unknown): Promise<ChildProcess> {
  await mkdir(built, { recursive: true });
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
  return fork(outfile, [JSON.stringify(argument)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}
