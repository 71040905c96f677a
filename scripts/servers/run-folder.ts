import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { serverCacheFolder } from '../workspace.ts';
import { commandLineOf, isProcessAlive } from './processes.ts';

/** Where runs have their folders: the names of those begin with the prefix. */
interface RunsPlace {
  readonly folder: string;
  readonly prefix: string;
}

const onDisk = (): RunsPlace => ({ folder: join(serverCacheFolder(), 'runs'), prefix: 'run-' });
const inMemory: RunsPlace = { folder: '/dev/shm', prefix: `lms-servers-${process.getuid?.() ?? 0}-` };

/** The servers take 1 GB when they start, and tests remove their databases. */
const ROOM_IN_MEMORY = 4 * 2 ** 30;
/** What the files of tests may take beside them: they remove theirs, too. */
const ROOM_FOR_TESTS = 3 * 2 ** 30;

const KEEPER_FILE = 'keeper.pid';
/** A run folder without its keeper's id is one being made, unless it is older than this. */
const UNNAMED_MILLISECONDS = 60_000;

/**
 * A folder of its own for the servers of this process, marked with its id so that others know when it is left over.
 *
 * @param wantsMemory whether it is better in the machine's memory: there a table is made five times as fast, and killing a server
 *   loses no more than on a disk. It is on the disk where there is no such place, or too little room.
 */
export function createRunFolder(wantsMemory: boolean): string {
  const place = wantsMemory && hasRoomInMemory(ROOM_IN_MEMORY) ? inMemory : onDisk();
  mkdirSync(place.folder, { recursive: true });
  const folder = mkdtempSync(join(place.folder, place.prefix));
  writeFileSync(join(folder, KEEPER_FILE), String(process.pid));
  return folder;
}

/**
 * A folder for the temporary files of tests, which goes with the run folder it is in: in memory no commit of an embedded store waits for
 * a disk, some 2 ms each. Null where the run folder is on a disk, memory has no room for both, or no program may be started there.
 */
export function createTestsFolder(runFolder: string): string | null {
  if (!runFolder.startsWith(inMemory.folder) || !hasRoomInMemory(ROOM_IN_MEMORY + ROOM_FOR_TESTS)) return null;
  const folder = join(runFolder, 'tests');
  mkdirSync(folder);
  // Some tests run as another user, who must get there.
  chmodSync(runFolder, 0o711);
  return runsPrograms(folder) ? folder : null;
}

/** Tests start programs that they have written; some machines forbid that in memory. */
function runsPrograms(folder: string): boolean {
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}

function hasRoomInMemory(room: number): boolean {
  if (!existsSync(inMemory.folder)) return false;
  const { bavail, bsize } = statfsSync(inMemory.folder);
  return bavail * bsize >= room && process.availableMemory() >= 2 * room;
}

/** The folders of all runs of this user, on the disk and in memory. */
export function runFolders(): readonly string[] {
  return [onDisk(), inMemory]
    .filter(({ folder }) => existsSync(folder))
    .flatMap(({ folder, prefix }) =>
      readdirSync(folder).flatMap((name) => (name.startsWith(prefix) ? [join(folder, name)] : [])),
    );
}

/** Stops the servers of runs whose keeper is dead, and removes their files. */
export function removeLeftoverRuns(): void {
  for (const folder of runFolders().filter(isLeftOver)) removeRun(folder);
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
