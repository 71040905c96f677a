import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalRows } from '../test-support/canonical-rows.js';
import { allShapes, makePlace, type StorePlace } from '../test-support/shapes.js';
import { loanFields, loanLead, newStore, root } from '../test-support/store.js';
import { type BackupResult, createLms, type Lms, type Storage, type StorageShape } from './index.js';
import { TestClock, testKey } from './testing/index.js';

let folder: string;
/** A file of two leads. */
let imported: string;
const places: StorePlace[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-backup-'));
  imported = join(folder, 'leads.csv');
  await writeFile(
    imported,
    'Full name,Mobile number,Loan amount\nOm Joshi,9822066661,500000\nUma Joshi,9822066662,500000\n',
  );
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
  const mine = await ravi.leads.create(knownLead, { idempotencyKey: 'first' });
  const made = [];
  for (let count = 0; count < 12; count += 1) made.push(await admin.leads.create(loanLead()));
  const [first, second, third] = made;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three leads were not made');
  await admin.leads.assign(first.id, { to: 'ravi', reason: 'speaks Marathi' }, { idempotencyKey: 'given' });
  await admin.leads.unassign(first.id, { reason: 'on leave' });
  await admin.leads.assign(second.id, { to: 'ravi' });
  await ravi.leads.update(mine.id, { fields: { city: 'Nashik' } });
  await admin.leads.delete(third.id);
  for (let note = 0; note < 105; note += 1) await admin.leads.addActivity(mine.id, { type: 'NOTE', text: `${note}` });
  await admin.imports.run({ file: imported, productLine: 'personal-loan' });
  await admin.imports.mappings.save({ productLine: 'personal-loan', name: 'bank', document: mappingDocument });
  await admin.schemas.saveDraft({ ...Object(await admin.schemas.definition('personal-loan')), name: 'Draft' });
  await lms.settle();
  return lms;
}

const knownLead = { productLine: 'personal-loan', fields: loanFields({ city: 'Pune', mobile: '98220 55555' }) };
const mappingDocument = { columns: { 'a.b $c': { field: 'fullName' } } };

/** Everything that is looked up by a key or read back in another form works as in the store that was backed up. */
async function expectWorking(lms: Lms): Promise<void> {
  const { leads, imports, schemas, audit } = lms.as(root);
  const ravi = lms.as({ kind: 'user', id: 'ravi' });
  const mine = await ravi.leads.create(knownLead, { idempotencyKey: 'first' });
  expect(mine).toMatchObject({ number: 'LEAD-202601-00001', ownerId: 'ravi' });
  expect(mine.values['city']).toBe('Nashik');
  const notes: unknown[] = [];
  for await (const { type } of leads.activities(mine.id)) notes.push(type);
  expect(notes.filter((type) => type === 'NOTE')).toHaveLength(105);
  const twice = { productLine: 'personal-loan', fields: loanFields({ mobile: '98220 55555' }) };
  await expect(leads.create(twice)).rejects.toMatchObject({ code: 'LEAD_DUPLICATE' });
  expect(await imports.run({ file: imported, productLine: 'personal-loan' })).toMatchObject({
    counts: { created: 0, duplicates: 2 },
  });
  expect(await imports.mappings.get({ productLine: 'personal-loan', name: 'bank' })).toMatchObject({
    document: mappingDocument,
  });
  expect((await schemas.draft('personal-loan'))?.definition).toMatchObject({ name: 'Draft' });
  expect((await schemas.versions('personal-loan')).length).toBeGreaterThan(0);
  const { rows } = await audit.list({ eventType: 'store.restored' });
  expect(rows).toMatchObject([{ actor: 'system:restore', aggregate: { kind: 'backup', version: 3 } }]);
}

async function backedUp(lms: Lms, name: string): Promise<BackupResult> {
  return lms.as(root).backups.create({ file: join(folder, name) });
}

/** Restores into a new store of a shape, at the second try, and gives it open. */
async function restored(shape: StorageShape, file: string): Promise<{ lms: Lms; storage: Storage }> {
  const place = await newPlace(shape);
  await breakOff(place, file);
  const storage = place.handle();
  const lms = await createLms({ storage, key: testKey, clock: new TestClock('2026-01-15T10:30:00.000Z') });
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

const takenOver = { code: 'STORE_FAILED', message: expect.stringMatching(/another restore/) };

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

  test('that a restore stood still with goes no further once another has filled the store', async () => {
    const snapshot = await source.snapshots.snapshot();
    const batches = [];
    for await (const batch of snapshot.batches()) if (batch.rows.length > 0) batches.push(batch);
    await snapshot.close();
    const place = await newPlace(shape);
    const stalled = await place.handle().snapshots.load();
    for (const batch of batches.slice(0, 3)) await stalled.load(batch);

    const storage = place.handle();
    const copy = await createLms({ storage, key: testKey });
    await copy.restore({ file: result.file });
    const before = await canonicalRows(storage);
    for (const batch of batches) await expect(stalled.load(batch)).rejects.toMatchObject(takenOver);
    await expect(stalled.finish(new Map())).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await stalled.close();
    expect(await canonicalRows(storage)).toEqual(before);
    await copy.close();
  });

  test.each(copiedInto[shape])(
    'restored into shape %s holds the same rows, is in order, and goes on',
    async (target) => {
      const copy = await restored(target, result.file);
      expect(await canonicalRows(copy.storage)).toEqual(await canonicalRows(source));
      const admin = copy.lms.as(root);
      const listed: string[] = [];
      for await (const { id } of admin.leads.list({ productLine: 'personal-loan' })) listed.push(id);
      expect(listed).toHaveLength(14);
      await expectWorking(copy.lms);
      expect((await copy.lms.check()).filter(({ ok }) => !ok)).toEqual([]);
      expect((await admin.leads.create(loanLead())).number).toBe('LEAD-202601-00016');
      await copy.lms.close();
    },
  );
});
