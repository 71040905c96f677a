import { expect, test } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import type { Storage } from '../../storage/storage.js';
import { cryptoRandom } from '../kernel/index.js';
import type { LookupHasher } from './lookup-hasher.js';
import { openLookupHasher } from './lookup-key.js';
import { type MasterKey, masterKeyOf } from './master-key.js';
import { Vault } from './vault.js';

const masterKey = masterKeyOf(cryptoRandom().bytes(32), 'test');

function openHasher(store: Storage, key: MasterKey = masterKey): Promise<LookupHasher> {
  return openLookupHasher({ vault: new Vault(key), storeKeys: store.storeKeys, unitOfWork: store.unitOfWork });
}

describeShapes((makeStorage, { anotherHandle }) => {
  test('all who open a new store at once get the same key', async () => {
    const store = await makeStorage();
    const stores = [store, await anotherHandle(store)];
    const hashers = await Promise.all([...stores, ...stores, ...stores].map((one) => openHasher(one)));
    expect(new Set(hashers.map((hasher) => hasher.hash('phone', '+919876543210'))).size).toBe(1);
  });

  test('a store keeps its key, and two stores have two', async () => {
    const store = await makeStorage();
    const first = (await openHasher(store)).hash('phone', '1');
    expect((await openHasher(store)).hash('phone', '1')).toBe(first);
    const other = await makeStorage();
    expect((await openHasher(other)).hash('phone', '1')).not.toBe(first);
  });

  test('another master key is refused, both keys are named', async () => {
    const store = await makeStorage();
    await openHasher(store);
    const wrong = masterKeyOf(cryptoRandom().bytes(32), 'test');
    await expect(openHasher(store, wrong)).rejects.toMatchObject({
      code: 'KEY_INVALID',
      message: expect.stringMatching(`${masterKey.id}.*${wrong.id}`),
    });
  });
});
