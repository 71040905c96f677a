import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { newStore, root, type TestStore } from '../../../test-support/store.js';
import { createLms } from '../../index.js';
import { TestClock, testKey } from '../../testing/index.js';
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
