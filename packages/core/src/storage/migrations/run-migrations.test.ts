import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../test-support/catalogue.js';
import { loadRelease } from '../../../test-support/releases/load-release.js';
import { allShapes, makePlace, type StoreAddress, type StorePlace } from '../../../test-support/shapes.js';
import { loanLead, openStore } from '../../../test-support/store.js';
import { hybridSettings } from '../hybrid/hybrid-options.js';
import { hybrid } from '../hybrid.js';
import { onMongoTarget } from '../mongo/mongo-migrations.js';
import { onMysqlTarget } from '../mysql/mysql-migrations.js';
import { mysql } from '../mysql.js';
import { SqliteConnection } from '../sql/sqlite/sqlite-connection.js';
import { sqliteTarget } from '../sql/sqlite/sqlite-migrations.js';
import { sqlite } from '../sqlite.js';
import type { Storage } from '../storage.js';
import type { Migration } from './migration.js';
import { migrations, newestLayout, newestReadableBy } from './migrations.js';
import { type MigrationTarget, type RunOptions, runMigrations } from './run-migrations.js';

const rows = 2_300;

/** A step of the release after this one, with every kind of operation. */
const nextStep: Migration = {
  version: newestLayout + 1,
  name: 'a copy beside each series',
  kind: 'contract',
  readableBy: newestLayout + 1,
  documentTables: [
    { kind: 'add-column', table: 'counters', column: 'copied', description: { kind: 'slug', nullable: true } },
    { kind: 'add-column', table: 'counters', column: 'seen', description: { kind: 'integer', default: 0, min: 0 } },
    { kind: 'fill', table: 'counters', column: 'copied', from: 'series', by: 'series' },
    { kind: 'add-index', table: 'counters', index: { name: 'counters_by_copy', columns: ['copied'], unique: true } },
    { kind: 'drop-index', table: 'leads', index: 'leads_by_number' },
  ],
  collections: [
    { kind: 'fill', collection: 'numbers', field: 'copied', from: 'drawn' },
    { kind: 'add-index', collection: 'numbers', index: { key: { copied: 1 }, name: 'copy' } },
    { kind: 'drop-index', collection: 'leads', index: 'number' },
  ],
};
const nextRelease = [...migrations, nextStep];

const settings = hybridSettings({ mongo: { url: '' }, mysql: { url: '' } });

/** Works on the database of a store that keeps its documents. */
async function onTarget<Result>(
  address: StoreAddress,
  work: <Operation>(target: MigrationTarget<Operation>) => Promise<Result>,
): Promise<Result> {
  if (address.shape === 'hybrid') return onMongoTarget({ url: address.mongoUrl }, settings, work);
  if (address.shape === 'mysql') {
    return onMysqlTarget({ source: { url: address.mysqlUrl }, settings, homes: 'both' }, work);
  }
  const connection = new SqliteConnection(address.file, { readOnly: false, busyTimeoutMillis: 2 });
  try {
    return await work(sqliteTarget(connection, { file: address.file, patienceMillis: 10_000 }));
  } finally {
    connection.close();
  }
}

/** A handle whose opening migrates. */
function migratingHandle(address: StoreAddress): Storage {
  if (address.shape === 'sqlite') return sqlite({ file: address.file });
  if (address.shape === 'mysql') return mysql({ url: address.mysqlUrl, migrate: 'at-open' });
  return hybrid({ mongo: { url: address.mongoUrl }, mysql: { url: address.mysqlUrl }, migrate: 'at-open' });
}

/** Takes the steps of the release after this one. */
function take(address: StoreAddress, options: Partial<RunOptions> = {}): Promise<readonly Migration[]> {
  return onTarget(address, (target) => runMigrations(target, { migrations: nextRelease, ...options }));
}

/** Runs statements past the code, and gives what the last one gave. */
async function raw(address: StoreAddress, work: RawWork): Promise<unknown> {
  if (address.shape === 'sqlite') {
    const database = new DatabaseSync(address.file);
    const answers = work.sql.map((sql) => database.prepare(sql).all());
    database.close();
    return answers.at(-1);
  }
  if (address.shape === 'mysql') {
    const connection = await createConnection(address.mysqlUrl);
    let answer: unknown = null;
    for (const sql of work.sql) [answer] = await connection.query(sql);
    await connection.end();
    return answer;
  }
  const client = new MongoClient(address.mongoUrl);
  const answer = await work.mongo(client.db()).finally(() => client.close());
  return answer;
}

interface RawWork {
  readonly sql: readonly string[];
  readonly mongo: (database: ReturnType<MongoClient['db']>) => Promise<unknown>;
}

const series = Array.from({ length: rows }, (_, index) => `s${String(index).padStart(5, '0')}`);

const manySeries: RawWork = {
  sql: [`INSERT INTO counters (series, last) VALUES ${series.map((name) => `('${name}', 7)`).join(', ')}`],
  mongo: async (database) => {
    const long = await import('mongodb').then(({ Long }) => Long.fromNumber(7));
    await database.collection<{ _id: string }>('numbers').insertMany(series.map((_id) => ({ _id, drawn: long })));
  },
};

const filled: RawWork = {
  sql: ["SELECT count(*) AS found FROM counters WHERE series LIKE 's%' AND copied = series AND seen = 0"],
  mongo: async (database) => [
    { found: await database.collection<{ _id: string }>('numbers').countDocuments({ _id: /^s/, copied: 7 }) },
  ],
};

