import files, { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, asyncProperty, integer } from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackupPlan } from '../../../test-support/backup-child.js';
import { canonicalRows } from '../../../test-support/canonical-rows.js';
import { runChild } from '../../../test-support/child.js';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore, root, type TestStore } from '../../../test-support/store.js';
import { createLms, type KeySource, type Lms, masterKeyOf } from '../../index.js';
import { sqlite } from '../../storage/sqlite.js';
import { testKey } from '../../testing/index.js';
import { readBackupInfo } from './verify-backup.js';

let folder: string;
let place: StorePlace;
let store: TestStore;
let backup: string;
let leads: readonly string[];
let made = 0;

const otherKey: KeySource = { load: async () => masterKeyOf(new Uint8Array(32).fill(9), 'another key') };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-backup-faults-'));
  place = await makePlace('sqlite');
  store = await newStore(place.handle());
  const created = [];
  for (let count = 0; count < 3; count += 1) created.push(await store.admin.leads.create(loanLead()));
  leads = created.map(({ id }) => id);
  backup = join(folder, 'whole.lmsbackup');
  await store.admin.backups.create({ file: backup });
});

afterAll(async () => {
  await store.lms.close();
  await place.remove();
  await rm(folder, { recursive: true, force: true });
});

/** A folder of its own with a changed copy of the backup and the list beside it. */
async function changed(change: (bytes: Buffer) => Buffer): Promise<string> {
  made += 1;
  const own = join(folder, `changed-${made}`);
  await mkdir(own);
  const file = join(own, 'changed.lmsbackup');
  await writeFile(file, change(await readFile(backup)));
  await copyFile(`${backup}.destroyed`, `${file}.destroyed`);
  return file;
}

/** A store that is not there yet. */
async function emptyStore(key: KeySource = testKey): Promise<{ lms: Lms; file: string }> {
  made += 1;
  const file = join(folder, `copy-${made}.db`);
  return { lms: await createLms({ storage: sqlite({ file }), key }), file };
}

/** A restore of it is refused, and leaves no store. */
async function expectRefused(file: string, code: string, key: KeySource = testKey): Promise<string> {
  const { lms, file: target } = await emptyStore(key);
  const error: unknown = await lms.restore({ file }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code });
  expect(await stat(target).catch(() => null)).toBeNull();
  await lms.close();
  return error instanceof Error ? error.message : '';
}

