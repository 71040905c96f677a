import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { serverCacheFolder } from '../workspace.ts';
import { commandLineOf, isProcessAlive } from './processes.ts';

const runsFolder = (): string => join(serverCacheFolder(), 'runs');
const KEEPER_FILE = 'keeper.pid';
/** A run folder without its keeper's id is one being made, unless it is older than this. */
const UNNAMED_MILLISECONDS = 60_000;

/** A folder of its own for the servers of this process, marked with its id so that others know when it is left over. */
export function createRunFolder(): string {
  mkdirSync(runsFolder(), { recursive: true });
  const folder = mkdtempSync(join(runsFolder(), 'run-'));
  writeFileSync(join(folder, KEEPER_FILE), String(process.pid));
  return folder;
}

/** Stops the servers of runs whose keeper is dead, and removes their files. */
export function removeLeftoverRuns(): void {
  mkdirSync(runsFolder(), { recursive: true });
  for (const name of readdirSync(runsFolder())) {
    const folder = join(runsFolder(), name);
    if (isLeftOver(folder)) removeRun(folder);
  }
}

function isLeftOver(folder: string): boolean {
  try {
    const keeper = Number(readFileSync(join(folder, KEEPER_FILE), 'utf8'));
    return !(isProcessAlive(keeper) && commandLineOf(keeper).includes('keeper.ts'));
  } catch {
    const made = statSync(folder, { throwIfNoEntry: false });
    return made !== undefined && Date.now() - made.mtimeMs > UNNAMED_MILLISECONDS;
  }
}

/** Kills what runs in the folder and removes it; the data was made for tests, so nothing is asked to save it first. */
export function removeRun(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.endsWith('.pid') && name !== KEEPER_FILE);
  for (const file of files) {
    const pid = Number(readFileSync(join(folder, file), 'utf8'));
    if (isProcessAlive(pid) && commandLineOf(pid).includes(folder)) process.kill(pid, 'SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
