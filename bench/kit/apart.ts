import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { smallHeapFlags } from '../../packages/cli/src/small-heap.ts';
import { benchFolder } from './workplace.ts';

/** What a subject found, and the most memory its process held. */
export interface Apart<Found> {
  readonly found: Found;
  readonly peakMegabytes: number;
}

/**
 * Runs bench/subjects/`name`.ts in a process of its own, so that its peak memory and its compiled code are its own.
 * @param heap `small`: as the command keeps it for large work, from the start
 */
export function runApart<Settings, Found>(
  name: string,
  settings: Settings,
  heap: 'small' | 'grows' = 'grows',
): Apart<Found> {
  const program = asJavaScript(name);
  try {
    const { status, stdout, error } = spawnSync(
      process.execPath,
      [...flagsFor(heap), program, JSON.stringify(settings)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      },
    );
    if (error) throw error;
    if (status !== 0) throw new Error(`the subject ${name} ended with ${status}`);
    const result: Apart<Found> = JSON.parse(stdout);
    return result;
  } finally {
    rmSync(program);
  }
}

/** V8 heeds these flags only once Node.js has started. */
function flagsFor(heap: 'small' | 'grows'): readonly string[] {
  if (heap === 'grows') return [];
  const program =
    "import { setFlagsFromString } from 'node:v8';" +
    `for (const flag of ${JSON.stringify(smallHeapFlags)}) setFlagsFromString(flag);`;
  return ['--import', `data:text/javascript,${encodeURIComponent(program)}`];
}

/**
 * The subject as one JavaScript file: what Node.js takes to read TypeScript, some 20 MB, is nothing that users have. It lies
 * as deep below the root as bench/subjects, so that addresses of files relative to its own stay right.
 */
function asJavaScript(name: string): string {
  const outfile = join(benchFolder, `${name}-${process.pid}.mjs`);
  buildSync({
    entryPoints: [fileURLToPath(new URL(`../subjects/${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    packages: 'external',
    external: ['#core', '#core/*'],
    platform: 'node',
    format: 'esm',
  });
  return outfile;
}
