import { expect, it } from 'vitest';
import type { Operation, Telemetry } from './index.js';
import { sqlite } from './storage/sqlite.js';
import { watchedStorage } from './watched-storage.js';

it('is the storage but for its units, frozen, spread or not', async () => {
  const heard: Operation[] = [];
  const telemetry: Telemetry = {
    watch(operation, work) {
      heard.push(operation);
      return work();
    },
  };
  for (const storage of [sqlite({ file: ':memory:' }), Object.freeze(sqlite({ file: ':memory:' }))]) {
    const watched = watchedStorage(storage, telemetry);
    await watched.open();
    for (const one of [watched, { ...watched }]) {
      heard.length = 0;
      expect(await one.users.count()).toBe(0);
      expect(one.contactBlocks).toBe(storage.contactBlocks);
      expect(await one.unitOfWork.run('ledger', async () => 7)).toBe(7);
      expect(heard).toEqual([{ kind: 'unit', name: 'ledger', attributes: { shape: 'sqlite' } }]);
    }
    expect(Object.keys(watched)).toEqual(Object.keys(storage));
    await watched.close();
  }
});
