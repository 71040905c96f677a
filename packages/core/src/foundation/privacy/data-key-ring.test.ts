import { beforeEach, expect, test } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import type { Storage } from '../../storage/storage.js';
import { cryptoRandom } from '../kernel/index.js';
import { DataKeyRing } from './data-key-ring.js';
import { masterKeyOf } from './master-key.js';
import { type DataKey, Vault } from './vault.js';

const vault = new Vault(masterKeyOf(cryptoRandom().bytes(32), 'test'));

describeShapes((makeStorage) => {
  let store: Storage;
  let ring: DataKeyRing;

  beforeEach(async () => {
    store = await makeStorage();
    ring = new DataKeyRing(vault, store.dataKeys);
  });

  function create(...ids: string[]): Promise<ReadonlyMap<string, DataKey>> {
    return store.unitOfWork.run('documents', (unit) => ring.create(unit, 'lead', ids));
  }

  test('keys come back as they were made', async () => {
    const made = await create('a', 'b');
    const found = await ring.keysFor(null, 'lead', ['b', 'a', 'a', 'never-made']);
    expect([...found.keys()].sort()).toEqual(['a', 'b']);
    for (const [id, key] of found) expect(vault.open(key, vault.seal(made.get(id) ?? key, id))).toBe(id);
    expect((await ring.keyFor(null, 'lead', 'a')).keyId).toBe(made.get('a')?.keyId);
  });

  test('destroying one key erases one aggregate, for good', async () => {
    const made = await create('a', 'b');
    for (const at of ['2026-01-31T09:30:00.000Z', '2026-02-01T09:30:00.000Z']) {
      await store.unitOfWork.run('documents', (unit) => ring.destroy(unit, 'lead', 'a', at));
    }
    expect([...(await ring.keysFor(null, 'lead', ['a', 'b'])).keys()]).toEqual(['b']);
    await expect(ring.keyFor(null, 'lead', 'a')).rejects.toMatchObject({ code: 'KEY_DESTROYED' });
    const [stored] = await store.dataKeys.find(null, 'lead', ['a']);
    expect(stored).toMatchObject({ wrapped: '', destroyedAt: '2026-01-31T09:30:00.000Z' });
    expect(made.size).toBe(2);
  });

  test('tells of each key whether it is kept or when it was destroyed', async () => {
    const made = await create('a', 'b');
    const at = '2026-01-31T09:30:00.000Z';
    await store.unitOfWork.run('documents', (unit) => ring.destroy(unit, 'lead', 'a', at));
    const kept = await ring.keptKeys(null, 'lead', ['a', 'b', 'never-made']);
    expect([...kept.keys()].sort()).toEqual(['a', 'b']);
    expect(kept.get('a')).toEqual({ destroyedAt: at });
    expect(await ring.keptKey(null, 'lead', 'b')).toMatchObject({ keyId: made.get('b')?.keyId });
    expect(await ring.keptKey(null, 'lead', 'a')).toEqual({ destroyedAt: at });
    await expect(ring.keptKey(null, 'lead', 'never-made')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  test('a unit that fails leaves no key', async () => {
    await expect(
      store.unitOfWork.run('documents', async (unit) => {
        await ring.create(unit, 'lead', ['a']);
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    await expect(ring.keyFor(null, 'lead', 'a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  test('many keys are found whatever a store takes at once', async () => {
    const ids = Array.from({ length: 12_001 }, (_, index) => `lead-${index}`);
    await create(...ids.slice(0, 3), ...ids.slice(-3));
    expect((await ring.keysFor(null, 'lead', ids)).size).toBe(6);
  });
});
