import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningChild, startChild } from '../../../test-support/child.js';
import type { ImportAnswer, ImportPlan } from '../../../test-support/import-child.js';
import { loanLine } from '../../../test-support/loan-line.js';
import { allShapes, makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { newStore, openStore, type TestStore } from '../../../test-support/store.js';
import type { ImportRequest } from './index.js';

type Importer = RunningChild<ImportRequest, ImportAnswer>;

const header = 'Full name,Mobile,Email,City';
const batchSize = 50;

/** A line where nothing is unique: only receipts keep its rows from making two leads. */
const enquiryLine = { ...loanLine, slug: 'enquiry', name: 'Enquiry', unique: [] };

function person(serial: number): string {
  const digits = String(serial).padStart(6, '0');
  return `Asha ${digits},9876${digits},asha${digits}@example.com,Pune`;
}

function people(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, at) => person(from + at));
}

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-processes-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(rows: readonly string[], productLine = 'personal-loan'): Promise<ImportRequest> {
  files += 1;
  const file = join(folder, `leads-${files}.csv`);
  await writeFile(file, [header, ...rows].join('\n'));
  return { file, productLine };
}

async function namesIn(store: TestStore, productLine: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const lead of store.admin.leads.list({ productLine })) names.push(lead.name ?? '');
  return names.sort();
}

/** MySQL alone has the code of the embedded store and the engine of the ledger: fewer rounds, and kills are the crash matrix's. */
const few = 4;

for (const shape of allShapes) {
  const rounds = shape === 'mysql' ? few : 20;
  describe(`imports in several processes on ${shape}`, () => {
    const places: StorePlace[] = [];
    const stores: TestStore[] = [];
    afterAll(async () => {
      await Promise.all(stores.map((store) => store.lms.close()));
      await Promise.all(places.map((place) => place.remove()));
    });

    async function newPlace(): Promise<{ place: StorePlace; store: TestStore }> {
      const place = await makePlace(shape);
      places.push(place);
      const store = await newStore(place.handle());
      stores.push(store);
      await store.admin.schemas.publish(enquiryLine);
      return { place, store };
    }

    function importer(place: StorePlace, killAt: ImportPlan['killAt'] = null): Promise<Importer> {
      const plan: ImportPlan = { address: place.address, killAt };
      return startChild('./import-child.ts', plan);
    }

    const kills = [
      { unit: 1, at: 'before-commit', taken: 0 },
      { unit: 1, at: 'after-commit', taken: 1 },
      { unit: 3, at: 'before-commit', taken: 2 },
      { unit: 3, at: 'after-commit', taken: 3 },
    ] as const;
    it.each(shape === 'mysql' ? [] : kills)(
      'leaves whole batches when killed $at of unit $unit, and a second run makes the others',
      {
        timeout: 120_000,
      },
      async ({ unit, at, taken }) => {
        const { place } = await newPlace();
        const request = await fileOf(people(0, 180), 'enquiry');
        const dying = await importer(place, { unit, at });
        await expect(dying.ask(request)).rejects.toThrow('SIGKILL');
        const survivor = await openStore(place.handle(), undefined, { imports: { batchSize } });
        stores.push(survivor);
        await survivor.lms.tick();
        expect(await namesIn(survivor, 'enquiry')).toHaveLength(taken * batchSize);
        const { counts } = await survivor.admin.imports.run(request);
        expect(counts).toEqual({
          rows: 180,
          created: 180 - taken * batchSize,
          updated: 0,
          duplicates: taken * batchSize,
          rejected: 0,
        });
        expect(await namesIn(survivor, 'enquiry')).toEqual(people(0, 180).map((row) => row.split(',')[0]));
      },
    );

    it('ends with exactly the union of two files that share 30 % of their people, time and again', {
      timeout: 300_000,
    }, async () => {
      const { place, store } = await newPlace();
      const importers = await Promise.all([importer(place), importer(place)]);
      for (let round = 0; round < rounds; round += 1) {
        const start = round * 1_000;
        const requests = await Promise.all([
          fileOf(people(start, start + 100)),
          // The shared people come in another order, so that neither file is ahead of the other in all of them.
          fileOf([...people(start + 70, start + 170)].reverse()),
        ]);
        const answers = await Promise.all(importers.map((each, at) => each.ask(requests[at] ?? requests[0])));
        const counts = answers.map((answer) => ('counts' in answer ? answer.counts : answer));
        expect(counts).toEqual([
          expect.objectContaining({ rows: 100, rejected: 0 }),
          expect.objectContaining({ rows: 100, rejected: 0 }),
        ]);
        const created = answers.map((answer) => ('counts' in answer ? answer.counts.created : 0));
        expect((created[0] ?? 0) + (created[1] ?? 0)).toBe(170);
      }
      expect(await namesIn(store, 'personal-loan')).toEqual(
        Array.from({ length: rounds }, (_, round) => people(round * 1_000, round * 1_000 + 170))
          .flat()
          .map((row) => row.split(',')[0]),
      );
      for (const each of importers) expect((await each.end()).code).toBe(0);
    });

    it('makes no row twice when two processes import the very same file at once', { timeout: 120_000 }, async () => {
      const { place, store } = await newPlace();
      const request = await fileOf(people(0, 400), 'enquiry');
      const importers = await Promise.all([importer(place), importer(place)]);
      const answers = await Promise.all(importers.map((each) => each.ask(request)));
      const created = answers.map((answer) => ('counts' in answer ? answer.counts.created : Number.NaN));
      expect((created[0] ?? 0) + (created[1] ?? 0)).toBe(400);
      expect(await namesIn(store, 'enquiry')).toEqual(people(0, 400).map((row) => row.split(',')[0]));
      for (const each of importers) expect((await each.end()).code).toBe(0);
    });
  });
}