describe('a backup that is not as it was written', () => {
  test('is refused whichever byte is another, before the store is touched', async () => {
    const size = (await stat(backup)).size;
    const { lms } = await emptyStore();
    await assert(
      asyncProperty(integer({ min: 0, max: size - 1 }), integer({ min: 1, max: 255 }), async (at, bits) => {
        const file = await changed((bytes) => {
          bytes[at] = (bytes[at] ?? 0) ^ bits;
          return bytes;
        });
        const code = expect.stringMatching(/^(BACKUP_INVALID|BACKUP_TOO_NEW)$/);
        await expect(lms.verifyBackup(file)).rejects.toMatchObject({ code });
      }),
      { numRuns: 150, examples: [0, 8, 9, 10, 13, 14, 60, size - 33, size - 32, size - 1].map((at) => [at, 1]) },
    );
    await lms.close();
  });

  test('is refused wherever it is cut short, and told as such', async () => {
    const size = (await stat(backup)).size;
    const { lms } = await emptyStore();
    await assert(
      asyncProperty(integer({ min: 0, max: size - 1 }), async (length) => {
        const file = await changed((bytes) => bytes.subarray(0, length));
        await expect(lms.verifyBackup(file)).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
      }),
      { numRuns: 40, examples: [[0], [8], [14], [size - 1], [size - 32], [size - 33]] },
    );
    await lms.close();
    const cut = await changed((bytes) => bytes.subarray(0, bytes.length - 200));
    expect(await expectRefused(cut, 'BACKUP_INVALID')).toMatch(/cut short, in chunk \d+;/);
    const longer = await changed((bytes) => Buffer.concat([bytes, Buffer.from('x')]));
    await expectRefused(longer, 'BACKUP_INVALID');
  });

  test('shows its damage without a key', async () => {
    const damaged = await changed((bytes) => {
      bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
      return bytes;
    });
    expect((await readBackupInfo(damaged)).sha256).toBeNull();
    expect(await readBackupInfo(backup)).toMatchObject({
      shape: 'sqlite',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('is refused where it is a file of another program, a folder, or nothing', async () => {
    const other = await changed(() => Buffer.from('PK\x03\x04 something else altogether'));
    expect(await expectRefused(other, 'BACKUP_INVALID')).toMatch(/no backup of LMS/);
    await expectRefused(folder, 'BACKUP_INVALID');
    expect(await expectRefused(join(folder, 'nowhere.lmsbackup'), 'BACKUP_INVALID')).toMatch(/there is no such file/);
  });

  test('is refused when it was made under another key', async () => {
    expect(await expectRefused(backup, 'KEY_INVALID', otherKey)).toMatch(/made under the master key/);
  });
});

describe('a backup of another layout', () => {
  test.each([
    { by: 1, code: 'BACKUP_TOO_NEW' },
    { by: -1, code: 'BACKUP_OUTDATED' },
  ])('is refused with $code', async ({ by, code }) => {
    const storage = place.handle();
    const { snapshots } = storage;
    const newer = { ...snapshots, schemaVersion: snapshots.schemaVersion + by };
    const lms = await createLms({ storage: { ...storage, snapshots: newer }, key: testKey });
    const file = join(folder, `layout${by}.lmsbackup`);
    await lms.as(root).backups.create({ file });
    await lms.close();
    await expectRefused(file, code);
  });
});

describe('making a backup', () => {
  test('is for admins', async () => {
    const ravi = await store.user('ravi', ['manager'], ['west']);
    await expect(ravi.backups.create({ file: join(folder, 'no.lmsbackup') })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
  });

  test('refuses a file that is there, a folder that is not, and one that cannot be written', async () => {
    await expect(store.admin.backups.create({ file: backup })).rejects.toMatchObject({ code: 'BACKUP_FILE_EXISTS' });
    const nowhere = join(folder, 'nowhere', 'a.lmsbackup');
    await expect(store.admin.backups.create({ file: nowhere })).rejects.toMatchObject({ code: 'BACKUP_NOT_WRITTEN' });
    await expect(store.admin.backups.create({ file: folder })).rejects.toMatchObject({ code: 'BACKUP_NOT_WRITTEN' });
    if (process.getuid?.() === 0) return;
    const locked = join(folder, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o500);
    await expect(store.admin.backups.create({ file: join(locked, 'a.lmsbackup') })).rejects.toMatchObject({
      code: 'BACKUP_NOT_WRITTEN',
    });
  });

  test('that is stopped leaves nothing behind but the trail', async () => {
    const own = await mkdtemp(join(folder, 'stopped-'));
    const stop = new AbortController();
    const stopped = store.admin.backups.create(
      { file: join(own, 'a.lmsbackup') },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    await expect(stopped).rejects.toMatchObject({ code: 'COMMAND_ABORTED' });
    expect(await readdir(own)).toEqual([]);
    const { rows } = await store.admin.audit.list({ eventType: 'store.backed_up' });
    expect(rows.map(({ changes }) => changes)).toContainEqual({ file: 'a.lmsbackup', status: 'stopped' });
  });

  test('on a disk that is full leaves nothing behind', async () => {
    const servers = await makePlace('mysql');
    const filled = await newStore(servers.handle());
    const outcomes = await filled.admin.leads.createMany(Array.from({ length: 200 }, () => ({ lead: loanLead() })));
    expect(outcomes.every(({ kind }) => kind === 'created')).toBe(true);
    await filled.lms.close();
    const own = await mkdtemp(join(folder, 'full-'));
    const plan: BackupPlan = { address: servers.address, backup: join(own, 'a.lmsbackup') };
    const { messages, stderr } = await runChild('./backup-child.ts', plan, { largestFileBytes: 100 * 1024 });
    expect({ messages, stderr }).toEqual({ messages: ['BACKUP_NOT_WRITTEN'], stderr: '' });
    expect(await readdir(own)).toEqual([]);
    await servers.remove();
  });

  test('that is killed leaves no file that looks like one', async () => {
    const own = await mkdtemp(join(folder, 'killed-'));
    const plan: BackupPlan = { address: place.address, backup: join(own, 'a.lmsbackup'), killAfterRows: 20 };
    expect((await runChild('./backup-child.ts', plan)).signal).toBe('SIGKILL');
    expect((await readdir(own)).filter((name) => !name.startsWith('.'))).toEqual([]);
    const { file, pruned, unreadable } = await store.admin.backups.create({ folder: own, keep: { daily: 1 } });
    expect({ pruned, unreadable }).toEqual({ pruned: [], unreadable: [] });
    expect(await readBackupInfo(file)).toMatchObject({ sha256: expect.any(String) });
  });

  test.each([1, 2])('that replaces another and ends at name %i leaves one that can be restored', async (ending) => {
    const own = await mkdtemp(join(folder, 'replaced-'));
    const file = join(own, 'a.lmsbackup');
    await store.admin.backups.create({ file });
    store.clock.advance('1h');
    const { rename } = files;
    let names = 0;
    try {
      Object.assign(files, {
        rename: async (from: string, to: string) => {
          names += 1;
          if (names >= ending) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
          await rename(from, to);
        },
      });
      syncBuiltinESMExports();
      await expect(store.admin.backups.create({ file, replace: true })).rejects.toMatchObject({
        code: 'BACKUP_NOT_WRITTEN',
      });
    } finally {
      Object.assign(files, { rename });
      syncBuiltinESMExports();
    }
    const { lms } = await emptyStore();
    expect(await lms.restore({ file })).toMatchObject({ destroyedKeyLists: [`${file}.destroyed`] });
    await lms.close();
  });

  test('is told in the trail with who and how much, before it begins and when it is whole', async () => {
    const { rows } = await store.admin.audit.list({ aggregateKind: 'backup' });
    const [ended, began] = rows.slice(-2);
    expect(began).toMatchObject({
      eventType: 'store.backup_started',
      actor: 'user:root',
      changes: { file: 'whole.lmsbackup' },
    });
    expect(ended).toMatchObject({
      eventType: 'store.backed_up',
      changes: { status: 'completed', sha256: expect.any(String) },
    });
  });

  test('of two at once into one file one is made, with its own list, and the other is told as failed', async () => {
    const own = await mkdtemp(join(folder, 'twice-'));
    const file = join(own, 'twice.lmsbackup');
    const ends = await Promise.allSettled([store.admin.backups.create({ file }), store.admin.backups.create({ file })]);
    expect(ends.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'BACKUP_FILE_EXISTS' } },
    ]);
    const [made] = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    const { rows } = await store.admin.audit.list({ eventType: 'store.backed_up' });
    const told = rows.filter(({ changes }) => Object(changes).file === 'twice.lmsbackup');
    expect(told.map(({ changes }) => Object(changes).status).sort()).toEqual(['completed', 'failed']);
    const [list = ''] = (await readFile(`${file}.destroyed`, 'utf8')).split('\n');
    expect(JSON.parse(list)).toMatchObject({ writtenAt: made?.createdAt });
    expect((await readdir(own)).sort()).toEqual(['twice.lmsbackup', 'twice.lmsbackup.destroyed']);
  });

  test('shows no personal value in the file', async () => {
    const text = (await readFile(backup)).toString('latin1');
    expect(text).not.toContain('Asha Rao');
    expect(text).not.toContain('personal-loan');
  });
});

describe('a restore that is killed', () => {
  test.each([1, 40])(
    'after %i rows leaves a store that nobody opens until it is restored again',
    async (killAfterRows) => {
      made += 1;
      const file = join(folder, `killed-${made}.db`);
      const plan: BackupPlan = { address: { shape: 'sqlite', file }, restore: backup, killAfterRows };
      expect((await runChild('./backup-child.ts', plan)).signal).toBe('SIGKILL');
      const storage = sqlite({ file });
      const lms = await createLms({ storage, key: testKey });
      await expect(lms.ready()).rejects.toMatchObject({ code: 'STORE_RESTORING' });
      await lms.restore({ file: backup });
      expect(Object.keys(await canonicalRows(storage))).toContain('leads');
      expect(await lms.as(root).leads.get(leads[0] ?? '')).toMatchObject({ id: leads[0] });
      await lms.close();
    },
  );

  test('before it is opened has told the trail already', async () => {
    made += 1;
    const file = join(folder, `unopened-${made}.db`);
    const storage = sqlite({ file });
    const open = async (): Promise<never> => Promise.reject(new Error('the power went'));
    const cut = await createLms({ storage: { ...storage, open }, key: testKey });
    await expect(cut.restore({ file: backup })).rejects.toThrow('the power went');
    const lms = await createLms({ storage: sqlite({ file }), key: testKey });
    const { rows } = await lms.as(root).audit.list({ eventType: 'store.restored' });
    expect(rows).toMatchObject([{ actor: 'system:restore', changes: { madeOf: 'sqlite', destroyedKeys: 0 } }]);
    await lms.close();
  });

  test('of two at once one at most ends', async () => {
    const one = await emptyStore();
    const two = await createLms({ storage: sqlite({ file: one.file }), key: testKey });
    const ends = await Promise.allSettled([one.lms.restore({ file: backup }), two.restore({ file: backup })]);
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    await Promise.all([one.lms.close(), two.close()]);
  });
});
