import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { startRedis } from '../../../../test-support/own-redis.js';
import { serverUrl } from '../../../../test-support/servers.js';
import { makePlace } from '../../../../test-support/shapes.js';
import { newStore, openStore } from '../../../../test-support/store.js';
import { redisInvalidations } from './redis-invalidations.js';

const patience = { timeout: 15_000 };
const somePrefix = (): string => `test-${randomBytes(5).toString('hex')}`;

it('a user whom one process deactivates is refused by another at once', async () => {
  const place = await makePlace('sqlite');
  const prefix = somePrefix();
  const invalidations = () => redisInvalidations({ url: serverUrl('REDIS_URL'), prefix });
  const here = await newStore(place.handle(), undefined, { invalidations: invalidations() });
  const there = await openStore(place.handle(), undefined, { invalidations: invalidations() });
  await here.user('asha', ['agent']);
  const asha = there.lms.as({ kind: 'user', id: 'asha' });
  const works = (): Promise<string> =>
    asha.leads
      .list()
      .page()
      .then(
        () => 'yes',
        (error: { code?: string }) => String(error.code),
      );
  expect(await works()).toBe('yes');
  // It remembers longer than once, and so begins to listen; from here on its clock stands, and nothing expires.
  there.clock.advance('3s');
  expect(await works()).toBe('yes');
  await expect
    .poll(async () => {
      await here.admin.users.deactivate('asha');
      await new Promise((resolve) => setTimeout(resolve, 50));
      const answer = await works();
      if (answer === 'yes') await here.admin.users.activate('asha');
      return answer;
    }, patience)
    .toBe('ACTOR_UNKNOWN');
  expect(await there.lms.check()).toContainEqual(
    expect.objectContaining({ name: 'cache', ok: true, message: expect.stringContaining('tells other processes') }),
  );
  await Promise.all([here.lms.close(), there.lms.close()]);
  await place.remove();
}, 30_000);

it('hears its own prefix alone; forgets everything when the link was lost; a Redis that is away keeps nobody waiting', async () => {
  const files = await mkdtemp(join(tmpdir(), 'lms-redis-'));
  const folder = join(files, 'data');
  let redis = await startRedis(folder);
  const url = `redis://${redis.address}`;
  const prefix = somePrefix();
  const [here, there, apart] = [prefix, prefix, somePrefix()].map((one) => redisInvalidations({ url, prefix: one }));
  if (here === undefined || there === undefined || apart === undefined) throw new Error('three were made');
  const heard: (string | null)[] = [];
  const elsewhere: (string | null)[] = [];
  there.listen((group) => heard.push(group));
  apart.listen((group) => elsewhere.push(group));
  await expect.poll(() => [heard.length, elsewhere.length], patience).toEqual([1, 1]);
  expect(heard).toEqual([null]);
  here.publish('users');
  await expect.poll(() => heard, patience).toEqual([null, 'users']);
  expect(elsewhere).toEqual([null]);

  // One that was cut off forgets everything, and once more when it listens again: what was told in between is lost.
  const client = new Redis(url);
  await client.client('KILL', 'TYPE', 'pubsub');
  await expect.poll(() => heard.length, patience).toBeGreaterThanOrEqual(4);
  expect(new Set(heard.slice(2))).toEqual(new Set([null]));

  // Whoever may ask and not tell is found out.
  await client.call('ACL', 'SETUSER', 'quiet', 'on', '>made-up', '+@connection', '+info');
  client.disconnect();
  const quiet = redisInvalidations({ url: `redis://quiet:made-up@${redis.address}`, prefix });
  expect(await quiet.check()).toMatchObject({ ok: false, message: expect.stringContaining('(NOPERM)') });
  await quiet.close();
  expect(await here.check()).toMatchObject({ ok: true });
  await redis.stop();
  here.publish('users');
  expect(await here.check()).toMatchObject({ ok: false, message: expect.stringContaining('a little later') });
  redis = await startRedis(folder, redis.port);
  await expect
    .poll(() => {
      here.publish('products');
      return heard;
    }, patience)
    .toContain('products');
  expect(new Set(heard)).toEqual(new Set([null, 'users', 'products']));
  await redis.stop();
  const began = performance.now();
  here.publish('users');
  await Promise.all([here, there, apart].map((one) => one.close()));
  expect(performance.now() - began).toBeLessThan(15_000);
  here.publish('users');
  await rm(files, { recursive: true, force: true });
}, 60_000);
