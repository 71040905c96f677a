import { expect, test } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import type { Storage } from '../../storage/storage.js';
import { cryptoRandom } from '../kernel/index.js';
import type { LookupHasher } from './lookup-hasher.js';
import { type LookupKeys, openLookupKeys } from './lookup-keys.js';
import { type MasterKey, masterKeyOf } from './master-key.js';
import { Vault } from './vault.js';

const masterKey = masterKeyOf(cryptoRandom().bytes(32), 'test');

function openKeys({ storeKeys, unitOfWork }: Storage, key: MasterKey = masterKey): Promise<LookupKeys> {
  return openLookupKeys({ vault: new Vault(key), storeKeys, unitOfWork });
}

async function openHasher(store: Storage, key: MasterKey = masterKey): Promise<LookupHasher> {
  return (await openKeys(store, key)).hasher;
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

describeShapes((makeStorage, { anotherHandle }) => {
  test('who asks by the keys of before asks again by those of now, and is given what they find', async () => {
    const store = await makeStorage();
    const elsewhere = await anotherHandle(store);
    const [one, other] = [await openKeys(store), await openKeys(elsewhere)];
    const asked: number[] = [];
    const answer = await one.asking(null, async (ring) => {
      asked.push(ring.generation);
      // Between the question and the answer another process begins a rotation.
      if (asked.length === 1) expect(await other.change((now) => now.with(other.newKey()))).toBe(true);
      return ring.newest(one.hasher.hash('phone', '1'));
    });
    expect(asked).toEqual([1, 2]);
    expect(answer).toBe((await other.committed()).newest(other.hasher.hash('phone', '1')));
    await one.asking(null, async (ring) => asked.push(ring.generation));
    expect(asked).toEqual([1, 2, 2]);
  });

  test('a unit writes by the keys of its moment, and of two who change them one does', async () => {
    const store = await makeStorage();
    const elsewhere = await anotherHandle(store);
    const [one, other] = [await openKeys(store), await openKeys(elsewhere)];
    const inUnit = (keys: LookupKeys, of: Storage) =>
      of.unitOfWork.run('documents', async (unit) => (await keys.inUnit(unit))?.generation);
    expect(await inUnit(one, store)).toBe(1);
    const changed = await Promise.all([one, other].map((keys) => keys.change((ring) => ring.with(keys.newKey()))));
    expect(changed.filter(Boolean)).toHaveLength(1);
    await one.awaitWriters();
    expect(await Promise.all([inUnit(one, store), inUnit(other, elsewhere)])).toEqual([2, 2]);
    expect(await one.change(() => null)).toBe(false);
  });
});
