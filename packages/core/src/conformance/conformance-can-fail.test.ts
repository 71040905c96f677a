import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breakages } from '../../test-support/broken-storages.js';
import { makePlace, type StorePlace } from '../../test-support/shapes.js';
import type { Storage } from '../storage/storage.js';
import { conformanceCases, conformanceContext } from './index.js';

describe('conformance cases can fail', () => {
  let place: StorePlace;
  let storage: Storage;
  let other: Storage;

  beforeAll(async () => {
    place = await makePlace('sqlite');
    storage = place.handle();
    other = place.handle();
    await Promise.all([storage.open(), other.open()]);
  });

  afterAll(async () => {
    await Promise.all([storage.close(), other.close()]);
    await place.remove();
  });

  it('has a broken storage for every case', () => {
    expect(Object.keys(breakages).sort()).toEqual(conformanceCases.map(({ id }) => id).sort());
  });

  it.each(conformanceCases.map((conformanceCase) => ({ id: conformanceCase.id, conformanceCase })))(
    '$id fails on a storage that breaks its promise',
    async ({ id, conformanceCase }) => {
      const breakage = breakages[id] ?? ((unbroken: Storage) => unbroken);
      const context = conformanceContext(breakage(storage), breakage(other));
      const seen: unknown = await conformanceCase.run(context).catch((error: unknown) => error);
      expect(seen).toBeInstanceOf(Error);
      expect(seen, 'the broken storage itself must work').not.toBeInstanceOf(TypeError);
    },
  );
});
