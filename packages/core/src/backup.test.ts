import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalRows } from '../test-support/canonical-rows.js';
import { allShapes, makePlace, type StorePlace } from '../test-support/shapes.js';
import { loanLead, newStore, root } from '../test-support/store.js';
import { type BackupResult, createLms, type Lms, type Storage, type StorageShape } from './index.js';
import { TestClock, testKey } from './testing/index.js';

let folder: string;
const places: StorePlace[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-backup-'));
});

afterAll(async () => {
  await Promise.all(places.map((place) => place.remove()));
  await rm(folder, { recursive: true, force: true });
});

async function newPlace(shape: StorageShape): Promise<StorePlace> {
  const place = await makePlace(shape);
  places.push(place);
  return place;
}

/** A store with something of everything: lines, a draft, leads in several states, owners, an import, keys, a deleted lead. */
async function filled(storage: Storage): Promise<Lms> {
  const { lms, admin, user } = await newStore(storage);
  const ravi = await user('ravi', ['agent'], ['west']);
  const mine = await ravi.leads.create(loanLead({ city: 'Pune' }), { idempotencyKey: 'first' });
  const made = [];
  for (let count = 0; count < 12; count += 1) made.push(await admin.leads.create(loanLead()));
  const [first, second, third] = made;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three leads were not made');
  await admin.leads.assign(first.id, { to: 'ravi', reason: 'speaks Marathi' }, { idempotencyKey: 'given' });
  await admin.leads.unassign(first.id, { reason: 'on leave' });
  await admin.leads.assign(second.id, { to: 'ravi' });
  await ravi.leads.update(mine.id, { fields: { city: 'Nashik' } });
  await admin.leads.delete(third.id);
  await lms.settle();
  return lms;
}

async function backedUp(lms: Lms, name: string): Promise<BackupResult> {
  return lms.as(root).backups.create({ file: join(folder, name) });
}

/** Restores into a new store of a shape, at the second try, and gives it open. */
async function restored(shape: StorageShape, file: string): Promise<{ lms: Lms; storage: Storage }> {
  const place = await newPlace(shape);
  await breakOff(place, file);
  const storage = place.handle();
  const lms = await createLms({ storage, key: testKey, clock: new TestClock('2026-01-16T04:30:00.000Z') });
  await lms.restore({ file });
  return { lms, storage };
}

/** A restore that is stopped in the middle leaves a store that nobody can use. */
async function breakOff(place: StorePlace, file: string): Promise<void> {
  const broken = await createLms({ storage: place.handle(), key: testKey });
  const stop = new AbortController();
  const onProgress = ({ rows }: { readonly rows: number }): void => {
    if (rows > 60) stop.abort();
  };
  await expect(broken.restore({ file }, { signal: stop.signal, onProgress })).rejects.toMatchObject({
    code: 'COMMAND_ABORTED',
  });
  await expect(broken.ready()).rejects.toMatchObject({ code: 'STORE_RESTORING' });
  await broken.close();
}

/** Every way in and out once. */
const copiedInto: Readonly<Record<StorageShape, readonly StorageShape[]>> = {
  sqlite: ['sqlite', 'hybrid', 'mysql'],
  hybrid: ['sqlite', 'hybrid'],
  mysql: ['sqlite'],
};

describe.each(allShapes)('a backup of a store of shape %s', (shape) => {
  let source: Storage;
  let lms: Lms;
  let result: BackupResult;

  beforeAll(async () => {
    source = (await newPlace(shape)).handle();
    lms = await filled(source);
    result = await backedUp(lms, `${shape}.lmsbackup`);
  });

  afterAll(() => lms.close());

  test('is a file for its owner only, with its list of destroyed keys beside it, and nothing half made', async () => {
    expect((await stat(result.file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.includes(shape))).toEqual([
      `${shape}.lmsbackup`,
      `${shape}.lmsbackup.destroyed`,
    ]);
    expect(result.rows).toBeGreaterThan(100);
  });

  test.each(copiedInto[shape])(
    'restored into shape %s holds the same rows, is in order, and goes on',
    async (target) => {
      const copy = await restored(target, result.file);
      expect(await canonicalRows(copy.storage)).toEqual(await canonicalRows(source));
      const admin = copy.lms.as(root);
      const listed: string[] = [];
      for await (const { id } of admin.leads.list({ productLine: 'personal-loan' })) listed.push(id);
      expect(listed).toHaveLength(12);
      expect((await copy.lms.check()).filter(({ ok }) => !ok)).toEqual([]);
      expect((await admin.leads.create(loanLead())).number).toBe('LEAD-202601-00014');
      await copy.lms.close();
    },
  );
});
