import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runChild } from '../../../test-support/child.js';
import type { ConsumerPlan } from '../../../test-support/consumer-child.js';
import { makePlace, type PlaceName } from '../../../test-support/shapes.js';
import { loanLead, newStore } from '../../../test-support/store.js';
import { systemClock } from '../kernel/index.js';

const all: readonly PlaceName[] = ['sqlite', 'hybrid', 'mysql', 'mariadb'];
const shapes = process.env['LMS_TEST_FULL'] === '1' ? all : all.slice(0, 2);

it.each(shapes)(
  'a consumer that is killed on %s between effect and checkpoint loses no event, and goes on in order',
  {
    timeout: 60_000,
  },
  async (shape) => {
    const place = await makePlace(shape);
    const folder = await mkdtemp(join(tmpdir(), 'lms-consumer-'));
    const file = join(folder, 'effects');
    const { lms, admin } = await newStore(place.handle(), undefined, { clock: systemClock });
    const seen: string[] = [];
    try {
      // It is registered before anything happens, in this process, which does not run it yet.
      const types = ['lead.*'];
      const consumer = await lms.events.consume(
        'killed',
        async ({ aggregate: { id, version } }) => seen.push(`${id} ${version}`),
        { types },
      );
      const { id } = await admin.leads.create(loanLead());
      for (const city of ['Goa', 'Wai', 'Pune']) await admin.leads.update(id, { fields: { city } });
      await lms.settle();
      const plan: ConsumerPlan = { address: place.address, file, dieAfter: 2 };
      expect(await runChild('./consumer-child.ts', plan)).toMatchObject({ signal: 'SIGKILL', stderr: '' });

      await expect
        .poll(async () => (await lms.tick()).events.handled + seen.length, { timeout: 20_000, interval: 200 })
        .toBeGreaterThan(0);
      const before = (await readFile(file, 'utf8')).trimEnd().split('\n');
      expect(before).toEqual([`${id} 1`, `${id} 2`]);
      expect(seen.slice(-2)).toEqual([`${id} 3`, `${id} 4`]);
      expect(seen, 'from the checkpoint on, in order').toEqual(
        [1, 2, 3, 4].slice(-seen.length).map((at) => `${id} ${at}`),
      );
      expect(seen.length, 'what was done and not written down is done again').toBeGreaterThan(2);
      await consumer.stop();
    } finally {
      await lms.close();
      await place.remove();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
