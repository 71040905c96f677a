import { expect, test } from 'vitest';
import { LmsError } from '../kernel/index.js';
import { Coalescer } from './coalescer.js';

test('handles what arrives during a batch in the next one, in order', async () => {
  const batches: number[][] = [];
  let release: () => void = () => undefined;
  const coalescer = new Coalescer<number>(3, async (items) => {
    batches.push([...items]);
    if (batches.length === 1) {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    }
  });
  const first = coalescer.add(1);
  await Promise.resolve();
  await Promise.resolve();
  const rest = [2, 3, 4, 5].map((item) => coalescer.add(item));
  release();
  await Promise.all([first, ...rest]);
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
});

test('an item that cannot be handled fails alone', async () => {
  const handled: number[] = [];
  const coalescer = new Coalescer<number>(10, async (items) => {
    if (items.includes(2)) throw new Error('two');
    handled.push(...items);
  });
  const outcomes = await Promise.allSettled([1, 2, 3].map((item) => coalescer.add(item)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(handled).toEqual([1, 3]);
});

test('a batch that failed because the server is down is not tried item by item', async () => {
  let calls = 0;
  const coalescer = new Coalescer<number>(10, async () => {
    calls += 1;
    throw new LmsError('STORE_UNAVAILABLE', { message: 'down' });
  });
  const outcomes = await Promise.allSettled([1, 2, 3].map((item) => coalescer.add(item)));
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  expect(calls).toBe(1);
});

test('is idle once all is handled', async () => {
  let done = 0;
  const coalescer = new Coalescer<number>(1, async () => {
    done += 1;
  });
  void coalescer.add(1);
  void coalescer.add(2);
  await coalescer.idle();
  expect(done).toBe(2);
});
