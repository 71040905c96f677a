import { expect, test } from 'vitest';
import { OneAtATime } from './one-at-a-time.js';

test('work of one name runs in order, also after a failure; other names do not wait', async () => {
  const queue = new OneAtATime();
  const log: string[] = [];
  let release: () => void = () => undefined;
  const first = queue.run('a', async () => {
    log.push('first begins');
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    log.push('first ends');
    throw new Error('first');
  });
  const second = queue.run('a', async () => {
    log.push('second');
    return 2;
  });
  await queue.run('b', async () => log.push('other'));
  await queue.run(undefined, async () => log.push('unnamed'));
  release();
  await expect(first).rejects.toThrow('first');
  expect(await second).toBe(2);
  expect(log).toEqual(['first begins', 'other', 'unnamed', 'first ends', 'second']);
});
