import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breakages, brokenByTables, brokenOnServers } from '../../test-support/broken-storages/index.js';
import { makeLaxTables } from '../../test-support/lax-tables.js';
import { makePlace, type PlaceName, type StorePlace } from '../../test-support/shapes.js';
import { rawSqlite } from '../storage/raw/sqlite-raw.js';
import type { RawStore } from '../storage/raw-store.js';
import type { Storage } from '../storage/storage.js';
import { conformanceCases, conformanceContext, runConformance } from './index.js';

interface OpenPlace {
  readonly place: StorePlace;
  readonly storage: Storage;
  readonly other: Storage;
  readonly raw: RawStore;
}

async function openPlace(name: PlaceName): Promise<OpenPlace> {
  const place = await makePlace(name);
  const storage = place.handle();
  const other = place.handle();
  await Promise.all([storage.open(), other.open()]);
  return { place, storage, other, raw: await place.rawStore() };
}

async function close({ place, storage, other, raw }: OpenPlace): Promise<void> {
  await Promise.all([storage.close(), other.close(), raw.close()]);
  await place.remove();
}

describe('conformance cases can fail', () => {
  let embedded: OpenPlace;
  let server: OpenPlace;
  let folder: string;
  let laxTables: RawStore;

  beforeAll(async () => {
    [embedded, server] = await Promise.all([openPlace('sqlite'), openPlace('mysql')]);
    folder = await mkdtemp(join(tmpdir(), 'lms-lax-'));
    makeLaxTables(join(folder, 'lax.db'));
    laxTables = rawSqlite({ file: join(folder, 'lax.db') });
  });

  afterAll(async () => {
    await Promise.all([close(embedded), close(server), laxTables.close()]);
    await rm(folder, { recursive: true });
  });

  it('has a broken storage for every case', () => {
    const broken = [...Object.keys(breakages), ...brokenByTables];
    expect(broken.sort()).toEqual(conformanceCases.map(({ id }) => id).sort());
  });

  it.each(conformanceCases.map((conformanceCase) => ({ id: conformanceCase.id, conformanceCase })))(
    '$id fails on a storage that breaks its promise',
    async ({ id, conformanceCase }) => {
      const { storage, other, raw } = brokenOnServers.has(id) ? server : embedded;
      const breakage = breakages[id] ?? ((unbroken: Storage) => unbroken);
      const context = conformanceContext({
        storage: breakage(storage),
        other: breakage(other),
        raw: brokenByTables.has(id) ? laxTables : raw,
      });
      const seen: unknown = await conformanceCase.run(context).catch((error: unknown) => error);
      expect(seen).toBeInstanceOf(Error);
      expect(seen, 'the broken storage itself must work').not.toBeInstanceOf(TypeError);
    },
  );
});

it('ends with a store whose units never do, and begins no case beside one that goes on', async () => {
  const place = await makePlace('sqlite');
  let letGo: () => void = () => undefined;
  const never = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const hanging = (): Storage => {
    const storage = place.handle();
    const { unitOfWork } = storage;
    const run: Storage['unitOfWork']['run'] = (home, work, options) =>
      unitOfWork.run(home, (unit) => never.then(() => work(unit)), options);
    return { ...storage, unitOfWork: { oneDatabase: unitOfWork.oneDatabase, run } };
  };
  try {
    const outcomes = await runConformance(
      { handle: hanging, raw: () => place.rawStore() },
      { caseMillis: 200, closeMillis: 200 },
    );
    expect(outcomes).toMatchObject([{ passed: false, failure: { message: 'it has not ended within 200 ms' } }]);
  } finally {
    letGo();
    await place.remove();
  }
}, 5_000);
