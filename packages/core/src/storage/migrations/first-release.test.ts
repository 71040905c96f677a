import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../test-support/catalogue.js';
import {
  answersOf,
  loadRelease,
  type ReleaseQuestion,
  writeImportRunAs,
} from '../../../test-support/releases/load-release.js';
import { makePlace, type PlaceName, type StorePlace } from '../../../test-support/shapes.js';
import { openStore } from '../../../test-support/store.js';
import type { ActorServices } from '../../index.js';
import { sqlite } from '../sqlite.js';
import { newestLayout } from './migrations.js';

const afterwards = '2026-01-15T09:20:00.000Z';

/** The ids of two stores differ; the release's answers are kept without them. */
function withoutIds(answer: unknown): unknown {
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  return JSON.parse(JSON.stringify(answer).replaceAll(uuid, 'ID'));
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

async function ask(admin: ActorServices, question: ReleaseQuestion, about: string): Promise<unknown> {
  switch (question) {
    case 'lead':
      return admin.leads.get(about);
    case 'board':
      return admin.leads.board({ productLine: about });
    case 'funnel':
      return admin.reports.funnel({ productLine: about });
    case 'imports':
      return admin.imports.list({ productLine: about });
    case 'audit':
      return (await admin.audit.list({ limit: 200 })).rows.length;
  }
}

/** Every engine once, in each of its parts. */
const places: readonly PlaceName[] = ['sqlite', 'mysql', 'mariadb', 'hybrid'];

describe.each(places)('a store of the first release on %s', (name) => {
  let place: StorePlace;
  let fresh: StorePlace;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lms-release-'));
    [place, fresh] = await Promise.all([makePlace(name), makePlace(name)]);
    await loadRelease(1, place.address);
    const storage = fresh.handle();
    await storage.open();
    await storage.close();
  });

  afterAll(() => Promise.all([place.remove(), fresh.remove(), rm(folder, { recursive: true, force: true })]));

  it('says what is pending, and changes nothing by saying so', async () => {
    const before = await catalogueOf(place.address);
    const status = await place.handle().migrations.status();
    for (const { layout, newest, pending, rows } of status) {
      expect(layout).toEqual({ version: 1, readableBy: 1 });
      expect(newest).toBe(newestLayout);
      expect(pending.map(({ version }) => version)).toEqual(range(2, newestLayout));
      expect(Object.keys(rows).length).toBeGreaterThan(10);
    }
    expect(status.map(({ part }) => part)).toEqual(
      place.address.shape === 'hybrid' ? ['documents', 'ledger'] : ['store'],
    );
    expect(await catalogueOf(place.address)).toEqual(before);
  });

  it('is refused when it is opened and may not be migrated by that', async () => {
    const { address } = place;
    const storage = address.shape === 'sqlite' ? sqlite({ file: address.file, migrate: 'refuse' }) : place.handle();
    const before = await catalogueOf(address);
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORE_OUTDATED',
      message: expect.stringContaining('lms storage migrate'),
    });
    await storage.close();
    expect(await catalogueOf(address)).toEqual(before);
  });

  it('is brought to what a new store is: the same tables, columns, indexes, checks and rules', async () => {
    const reports = await place.handle().migrations.run();
    for (const { layout, taken } of reports) {
      expect(layout?.version).toBe(newestLayout);
      expect(taken.map(({ version }) => version)).toEqual(range(2, newestLayout));
    }
    expect(await catalogueOf(place.address)).toEqual(await catalogueOf(fresh.address));
    expect((await place.handle().migrations.run()).flatMap(({ taken }) => taken)).toEqual([]);
  });

  it('answers as that release did', async () => {
    const { lms, admin } = await openStore(place.handle(), afterwards);
    for (const { question, about, answer } of await answersOf(1)) {
      expect({ [question]: withoutIds(await ask(admin, question, about)) }).toMatchObject({ [question]: answer });
    }
    await lms.close();
  });

  it('works on: waiting events are told, leads change and are made, and what that release still writes is read', async () => {
    const { lms, admin, clock } = await openStore(place.handle(), afterwards);
    const { projected } = await lms.tick();
    expect(projected).toBe(place.address.shape === 'hybrid' ? 1 : 0);
    const before = await admin.leads.get('LEAD-202601-00002');
    clock.advance('1m');
    await admin.leads.completeTask(before.number, 'first-call', { fields: { outcome: 'will think' } });
    const moved = await admin.leads.move(before.number, { to: 'contacted', comment: 'spoke again' });
    expect(moved).toMatchObject({ version: before.version + 2, stage: 'contacted', values: before.values });
    const file = join(folder, 'more.csv');
    await writeFile(
      file,
      'Full name,Mobile,Loan amount,City\nTara Sen,9820012345,2 lakh,Pune\nNew Person,9820099999,3 lakh,Pune\n',
    );
    const request = { file, productLine: 'personal-loan' };
    expect((await admin.imports.run(request)).counts).toMatchObject({ created: 1, duplicates: 1, rejected: 0 });
    expect((await admin.imports.run(request)).counts).toMatchObject({ created: 0 });
    const [, , ofTheFirstRelease] = await admin.imports.list();
    expect(ofTheFirstRelease).toMatchObject({ fileName: 'import.csv', status: 'completed_with_rejects' });
    const id = '019bffff-0000-7000-8000-000000000001';
    await writeImportRunAs(1, place.address, id);
    expect(await admin.imports.get(id)).toMatchObject({ status: 'completed_with_rejects', fileName: 'import.csv' });
    expect((await lms.check()).filter(({ ok }) => !ok)).toEqual([]);
    await lms.close();
  });
});
