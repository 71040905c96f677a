import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Unit } from '../../../foundation/persistence/index.js';
import { sqlite } from '../../sqlite.js';
import type { Storage } from '../../storage.js';
import { GroupCommitWriter } from './group-commit-writer.js';
import { inMemory } from './in-memory.js';
import { openLogFile } from './log-sync.js';
import { SqliteConnection } from './sqlite-connection.js';

/** A disk that takes as long as the test wants, and may fail. */
class SlowDisk {
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  begun = 0;
  closed = false;

  sync(): Promise<void> {
    this.begun += 1;
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  finish(): void {
    this.#waiting.shift()?.resolve();
  }

  fail(): void {
    this.#waiting.shift()?.reject(new Error('EIO'));
  }
}

let folder: string;
let storage: Storage;
let disk: SlowDisk;
let writer: GroupCommitWriter;
let connection: SqliteConnection;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-sync-'));
  const file = join(folder, 'lms.db');
  storage = sqlite({ file });
  await storage.open();
  disk = new SlowDisk();
  connection = new SqliteConnection(file, { readOnly: false, busyTimeoutMillis: 1000 });
  writer = new GroupCommitWriter({
    file,
    busyTimeoutMillis: 1000,
    connect: () => Promise.resolve(connection),
    openLog: () => Promise.resolve(disk),
  });
});
afterEach(async () => {
  disk.finish();
  await writer.close();
  connection.close();
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

const claim = (unit: Unit, hash: string): Promise<unknown> =>
  storage.uniqueKeys.claim(unit, [{ scope: '*', rule: 'test', hash, holderId: 'lead' }]);

/** Whether callers were told, as they hear of it. */
function told(...units: readonly Promise<unknown>[]): () => readonly boolean[] {
  const heard = units.map(() => false);
  for (const [at, unit] of units.entries()) {
    unit.then(
      () => {
        heard[at] = true;
      },
      () => undefined,
    );
  }
  return () => [...heard];
}

async function untilSyncs(count: number): Promise<void> {
  while (disk.begun < count) await turn();
  for (let turns = 0; turns < 5; turns += 1) await turn();
}

describe('a commit', () => {
  it('is told when it is on the disk, not before, and those made during a sync share the next', async () => {
    const first = writer.run('documents', (unit) => claim(unit, 'a'));
    const heardFirst = told(first);
    await untilSyncs(1);
    expect(heardFirst()).toEqual([false]);
    const others = ['b', 'c'].map((hash) => writer.run('documents', (unit) => claim(unit, hash)));
    const heardOthers = told(...others);
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(disk.begun).toBe(1);
    disk.finish();
    await first;
    await untilSyncs(2);
    expect(heardOthers()).toEqual([false, false]);
    disk.finish();
    await Promise.all(others);
    expect(disk.begun).toBe(2);
  });

  it('is told at once to who waits for the disk elsewhere', async () => {
    let followed: Promise<void> | undefined;
    await writer.run('documents', (unit) => claim(unit, 'a'), {
      onFollowing: (following) => {
        followed = following;
      },
    });
    const heard = told(followed ?? Promise.resolve());
    await untilSyncs(1);
    expect(heard()).toEqual([false]);
    disk.finish();
    await followed;
  });

  it('that may not be on the disk fails, and so does all that comes after it', async () => {
    const first = writer.run('documents', (unit) => claim(unit, 'a'));
    const outcome = expect(first).rejects.toMatchObject({
      code: 'STORE_UNSYNCED',
      details: { outcome: 'unknown' },
    });
    await untilSyncs(1);
    disk.fail();
    await outcome;
    const second = writer.run('documents', (unit) => claim(unit, 'b'));
    await expect(second).rejects.toMatchObject({ code: 'STORE_UNSYNCED', retryable: false, details: {} });
    await expect(second).rejects.not.toHaveProperty('details.outcome');
    expect(await storage.uniqueKeys.heldBy(null, 'lead')).toHaveLength(1);
  });

  it('is waited for when the store is closed', async () => {
    const unit = writer.run('documents', (open) => claim(open, 'a'));
    await untilSyncs(1);
    const closing = writer.close();
    await turn();
    expect(disk.closed).toBe(false);
    disk.finish();
    await Promise.all([unit, closing]);
    expect(disk.closed).toBe(true);
  });
});

describe('the log of a store', () => {
  it('is the one that SQLite writes, also where the file is named by a link with an old log beside it', async () => {
    const link = join(folder, 'link.db');
    await symlink(join(folder, 'lms.db'), link);
    await writeFile(`${link}-wal`, 'left behind');
    const linked = new SqliteConnection(link, { readOnly: false, busyTimeoutMillis: 1000 });
    const synced: (string | null)[] = [];
    const byLink = new GroupCommitWriter({
      file: link,
      busyTimeoutMillis: 1000,
      connect: () => Promise.resolve(linked),
      openLog: async (file) => {
        synced.push(file);
        return null;
      },
    });
    await byLink.run('documents', (unit) => claim(unit, 'a'));
    expect(synced).toEqual([join(await realpath(folder), 'lms.db')]);
    await byLink.close();
    linked.close();
  });

  it('is none where the store is in memory, or there is no such file', async () => {
    const memory = new SqliteConnection(inMemory, { readOnly: false, busyTimeoutMillis: 1000 });
    expect(await openLogFile(memory.path)).toBeNull();
    memory.close();
    expect(await openLogFile(join(folder, 'none.db'))).toBeNull();
  });
});
