import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { newStore, type TestStore } from '../../../test-support/store.js';

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
