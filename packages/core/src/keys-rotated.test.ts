import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, type StorePlace, testedShapes } from '../test-support/shapes.js';
import { loanFields, loanLead, newStore, openStore, root, type TestStore } from '../test-support/store.js';
import type { RewrappedDataKey } from './foundation/privacy/index.js';
import { createLms, hasCode, type KeySource, masterKeyOf } from './index.js';

function sourceOf(byte: number): KeySource {
  return { load: async () => masterKeyOf(new Uint8Array(32).fill(byte), `key ${byte}`) };
}

const oldKey = sourceOf(21);
const newKey = sourceOf(22);
const { id: oldId } = await oldKey.load();
const { id: newId } = await newKey.load();
const month = '2026-01-15T04:30:00.000Z';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-rotated-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function opened(place: StorePlace, key: KeySource | readonly KeySource[]): Promise<TestStore> {
  return openStore(place.handle(), month, { key });
}

describe.each(testedShapes)('another master key on %s', { timeout: 120_000 }, (shape) => {
  let place: StorePlace;
  let before: TestStore;

  beforeAll(async () => {
    place = await makePlace(shape);
    before = await newStore(place.handle(), month, { key: oldKey });
  });
  afterAll(async () => {
    await before.lms.close();
    await place.remove();
  });

  it('wraps all there is, step by step, and nothing is unreadable at any of them', async () => {
    const fields = loanFields();
    const lead = await before.admin.leads.create({ productLine: 'personal-loan', fields });
    const gone = await before.admin.leads.create(loanLead());
    await before.admin.leads.erase(gone.id, { reason: 'person-asked' });
    await before.lms.tick();
    const oldFirst = await opened(place, [oldKey, newKey]);
    const newFirst = await opened(place, [newKey, oldKey]);
    const newer = await newFirst.admin.leads.create(loanLead());
    // Whoever knows both keys reads what either wraps.
    expect((await oldFirst.admin.leads.get(newer.id)).name).toBe(newer.name);
    expect(await newFirst.admin.keys.status()).toEqual({
      masterKeys: [
        { id: newId, given: true, first: true, storeKeys: 0, dataKeys: 1 },
        { id: oldId, given: true, first: false, storeKeys: 2, dataKeys: 1 },
      ],
      destroyed: 1,
      finished: true,
      rotated: false,
      lookup: { generation: 1, phase: 'settled', rowsLeft: null },
    });

    const tried = await newFirst.admin.keys.rotate({ dryRun: true });
    expect(tried).toMatchObject({ dryRun: true, rewrapped: 3, rotated: false, damagedCount: 0 });
    expect((await newFirst.admin.keys.status()).rotated).toBe(false);

    const seen: number[] = [];
    const rotation = await newFirst.admin.keys.rotate({}, { onProgress: ({ rewrapped }) => seen.push(rewrapped) });
    expect(rotation).toMatchObject({ masterKeyId: newId, rewrapped: 3, rotated: true, finished: true });
    expect(rotation.masterKeys.map(({ dataKeys }) => dataKeys)).toEqual([2, 0]);
    expect(seen.at(-1)).toBe(3);
    expect(await newFirst.admin.keys.rotate()).toMatchObject({ rewrapped: 0, rotated: true });
    await newFirst.lms.tick();
    const told = await newFirst.admin.audit.list({ aggregateKind: 'key-rotation', limit: 10 });
    expect(told.rows.map(({ eventType }) => eventType)).toContain('store.keys_rotated');
    expect(told.rows[0]?.changes).toMatchObject({ to: newId, rewrapped: 0, status: 'completed' });
    expect(await newFirst.admin.audit.verify()).toMatchObject({ findings: [], finished: true });

    const after = await opened(place, newKey);
    expect(await after.admin.leads.get(lead.id)).toMatchObject({ name: fields['fullName'] });
    expect((await after.admin.leads.find(String(fields['mobile']))).leads).toHaveLength(1);
    await expect(after.admin.leads.create({ productLine: 'personal-loan', fields })).rejects.toMatchObject({
      code: 'LEAD_DUPLICATE',
    });
    await expect(after.admin.leads.update(gone.id, { fields: { city: 'Agra' } })).rejects.toMatchObject({
      code: 'KEY_DESTROYED',
    });
    expect((await after.admin.keys.status()).rotated).toBe(true);

    // A process that knows the old key alone is told which one it lacks, when it runs and when it starts.
    const bothIds = new RegExp(`${newId}.*${oldId}`);
    const lacks = { code: 'KEY_INVALID', message: expect.stringMatching(bothIds) };
    await expect(before.admin.leads.get(lead.id)).rejects.toMatchObject(lacks);
    const late = await createLms({ storage: place.handle(), key: oldKey });
    await expect(late.ready()).rejects.toMatchObject(lacks);
    for (const lms of [oldFirst.lms, newFirst.lms, after.lms, late]) await lms.close();
  });

  it('restores a backup of the day before, under both keys, and heeds what was erased since', async () => {
    const fresh = await makePlace(shape);
    const restored = await makePlace(shape);
    const store = await newStore(fresh.handle(), month, { key: oldKey });
    const kept = await store.admin.leads.create(loanLead());
    const erased = await store.admin.leads.create(loanLead());
    const file = join(folder, `${shape}-before`);
    await store.admin.backups.create({ file });
    const newFirst = await opened(fresh, [newKey, oldKey]);
    await newFirst.admin.keys.rotate();
    await newFirst.admin.leads.erase(erased.id, { reason: 'person-asked' });
    await newFirst.admin.backups.create({ file: join(folder, `${shape}-after`) });
    await newFirst.lms.close();

    const newAlone = await createLms({ storage: restored.handle(), key: newKey });
    const lacks = { code: 'KEY_INVALID', message: expect.stringContaining(oldId) };
    await expect(newAlone.restore({ file })).rejects.toMatchObject(lacks);
    await expect(newAlone.verifyBackup(file)).rejects.toMatchObject(lacks);
    await newAlone.close();
    const both = await createLms({ storage: restored.handle(), key: [newKey, oldKey] });
    expect(await both.verifyBackup(file)).toMatchObject({ keyId: oldId });
    expect(await both.restore({ file })).toMatchObject({ destroyedKeys: 1, unreadableLists: [] });
    const admin = both.as(root);
    expect((await admin.leads.get(kept.id)).name).toBe(kept.name);
    expect(await admin.leads.get(erased.id)).toMatchObject({ name: null, values: {} });
    // It brought keys along that the old one wraps: the rotation is run once more.
    expect(await admin.keys.rotate()).toMatchObject({ rotated: true, destroyed: 1 });
    await both.close();
    await store.lms.close();
    await fresh.remove();
    await restored.remove();
  });

  it('takes over while 50 create and others are erased, from two processes at once', async () => {
    const busy = await makePlace(shape);
    const old = await newStore(busy.handle(), month, { key: [oldKey, newKey] });
    const made = await old.admin.leads.createMany(Array.from({ length: 250 }, () => ({ lead: loanLead() })));
    const ids = made.flatMap((outcome) => (outcome.kind === 'created' ? [outcome.leadId] : []));
    expect(ids).toHaveLength(250);
    const [one, other] = [await opened(busy, [newKey, oldKey]), await opened(busy, [newKey, oldKey])];
    // A process that goes on wrapping with the old key, as one does that was not started again yet.
    const creators = Array.from({ length: 50 }, async (_, at) => {
      const { admin } = [old, one, other][at % 3] ?? old;
      return (await admin.leads.create(loanLead())).id;
    });
    const erasures = ids.filter((_, at) => at % 10 === 0);
    const erasing = (async () => {
      for (const id of erasures) await other.admin.leads.erase(id, { reason: 'person-asked' });
    })();
    const [created, ...rotations] = await Promise.all([
      Promise.all(creators),
      one.admin.keys.rotate(),
      other.admin.keys.rotate(),
      erasing,
    ]);
    expect(rotations.slice(0, 2)).toMatchObject([{ damagedCount: 0 }, { damagedCount: 0 }]);
    await old.lms.close();
    expect(await one.admin.keys.rotate()).toMatchObject({ rotated: true, destroyed: erasures.length });

    const after = await opened(busy, newKey);
    const all = [...ids, ...created];
    const names = await Promise.all(all.map(async (id) => [id, (await after.admin.leads.get(id)).name] as const));
    expect(names.filter(([, name]) => name === null).map(([id]) => id)).toEqual(erasures);
    for (const { lms } of [one, other, after]) await lms.close();
    await busy.remove();
  });
});

