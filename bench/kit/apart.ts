import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** What a subject found, and the most memory its process held. */
export interface Apart<Found> {
  readonly found: Found;
  readonly peakMegabytes: number;
}

/** Runs bench/subjects/`name`.ts in a process of its own, so that its peak memory and its compiled code are its own. */
export function runApart<Settings, Found>(name: string, settings: Settings): Apart<Found> {
  const file = fileURLToPath(new URL(`../subjects/${name}.ts`, import.meta.url));
  const { status, stdout, error } = spawnSync(process.execPath, [file, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`the subject ${name} ended with ${status}`);
  const result: Apart<Found> = JSON.parse(stdout);
  return result;
}

/** The other end: a subject's whole program. */
export async function beSubject<Settings, Found>(work: (settings: Settings) => Promise<Found>): Promise<void> {
  const settings: Settings = JSON.parse(process.argv[2] ?? '{}');
  const found = await work(settings);
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ found, peakMegabytes }));
}
