import { expect, test } from 'vitest';
import { CacheGroup } from './cache-group.js';
import type { ForgetListener, Invalidations } from './invalidations.js';
import { noInvalidations } from './invalidations.js';

function cacheAt(start: number) {
  let now = start;
  let reads = 0;
  const published: string[] = [];
  const listeners: ForgetListener[] = [];
  const invalidations: Invalidations = {
    ...noInvalidations,
    publish: (group) => published.push(group),
    listen: (listener) => listeners.push(listener),
  };
  const cache = new CacheGroup<number>(
    { clock: { now: () => now }, invalidations },
    { name: 'users', lifetimeMillis: 2000, capacity: 2 },
  );
  return {
    cache,
    published,
    listeners,
    pass: (millis: number) => {
      now += millis;
    },
    get: (key: string) => cache.get(key, async () => (reads += 1)),
  };
}

test('gives what it read for its lifetime, then reads again', async () => {
  const { get, pass } = cacheAt(0);
  expect(await get('asha')).toBe(1);
  pass(1999);
  expect(await get('asha')).toBe(1);
  pass(1);
  expect(await get('asha')).toBe(2);
});

test('reads again when the clock stepped back', async () => {
  const { get, pass } = cacheAt(10_000);
  await get('asha');
  pass(-5000);
  expect(await get('asha')).toBe(2);
});

test('keeps no more than its capacity, dropping the oldest', async () => {
  const { get } = cacheAt(0);
  for (const key of ['a', 'b', 'c']) await get(key);
  expect(await get('c')).toBe(3);
  expect(await get('b')).toBe(2);
  expect(await get('a')).toBe(4);
});

test('of callers at once one reads; what failed is read again', async () => {
  const { cache, get } = cacheAt(0);
  expect(await Promise.all([get('asha'), get('asha'), get('ravi')])).toEqual([1, 1, 2]);
  const away = (): Promise<number> => Promise.reject(new Error('away'));
  const failed = await Promise.allSettled([cache.get('farah', away), cache.get('farah', away)]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await get('farah')).toBe(3);
});

test('what was being read when it was forgotten is neither kept nor given to who asks afterwards', async () => {
  const { cache, get } = cacheAt(0);
  let finish: (value: number) => void = () => undefined;
  const slow = cache.get(
    'asha',
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  cache.forget();
  expect(await get('asha')).toBe(1);
  finish(99);
  expect(await slow).toBe(99);
  expect(await get('asha')).toBe(1);
});

test('tells others what it forgets, and hears them from the first entry on that outlived its lifetime', async () => {
  const { cache, get, pass, published, listeners } = cacheAt(0);
  cache.forget();
  expect(published).toEqual(['users']);
  await get('asha');
  await get('asha');
  expect(listeners).toHaveLength(0);
  pass(2000);
  expect(await get('asha')).toBe(2);
  pass(2000);
  expect(await get('asha')).toBe(3);
  expect(listeners).toHaveLength(1);
  const [tell] = listeners;
  tell?.('products');
  expect(await get('asha')).toBe(3);
  tell?.('users');
  expect(await get('asha')).toBe(4);
  tell?.(null);
  expect(await get('asha')).toBe(5);
  expect(published).toEqual(['users']);
});
