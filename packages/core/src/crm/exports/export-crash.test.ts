import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runChild } from '../../../test-support/child.js';
import type { ExportPlan } from '../../../test-support/export-child.js';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore, type TestStore } from '../../../test-support/store.js';

let folder: string;
let place: StorePlace;
let store: TestStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-export-crash-'));
  // On servers, so that the size of no file but the export's is limited.
  place = await makePlace('hybrid');
  store = await newStore(place.handle());
  await store.admin.leads.createMany(Array.from({ length: 250 }, () => ({ lead: loanLead() })));
  await store.lms.settle();
}, 60_000);
afterAll(async () => {
  await store.lms.close();
  await place.remove();
  await rm(folder, { recursive: true });
});

const exported = (plan: Omit<ExportPlan, 'address'>, largestFileBytes?: number) =>
  runChild(
    './export-child.ts',
    { address: place.address, ...plan },
    largestFileBytes === undefined ? {} : { largestFileBytes },
  );

async function latestOfTrail(): Promise<readonly unknown[]> {
  await store.lms.tick();
  const { rows } = await store.admin.audit.list({ aggregateKind: 'export', limit: 2 });
  return rows.map(({ eventType, changes }) => ({ eventType, changes }));
}

it('that is killed has told the trail that it began, and no file has its name', async () => {
  const end = await exported({ file: join(folder, 'killed.ndjson'), dieAfter: 100 });
  expect(end.signal).toBe('SIGKILL');
  const [left, ...others] = await readdir(folder);
  expect([left, others]).toEqual([expect.stringMatching(/^\.killed\.ndjson\..*\.partial$/), []]);
  expect((await stat(join(folder, left ?? ''))).mode & 0o777).toBe(0o600);
  expect(await latestOfTrail()).toEqual([
    { eventType: 'leads.export_started', changes: expect.objectContaining({ format: 'ndjson', masked: false }) },
  ]);
  await rm(join(folder, left ?? ''));
}, 60_000);

it('that finds the disk full says so, and leaves nothing but a line in the trail', async () => {
  const end = await exported({ file: join(folder, 'full.ndjson'), dieAfter: null }, 16_384);
  expect(end.messages).toEqual([{ code: 'EXPORT_NOT_WRITTEN', message: expect.stringContaining('full.ndjson') }]);
  expect(await readdir(folder)).toEqual([]);
  const [last] = await latestOfTrail();
  expect(last).toMatchObject({ eventType: 'leads.exported', changes: { status: 'failed', sha256: null } });
}, 60_000);
