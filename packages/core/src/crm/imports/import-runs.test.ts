import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allEngines, describeShapes, testedShapes } from '../../../test-support/shapes.js';
import { newStore } from '../../../test-support/store.js';
import type { ImportRequest, StoredImportRun } from './index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-import-runs-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;

/** A file of its own, and a request to import it. */
async function request(lines: readonly string[]): Promise<ImportRequest> {
  files += 1;
  const file = join(folder, `leads-${files}.csv`);
  await writeFile(file, lines.join('\n'));
  return { file, productLine: 'personal-loan' };
}

const header = 'Full name,Mobile,Email,PAN,Loan amount,City';

function people(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => {
    const serial = String(at).padStart(4, '0');
    return `Asha ${serial},987650${serial},asha${serial}@example.com,,"2,50,000",Pune`;
  });
}

describeShapes(
  (makeStorage) => {
    it('keeps a record of each run, updated while it goes on', async () => {
      const { admin } = await newStore(await makeStorage());
      const seen: unknown[] = [];
      const result = await admin.imports.run(await request([header, ...people(450), ',,,,,Pune']), {
        onProgress: ({ rows, bytesRead, totalBytes }) => seen.push([rows, bytesRead <= totalBytes]),
      });
      expect(seen).toEqual([
        [100, true],
        [200, true],
        [300, true],
        [400, true],
        [451, true],
      ]);
      const run = await admin.imports.get(result.runId ?? '');
      expect(run).toMatchObject({
        status: 'completed_with_rejects',
        counts: { rows: 451, created: 450, duplicates: 0, rejected: 1, updated: 0 },
        reasons: { 'fullName: required': 1, 'mobile: required': 1 },
        fileSha256: result.fileSha256,
        actor: 'user:root',
        error: null,
      });
      expect(run.finishedAt).not.toBeNull();
      const trail = await admin.audit.list({ aggregateKind: 'import' });
      expect(trail.rows.map((row) => row.eventType)).toEqual(['import.finished', 'import.started']);
      expect(JSON.stringify([run, trail])).not.toMatch(/Asha|987650/);
    });

    it('shows a run that was killed as interrupted, once it has been silent for three minutes', async () => {
      const storage = await makeStorage();
      const { admin, clock } = await newStore(storage);
      const { runId } = await admin.imports.run(await request([header, ...people(3)]));
      const done = await storage.importRuns.get(runId ?? '');
      if (done === null) throw new Error('the run was not recorded');
      const id = done.id.replace(/.$/, (last) => (last === 'f' ? 'e' : 'f'));
      const killed: StoredImportRun = { ...done, id, status: 'running', finishedAt: null };
      await storage.unitOfWork.run('ledger', (unit) => storage.importRuns.insert(unit, killed));
      expect((await admin.imports.get(killed.id)).status).toBe('running');
      clock.advance('181s');
      expect((await admin.imports.get(killed.id)).status).toBe('interrupted');
      expect((await admin.imports.list()).map(({ status }) => status).sort()).toEqual(['completed', 'interrupted']);
    });

    it('shows a manager the runs of its teams and its own, and no others', async () => {
      const { admin, user } = await newStore(await makeStorage());
      const north = await user('meera', ['manager'], ['north', 'west']);
      const west = await user('anil', ['manager'], ['west']);
      const south = await user('zoya', ['manager'], ['south']);
      const wanted = await request([header, ...people(2)]);
      const ran: string[] = [];
      for (const services of [admin, north, west, south]) ran.push((await services.imports.run(wanted)).runId ?? '');
      const [byAdmin = '', byNorth = '', byWest = '', bySouth = ''] = ran;
      const seen = async ({ imports }: typeof admin): Promise<string[]> => (await imports.list()).map(({ id }) => id);
      expect(await seen(admin)).toEqual([bySouth, byWest, byNorth, byAdmin]);
      expect(await seen(north)).toEqual([byWest, byNorth]);
      expect(await seen(south)).toEqual([bySouth]);
      expect((await north.imports.list({ limit: 1, after: byWest })).map(({ id }) => id)).toEqual([byNorth]);
      expect((await north.imports.get(byWest)).actor).toBe('user:anil');
      for (const hidden of [byAdmin, bySouth]) {
        await expect(north.imports.get(hidden)).rejects.toMatchObject({ code: 'IMPORT_NOT_FOUND' });
      }
      expect((await south.imports.plan(wanted)).previousRuns.map(({ id }) => id)).toEqual([bySouth]);
    });
  },
  process.env['LMS_TEST_FULL'] === '1' ? allEngines : testedShapes,
);
