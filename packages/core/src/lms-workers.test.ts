import { afterEach, beforeEach, expect, it } from 'vitest';
import { breaking } from '../test-support/broken-storages/breaking.js';
import { makePlace, type StorePlace } from '../test-support/shapes.js';
import { newStore, openStore } from '../test-support/store.js';
import { systemClock } from './foundation/kernel/index.js';
import type { JobHandler, Storage } from './index.js';

let place: StorePlace;

beforeEach(async () => {
  place = await makePlace('sqlite');
});

afterEach(() => place.remove());

let runs = 0;
const handler: JobHandler = {
  kind: 'test.run',
  async run() {
    runs += 1;
    return undefined;
  },
};
const options = { clock: systemClock, jobs: { handlers: [handler], pollMillis: 20 } };
const patience = { timeout: 20_000, interval: 20 };

/** Counts who looks for jobs. */
function watched(storage: Storage): { readonly storage: Storage; looks(): number } {
  let looks = 0;
  const watching = breaking('jobs', (real) => ({
    anyDue(now, kinds) {
      looks += 1;
      return real.anyDue(now, kinds);
    },
  }))(storage);
  return { storage: watching, looks: () => looks };
}

it('a worker that is stopped or closed while the store is still being opened never starts', async () => {
  await (await newStore(place.handle())).lms.close();
  const { storage, looks } = watched(place.handle());
  const { lms } = await openStore(storage, undefined, options);
  const started = lms.worker.start();
  await lms.worker.stop();
  await started;
  expect(looks()).toBe(0);
  const again = lms.worker.start();
  await Promise.all([lms.close(), expect(again).rejects.toMatchObject({ code: 'STORE_CLOSED' })]);
  await expect(lms.worker.start()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  expect(looks()).toBe(0);
});

it('a worker that is started while it stops works again afterwards', async () => {
  const { lms, admin } = await newStore(place.handle(), undefined, options);
  await lms.worker.start();
  const stopped = lms.worker.stop();
  await Promise.all([stopped, lms.worker.start()]);
  const before = runs;
  await admin.jobs.add({ kind: 'test.run', payload: null });
  await expect.poll(() => runs, patience).toBe(before + 1);
  await lms.close();
});
