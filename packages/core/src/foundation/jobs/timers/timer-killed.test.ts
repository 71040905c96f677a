import { expect, it } from 'vitest';
import { runChild } from '../../../../test-support/child.js';
import { makePlace, type PlaceName } from '../../../../test-support/shapes.js';
import { newStore } from '../../../../test-support/store.js';
import type { TimerPlan } from '../../../../test-support/timer-child.js';

const all = (['sqlite', 'mysql', 'hybrid', 'mariadb'] as const).flatMap((shape) =>
  (['before-commit', 'after-commit'] as const).map((die) => ({ shape, die })),
);
const kills: readonly { readonly shape: PlaceName; readonly die: TimerPlan['die'] }[] =
  process.env['LMS_TEST_FULL'] === '1' ? all : all.slice(0, 3);

it.each(kills)(
  'a timer whose process on $shape is killed $die fires once',
  { timeout: 60_000 },
  async ({ shape, die }) => {
    const place = await makePlace(shape);
    const storage = place.handle();
    const { lms, admin } = await newStore(storage);
    try {
      const { id } = await admin.timers.set({ key: 'killed', dueAt: '2026-01-01T00:00:00.000Z' });
      const plan: TimerPlan = { address: place.address, die };
      expect(await runChild('./timer-child.ts', plan)).toMatchObject({ signal: 'SIGKILL', stderr: '' });
      expect((await storage.timers.get(null, 'killed')) !== null).toBe(die === 'before-commit');
      expect(await storage.audit.list({ aggregateId: id, limit: 5 })).toHaveLength(die === 'before-commit' ? 0 : 1);

      // A server notices that the process is gone only after a moment, and until then the timer is in its hands.
      await expect
        .poll(
          async () => {
            await lms.tick();
            return storage.timers.get(null, 'killed');
          },
          { timeout: 20_000 },
        )
        .toBeNull();
      expect(await storage.audit.list({ aggregateId: id, limit: 5 })).toHaveLength(1);
    } finally {
      await lms.close();
      await place.remove();
    }
  },
);
