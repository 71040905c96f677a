import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { loadRelease } from '../../../test-support/releases/load-release.js';
import { makePlace } from '../../../test-support/shapes.js';
import { newestLayout } from './migrations.js';

/** Whoever comes behind the change of a table waits for the five seconds that it waits: in npm run test:full. */
const isFull = process.env['LMS_TEST_FULL'] === '1';

it('waits for a transaction that uses a table, lets others pass meanwhile, and goes on after it', async () => {
  const place = await makePlace('mysql');
  if (place.address.shape !== 'mysql') throw new Error('a place of MySQL was asked for');
  await loadRelease(1, place.address);
  const user = await createConnection(place.address.mysqlUrl);
  await user.beginTransaction();
  await user.query('SELECT * FROM import_runs');
  let isDone = false;
  const migrating = place
    .handle()
    .migrations.run()
    .finally(() => {
      isDone = true;
    });
  await sleep(700);
  if (isFull) {
    const reader = await createConnection(place.address.mysqlUrl);
    const [rows] = await reader.query('SELECT * FROM import_runs');
    expect(rows).toHaveLength(1);
    await reader.end();
  }
  expect(isDone).toBe(false);
  await user.rollback();
  const [report] = await migrating;
  expect(report?.layout?.version).toBe(newestLayout);
  await user.end();
  await place.remove();
}, 60_000);
