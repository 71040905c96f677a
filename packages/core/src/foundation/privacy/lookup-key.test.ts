import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqlite } from '../../storage/sqlite.js';
import type { Storage } from '../../storage/storage.js';
import { cryptoRandom } from '../kernel/index.js';
import type { LookupHasher } from './lookup-hasher.js';
import { openLookupHasher } from './lookup-key.js';
import { type MasterKey, masterKeyOf } from './master-key.js';
import { Vault } from './vault.js';

let folder: string;
let stores: readonly Storage[];
let masterKey: MasterKey;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-lookup-'));
  stores = [1, 2].map(() => sqlite({ file: join(folder, 'lms.db') }));
  for (const store of stores) await store.open();
  masterKey = masterKeyOf(cryptoRandom().bytes(32), 'test');
});
afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(folder, { recursive: true });
});

function openHasher(store: Storage, key: MasterKey = masterKey): Promise<LookupHasher> {
  return openLookupHasher({ vault: new Vault(key), storeKeys: store.storeKeys, unitOfWork: store.unitOfWork });
}

test('all who open a new store at once get the same key', async () => {
  const hashers = await Promise.all([...stores, ...stores, ...stores].map((store) => openHasher(store)));
  expect(new Set(hashers.map((hasher) => hasher.hash('phone', '+919876543210'))).size).toBe(1);
});

test('a store keeps its key, and two stores have two', async () => {
  const [store] = stores;
  if (store === undefined) throw new Error('no store');
  const first = (await openHasher(store)).hash('phone', '1');
  expect((await openHasher(store)).hash('phone', '1')).toBe(first);
  const other = sqlite({ file: join(folder, 'other.db') });
  await other.open();
  expect((await openHasher(other)).hash('phone', '1')).not.toBe(first);
  await other.close();
});

test('another master key is refused, both keys are named', async () => {
  const [store] = stores;
  if (store === undefined) throw new Error('no store');
  await openHasher(store);
  const wrong = masterKeyOf(cryptoRandom().bytes(32), 'test');
  await expect(openHasher(store, wrong)).rejects.toMatchObject({
    code: 'KEY_INVALID',
    message: expect.stringMatching(`${masterKey.id}.*${wrong.id}`),
  });
});
