import { readdirSync, truncateSync } from 'node:fs';
import files, { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { newStore, root, type TestStore } from '../../../test-support/store.js';
import { createLms } from '../../index.js';
import { TestClock, testKey } from '../../testing/index.js';
import type { BackupProgress } from './backup-request.js';
import type { KeepBackups } from './retention.js';

let folder: string;
const broken = 'lms-20260101T000000000Z-00000000.lmsbackup';
const places: StorePlace[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-backup-folder-'));
});

afterAll(async () => {
  await Promise.all(places.map((place) => place.remove()));
  await rm(folder, { recursive: true, force: true });
});

async function smallStore(): Promise<TestStore> {
  const place = await makePlace('sqlite');
  places.push(place);
  return newStore(place.handle());
}

test('a folder keeps what is asked for of one store, and leaves everything else', async () => {
  const [ours, theirs] = [await smallStore(), await smallStore()];
  const named = join(folder, 'before-the-upgrade.lmsbackup');
  await ours.admin.backups.create({ file: named });
  const { file: foreign } = await theirs.admin.backups.create({ folder });
  await writeFile(join(folder, 'notes.txt'), 'ours');
  await writeFile(join(folder, broken), 'not a backup');
  const made: string[] = [];
  for (let day = 0; day < 4; day += 1) {
    const { file, pruned, unreadable } = await ours.admin.backups.create({ folder, keep: { daily: 2 } });
    made.push(file);
    expect(pruned).toEqual(day < 2 ? [] : [made[day - 2]]);
    expect(unreadable).toEqual([join(folder, broken)]);
    ours.clock.advance('24h');
  }
  const left = (await readdir(folder)).map((name) => join(folder, name));
  const kept = [foreign, named, ...made.slice(2)];
  expect(left.sort()).toEqual(
    [...kept, ...kept.map((file) => `${file}.destroyed`), join(folder, 'notes.txt'), join(folder, broken)].sort(),
  );
  await Promise.all([ours.lms.close(), theirs.lms.close()]);
});

test('a clock that ran ahead costs no backup, and a damaged one that is kept takes none with it', async () => {
  const own = await mkdtemp(join(folder, 'clock-'));
  const ours = await smallStore();
  const back = async (keep?: KeepBackups) => ours.admin.backups.create({ folder: own, ...(keep ? { keep } : {}) });
  const first = await back();
  ours.clock.advance('1h');
  const second = await back();
  const storage = places.at(-1)?.handle();
  if (storage === undefined) throw new Error('the store has no place');
  const hasty = await createLms({ storage, key: testKey, clock: new TestClock('2027-01-01T00:00:00.000Z') });
  const ahead = await hasty.as(root).backups.create({ folder: own });
  await hasty.close();
  ours.clock.advance('24h');

  const bytes = await readFile(second.file);
  await writeFile(second.file, bytes.subarray(0, bytes.length - 1));
  const made = await back({ daily: 2 });
  expect(made).toMatchObject({ pruned: [], unreadable: [second.file] });

  await writeFile(second.file, bytes);
  const last = await back({ daily: 1 });
  expect([...last.pruned].sort()).toEqual([first.file, second.file, made.file].sort());
  const left = (await readdir(own)).filter((name) => name.endsWith('.lmsbackup')).map((name) => join(own, name));
  expect(left.sort()).toEqual([ahead.file, last.file].sort());
  await ours.lms.close();
});

test('a list of destroyed keys outlives its backup for as long as an older one is left', async () => {
  const own = await mkdtemp(join(folder, 'lists-'));
  const ours = await smallStore();
  const back = async (keep: KeepBackups) => (await ours.admin.backups.create({ folder: own, keep })).file;
  const old = await back({ daily: 9 });
  for (let day = 0; day < 40; day += 1) ours.clock.advance('24h');
  const pruned = await back({ daily: 9 });
  ours.clock.advance('24h');
  const kept = await back({ daily: 1, monthly: 2 });
  const names = [old, `${old}.destroyed`, `${pruned}.destroyed`, kept, `${kept}.destroyed`];
  expect((await readdir(own)).map((name) => join(own, name)).sort()).toEqual(names.sort());
  ours.clock.advance('24h');
  const last = await back({ daily: 1 });
  expect((await readdir(own)).map((name) => join(own, name)).sort()).toEqual([last, `${last}.destroyed`]);
  await ours.lms.close();
});