const layout: RawWork = {
  sql: ['SELECT name, version FROM store_schema ORDER BY name'],
  mongo: async (database) => {
    const document = await database.collection('lms_meta').findOne({});
    return [
      { name: 'lms', version: document?.['version'] },
      { name: 'lms-layout', version: document?.['layout'] },
    ];
  },
};

describe.each(allShapes)('migrations on %s', (shape) => {
  let place: StorePlace;
  let other: StorePlace;

  beforeAll(async () => {
    [place, other] = await Promise.all([makePlace(shape), makePlace(shape)]);
    await Promise.all([loadRelease(1, place.address), loadRelease(1, other.address)]);
  });

  afterAll(() => Promise.all([place.remove(), other.remove()]));

  it('take each step once between them, those that migrate by opening too, and all end when all steps are taken', async () => {
    const openings = [migratingHandle(other.address), migratingHandle(other.address)];
    const [reports] = await Promise.all([
      Promise.all(Array.from({ length: 3 }, () => other.handle().migrations.run())),
      ...openings.map((storage) => storage.open()),
    ]);
    for (const part of shape === 'hybrid' ? ['documents', 'ledger'] : ['store']) {
      const ofPart = reports.flat().filter((report) => report.part === part);
      const taken = ofPart.flatMap((report) => report.taken.map(({ version }) => version));
      expect(new Set(taken).size).toBe(taken.length);
      expect(ofPart.map((report) => report.layout?.version)).toEqual([newestLayout, newestLayout, newestLayout]);
    }
    for (const storage of openings) expect(await storage.users.count()).toBe(4);
    await Promise.all(openings.map((storage) => storage.close()));
  });

  it('go on wherever they were stopped, and end with what a run without a stop makes', async () => {
    let stops = 0;
    for (let passed = 1; ; passed += 1) {
      const control = new AbortController();
      let left = passed;
      const outcome = await place
        .handle()
        .migrations.run({
          signal: control.signal,
          onProgress: () => {
            left -= 1;
            if (left === 0) control.abort();
          },
        })
        .catch((error: unknown) => error);
      if (Array.isArray(outcome)) break;
      expect(outcome).toMatchObject({ code: 'COMMAND_ABORTED' });
      stops += 1;
    }
    expect(stops).toBeGreaterThan(migrations.length);
    expect(await catalogueOf(place.address)).toEqual(await catalogueOf(other.address));
  });

  it('wait for another one as long as they are told, then say STORE_LOCKED and have changed nothing', async () => {
    const before = await catalogueOf(other.address);
    const outcome = await onTarget(other.address, (target) =>
      target.exclusively(() => take(other.address, { waitMillis: 300 }).catch((error: unknown) => error), 1_000),
    );
    expect(outcome).toMatchObject({ code: 'STORE_LOCKED', retryable: true });
    expect(await catalogueOf(other.address)).toEqual(before);
  });

  it('fill in batches that can be stopped between two, beside a server that works; whom a step shuts out it does first', async () => {
    await raw(place.address, manySeries);
    const server = await openStore(place.handle());
    await server.lms.ready();
    const control = new AbortController();
    let seen = 0;
    const stopped = take(place.address, {
      signal: control.signal,
      onProgress: (progress) => {
        seen = progress.rows;
        if (seen > 0) control.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'COMMAND_ABORTED' });
    expect(seen).toBe(1000);
    // SQLite takes a stopped step back; the others keep it, and shut older releases out already.
    const shutOut = shape === 'sqlite' ? newestReadableBy : newestLayout + 1;
    expect(await raw(place.address, layout)).toEqual([
      { name: 'lms', version: shutOut },
      { name: 'lms-layout', version: newestLayout },
    ]);
    const [taken, numbers] = await Promise.all([
      take(place.address),
      Promise.all(Array.from({ length: 20 }, async () => (await server.admin.leads.create(loanLead())).number)),
    ]);
    expect(taken.map(({ version }) => version)).toEqual([newestLayout + 1]);
    for (const number of numbers) expect(await server.admin.leads.get(number)).toMatchObject({ number, stage: 'new' });
    await server.lms.close();
    expect(await raw(place.address, filled)).toEqual([{ found: rows }]);
    const after = (await catalogueOf(place.address)).join('\n');
    expect(after).toMatch(shape === 'hybrid' ? /"name":"copy"/ : /counters_by_copy/);
    expect(after).not.toMatch(shape === 'hybrid' ? /"key":\{"number":1\}/ : /leads_by_number/);
    expect(await take(place.address)).toEqual([]);
  });

  it('of a newer release: a store that it shut this one out of is refused, one that it did not opens, says so, and is not copied in part', async () => {
    await expect(place.handle().open()).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
    await expect(place.handle().migrations.run()).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
    await raw(other.address, {
      sql: ["UPDATE store_schema SET version = version + 5 WHERE name = 'lms-layout'"],
      mongo: (database) =>
        database.collection<{ _id: string }>('lms_meta').updateOne({ _id: 'layout' }, { $inc: { layout: 5 } }),
    });
    const storage = other.handle();
    await storage.open();
    expect(await storage.users.count()).toBe(4);
    const told = (await storage.check()).filter(({ message }) =>
      message.includes(`version ${newestLayout + 5}, of a newer release`),
    );
    expect(told).toMatchObject([{ ok: true }]);
    expect((await storage.migrations.run()).flatMap(({ taken }) => taken)).toEqual([]);
    await expect(storage.snapshots.snapshot()).rejects.toMatchObject({
      code: 'STORE_TOO_NEW',
      message: expect.stringContaining('Back up with the newer release'),
    });
    await storage.close();
  });
});
