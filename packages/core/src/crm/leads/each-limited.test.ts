import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eachLimited } from './each-limited.js';

test('keeps the order of the items and the limit', async () => {
  let underWay = 0;
  let most = 0;
  const doubled = await eachLimited([...Array(20).keys()], 4, async (item) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await setTimeout(item % 3);
    underWay -= 1;
    return item * 2;
  });
  expect(doubled).toEqual([...Array(20).keys()].map((item) => item * 2));
  expect(most).toBe(4);
});

test('begins nothing after a failure, and ends when what was under way has ended', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = eachLimited([...Array(100).keys()], 4, async (item) => {
    begun.push(item);
    await setTimeout(item === 5 ? 1 : 10);
    if (item === 5) throw new Error('five');
    ended.push(item);
  });
  await expect(work).rejects.toThrow('five');
  expect(ended).toHaveLength(begun.length - 1);
  const then = begun.length;
  await setTimeout(50);
  expect(begun).toHaveLength(then);
  expect(then).toBeLessThan(15);
});
