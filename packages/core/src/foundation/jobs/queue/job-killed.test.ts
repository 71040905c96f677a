import { expect, it } from 'vitest';
import { runChild } from '../../../../test-support/child.js';
import type { JobPlan } from '../../../../test-support/job-child.js';
import { writeEffect } from '../../../../test-support/job-effect.js';
import { makePlace, type PlaceName } from '../../../../test-support/shapes.js';
import { newStore, openStore } from '../../../../test-support/store.js';
import { systemClock } from '../../kernel/index.js';

const kind = 'test.killed';
const all = (['sqlite', 'mysql', 'hybrid', 'mariadb'] as const).flatMap((shape) =>
  (['before-effect', 'in-effect', 'after-effect'] as const).map((die) => ({ shape, die })),
);
const sample: typeof all = [
  { shape: 'sqlite', die: 'in-effect' },
  { shape: 'sqlite', die: 'after-effect' },
  { shape: 'mysql', die: 'in-effect' },
];
const kills: readonly { readonly shape: PlaceName; readonly die: JobPlan['die'] }[] =
  process.env['LMS_TEST_FULL'] === '1' ? all : sample;

it.each(kills)(
  'a job whose worker on $shape is killed $die has its effect once, and ends done',
  { timeout: 60_000 },
  async ({ shape, die }) => {
    const place = await makePlace(shape);
    const storage = place.handle();
    const { lms, admin } = await newStore(storage, undefined, {
      clock: systemClock,
      jobs: {
        leaseMillis: 400,
        heartbeatMillis: 100,
        handlers: [
          {
            kind,
            async run(context) {
              await writeEffect(storage, context);
              return undefined;
            },
          },
        ],
      },
    });
    try {
      const { id } = await admin.jobs.add({ kind, payload: null });
      const plan: JobPlan = { address: place.address, kind, die };
      expect((await runChild('./job-child.ts', plan)).signal).toBe('SIGKILL');
      const left = await storage.jobs.get(null, id);
      expect(left).toMatchObject({ status: die === 'after-effect' ? 'done' : 'running', fence: 1 });

      await lms.worker.start();
      await expect.poll(async () => (await admin.jobs.get(id)).status, { timeout: 20_000 }).toBe('done');
      await lms.worker.stop();
      const tries = die === 'after-effect' ? 1 : 2;
      expect(await storage.jobs.get(null, id)).toMatchObject({ fence: tries, attempts: tries });
      expect(await storage.jobs.list({ kind: `${kind}.effect`, limit: 10 })).toHaveLength(1);
    } finally {
      await lms.close();
      await place.remove();
    }
  },
);

it('a job that kills every worker ends dead', { timeout: 60_000 }, async () => {
  const place = await makePlace('sqlite');
  const { lms, admin, clock } = await newStore(place.handle());
  try {
    const { id } = await admin.jobs.add({ kind, payload: null, maxAttempts: 2 });
    for (let workers = 0; workers < 2; workers += 1) {
      expect((await runChild('./job-child.ts', { address: place.address, kind, die: 'before-effect' })).signal).toBe(
        'SIGKILL',
      );
    }
    // The worker that would be killed next.
    const { lms: another } = await openStore(place.handle(), new Date(clock.now() + 400 * 86_400_000).toISOString());
    await another.tick();
    await another.close();
    expect(await admin.jobs.get(id)).toMatchObject({ status: 'dead', attempts: 2, lastError: 'JOB_LEASE_LOST' });
  } finally {
    await lms.close();
    await place.remove();
  }
});
