import { expect, test } from 'vitest';
import { DirectoryCache } from './directory-cache.js';

function cacheAt(start: number) {
  let now = start;
  let reads = 0;
  const cache = new DirectoryCache<number>({ now: () => now }, { lifetimeMillis: 2000, capacity: 2 });
  return {
    cache,
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

test('what was being read when it was cleared is not kept', async () => {
  const { cache, get } = cacheAt(0);
  let finish: (value: number) => void = () => undefined;
  const slow = cache.get(
    'asha',
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  cache.clear();
  finish(99);
  expect(await slow).toBe(99);
  expect(await get('asha')).toBe(1);
});