describe('a rotation', () => {
  const shape = 'sqlite';

  it('stops between two batches, and goes on when it is run again', async () => {
    const long = await makePlace(shape);
    const old = await newStore(long.handle(), month, { key: oldKey });
    await old.admin.leads.createMany(Array.from({ length: 150 }, () => ({ lead: loanLead() })));
    await old.lms.close();
    const { admin, lms } = await opened(long, [newKey, oldKey]);
    const stop = new AbortController();
    const cut = await admin.keys.rotate({}, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(cut).toMatchObject({ finished: false, rotated: false });
    expect(cut.rewrapped).toBeLessThan(150);
    const rest = await admin.keys.rotate();
    expect(rest).toMatchObject({ finished: true, rotated: true });
    expect(cut.rewrapped + rest.rewrapped).toBe(151);
    await lms.close();
    await long.remove();
  });

  it('leaves what it cannot open, and names it', async () => {
    const torn = await makePlace(shape);
    const third = sourceOf(23);
    const old = await newStore(torn.handle(), month, { key: oldKey });
    const [changed, fine] = [await old.admin.leads.create(loanLead()), await old.admin.leads.create(loanLead())];
    const elsewhere = await opened(torn, [third, oldKey]);
    await elsewhere.admin.leads.create(loanLead());
    const storage = torn.handle();
    await storage.open();
    const [stored] = await storage.dataKeys.find(null, 'lead', [fine.id]);
    const [target] = await storage.dataKeys.find(null, 'lead', [changed.id]);
    if (stored === undefined || target === undefined) throw new Error('the leads have no keys');
    const { kind, id, wrapped: from } = target;
    const damage = (key: RewrappedDataKey): Promise<number> =>
      storage.unitOfWork.run('documents', (unit) => storage.dataKeys.rewrap(unit, [key]));
    await damage({ kind, id, from, wrapped: stored.wrapped, masterKeyId: oldId });
    const { admin, lms } = await opened(torn, [newKey, oldKey]);
    const rotation = await admin.keys.rotate();
    expect(rotation).toMatchObject({
      finished: true,
      rotated: false,
      damaged: [`lead ${changed.id}`],
      damagedCount: 1,
    });
    const { id: thirdId } = await third.load();
    expect(rotation.masterKeys.filter(({ first }) => !first)).toEqual([
      { id: oldId, given: true, first: false, storeKeys: 0, dataKeys: 1 },
      { id: thirdId, given: false, first: false, storeKeys: 0, dataKeys: 1 },
    ]);
    // A dry run opens also what the first key wraps.
    const [rewrapped] = await storage.dataKeys.find(null, 'lead', [fine.id]);
    if (rewrapped === undefined) throw new Error('the lead has no key');
    await damage({ kind, id: fine.id, from: rewrapped.wrapped, wrapped: stored.wrapped, masterKeyId: newId });
    const { damaged } = await admin.keys.rotate({ dryRun: true });
    expect(new Set(damaged)).toEqual(new Set([`lead ${changed.id}`, `lead ${fine.id}`]));
    await storage.close();
    for (const each of [old.lms, elsewhere.lms, lms]) await each.close();
    await torn.remove();
  });

  it('is changed by admins, and seen by auditors too', async () => {
    const own = await makePlace(shape);
    const store = await newStore(own.handle(), month);
    const auditor = await store.user('omar', ['auditor']);
    const agent = await store.user('ravi', ['agent']);
    expect((await auditor.keys.status()).rotated).toBe(true);
    const refused = await Promise.allSettled([auditor.keys.rotate(), agent.keys.rotate(), agent.keys.status()]);
    expect(refused.map((each) => each.status === 'rejected' && hasCode(each.reason, 'PERMISSION_DENIED'))).toEqual([
      true,
      true,
      true,
    ]);
    await store.lms.close();
    await own.remove();
  });
});

it('is asked for at least one', async () => {
  const place = await makePlace('sqlite');
  await expect(createLms({ storage: place.handle(), key: [] }).then((lms) => lms.ready())).rejects.toMatchObject({
    code: 'KEY_MISSING',
  });
  await place.remove();
});