test('a backup of a newer release is left, and is not called damaged', async () => {
  const own = await mkdtemp(join(folder, 'newer-'));
  const ours = await smallStore();
  const keep = { daily: 1 };
  const { file } = await ours.admin.backups.create({ folder: own, keep });
  const bytes = await readFile(file);
  // The format stands behind the signature of eight bytes.
  bytes.writeUInt16BE(999, 8);
  await writeFile(file, bytes);
  ours.clock.advance('24h');
  expect(await ours.admin.backups.create({ folder: own, keep })).toMatchObject({
    pruned: [],
    unreadable: [],
    newer: [file],
  });
  expect(await readdir(own)).toContain(basename(file));
  await ours.lms.close();
});

test('what the file system does not let go of is told, and the backup that was made is made', async () => {
  const own = await mkdtemp(join(folder, 'immutable-'));
  const ours = await smallStore();
  const keep = { daily: 1 };
  const { file: fixed } = await ours.admin.backups.create({ folder: own, keep });
  ours.clock.advance('24h');
  const { file: other } = await ours.admin.backups.create({ folder: own });
  ours.clock.advance('24h');
  const { rm: remove, readdir: look } = files;
  const refuse = (): never => {
    throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' });
  };
  try {
    files.rm = async (path, options) => (path === fixed ? refuse() : remove(path, options));
    syncBuiltinESMExports();
    const made = await ours.admin.backups.create({ folder: own, keep });
    expect(made).toMatchObject({ pruned: [other], notRemoved: [fixed], unreadable: [] });
    // The backup that is left needs every list.
    expect((await look(own)).sort()).toEqual(
      [fixed, `${fixed}.destroyed`, `${other}.destroyed`, made.file, `${made.file}.destroyed`]
        .map((each) => basename(each))
        .sort(),
    );
    ours.clock.advance('24h');
    Object.assign(files, { readdir: async () => refuse() });
    syncBuiltinESMExports();
    expect(await ours.admin.backups.create({ folder: own, keep })).toMatchObject({ pruned: [], unreadable: [own] });
  } finally {
    Object.assign(files, { rm: remove, readdir: look });
    syncBuiltinESMExports();
  }
  await ours.lms.close();
});

test('what killed backups left unfinished is removed a day later, and nothing that somebody may still write', async () => {
  const own = await mkdtemp(join(folder, 'leftovers-'));
  const ours = await smallStore();
  const id = '019b0000-0000-7000-8000-000000000001';
  const given = 'lms-20260101T000000000Z-00000000.lmsbackup';
  const old = [`.${given}.${id}.partial`, `.${given}.destroyed.${id}.partial`, `.nightly.lmsbackup.${id}.partial`];
  const kept = [`.${given}.${id.replace('1', '2')}.partial`, `.other.lmsbackup.${id}.partial`, '.notes.partial'];
  for (const name of [...old, ...kept]) await writeFile(join(own, name), 'half a backup');
  const long = new Date((await stat(join(own, kept[0] ?? ''))).mtimeMs - 25 * 3_600_000);
  for (const name of [...old, ...kept.slice(1)]) await utimes(join(own, name), long, long);
  const inFolder = await ours.admin.backups.create({ folder: own });
  expect(inFolder.leftovers).toEqual(
    old
      .slice(0, 2)
      .map((name) => join(own, name))
      .sort(),
  );
  const named = await ours.admin.backups.create({ file: join(own, 'nightly.lmsbackup') });
  expect(named.leftovers).toEqual([join(own, old[2] ?? '')]);
  expect((await readdir(own)).filter((name) => name.endsWith('.partial')).sort()).toEqual(kept.sort());
  await ours.lms.close();
});

test('a backup that reads back as another gets no name, costs no earlier one, and is told as failed', async () => {
  const own = await mkdtemp(join(folder, 'read-back-'));
  const ours = await smallStore();
  const keep = { daily: 1 };
  const { file } = await ours.admin.backups.create({ folder: own, keep });
  ours.clock.advance('1h');
  const cutShort = ({ dataBytes }: BackupProgress): void => {
    // Told without bytes while it is read back.
    if (dataBytes > 0) return;
    const partials = readdirSync(own).filter((name) => name.endsWith('.partial') && !name.includes('.destroyed.'));
    for (const name of partials) truncateSync(join(own, name), 1000);
  };
  const made = ours.admin.backups.create({ folder: own, keep }, { onProgress: cutShort });
  await expect(made).rejects.toMatchObject({ code: 'BACKUP_NOT_WRITTEN' });
  expect((await readdir(own)).sort()).toEqual([basename(file), `${basename(file)}.destroyed`]);
  const { rows } = await ours.admin.audit.list({ eventType: 'store.backed_up' });
  expect(rows[0]).toMatchObject({ changes: { status: 'failed' } });
  await ours.lms.close();
});
