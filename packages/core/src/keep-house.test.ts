import { afterEach, beforeEach, expect, it } from 'vitest';
import { breaking } from '../test-support/broken-storages/breaking.js';
import { makePlace, type StorePlace } from '../test-support/shapes.js';
import { newStore, openStore } from '../test-support/store.js';
import { LmsError, type Storage } from './index.js';

let place: StorePlace;
let storage: Storage;

beforeEach(async () => {
  place = await makePlace('sqlite');
  storage = place.handle();
});

afterEach(() => place.remove());

const handlers = [{ kind: 'test.done', run: async () => undefined }];

it('timers fire, the trail is sealed and jobs run while the totals cannot be counted, and the tick says so', async () => {
  const away = (): Promise<never> => Promise.reject(new LmsError('STORE_UNAVAILABLE', { message: 'away' }));
  const { lms } = await newStore(place.handle());
  await lms.close();
  const broken = breaking('facts', () => ({ foldTotals: away }))(storage);
  const { lms: ticking, admin } = await openStore(broken, undefined, { jobs: { handlers } });
  await admin.timers.set({ key: 'due', dueAt: '2026-01-15T04:00:00.000Z' });
  const job = await admin.jobs.add({ kind: 'test.done', payload: null });
  await expect(ticking.tick()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(admin.timers.get('due')).rejects.toMatchObject({ code: 'TIMER_NOT_FOUND' });
  expect((await admin.jobs.get(job.id)).status).toBe('done');
  expect((await ticking.health()).trail.unsealed).toBe(0);
  await ticking.close();
});

it('timers fire while what waits in the outbox cannot be told', async () => {
  const { lms } = await newStore(place.handle());
  await lms.close();
  const away = (): Promise<never> => Promise.reject(new LmsError('STORE_UNAVAILABLE', { message: 'away' }));
  const broken = breaking('outbox', () => ({ waiting: away }))(storage);
  const { lms: ticking, admin } = await openStore(broken);
  await admin.timers.set({ key: 'due', dueAt: '2026-01-15T04:00:00.000Z' });
  await expect(ticking.tick()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(admin.timers.get('due')).rejects.toMatchObject({ code: 'TIMER_NOT_FOUND' });
  await ticking.close();
});

it('tells how many timers it counted anew after their calendar was published again', async () => {
  const { lms, admin } = await newStore(place.handle());
  const day = [['09:30', '18:30']] as const;
  const office = { slug: 'default', name: 'Office', hours: { mon: day } };
  await admin.calendars.publish(office);
  for (const key of ['one', 'two']) await admin.timers.set({ key, afterWorking: '2h' });
  expect((await lms.tick()).recounted).toBe(0);
  await admin.calendars.publish({ ...office, hours: { tue: day } });
  expect((await lms.tick()).recounted).toBe(2);
  expect((await lms.tick()).recounted).toBe(0);
  await lms.close();
});
