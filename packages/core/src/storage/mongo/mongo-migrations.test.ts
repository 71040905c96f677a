import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogueOf } from '../../../test-support/catalogue.js';
import { loadRelease } from '../../../test-support/releases/load-release.js';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { hybridSettings } from '../hybrid/hybrid-options.js';
import type { MongoOperation } from '../migrations/migration.js';
import { newestLayout } from '../migrations/migrations.js';
import { bson } from './collection-plan.js';
import type { MongoClientHandle } from './mongo-handle.js';
import { onMongoTarget } from './mongo-migrations.js';

let place: StorePlace;
let client: MongoClient;

beforeAll(async () => {
  place = await makePlace('hybrid');
  await loadRelease(1, place.address);
  if (place.address.shape !== 'hybrid') throw new Error('expected servers');
  client = await new MongoClient(place.address.mongoUrl).connect();
});

afterAll(async () => {
  await client.close();
  await place.remove();
});

/** A client that stands still before it sends a change of rules. */
function standingStill(before: () => Promise<void>): MongoClientHandle {
  return {
    connect: () => client.connect(),
    close: () => client.close(),
    startSession: (options) => client.startSession(options),
    db(name) {
      const database = client.db(name);
      return {
        databaseName: database.databaseName,
        collection: (...given) => database.collection(...given),
        createCollection: (...given) => database.createCollection(...given),
        async command(command) {
          if ('collMod' in command) await before();
          return database.command(command);
        },
      };
    },
  };
}

/** Rules of a release long ago: without what the relay needs. */
const older: MongoOperation = {
  kind: 'set-rules',
  collection: 'outbox',
  rules: { required: ['event'], properties: { event: bson.text } },
};

it('a runner that stood still while others went on fails, and the next one sets right what it put back', async () => {
  let whole: readonly string[] = [];
  const othersGoOn = async (): Promise<void> => {
    const layout = client.db().collection<{ _id: string }>('lms_meta');
    await layout.updateOne({ _id: 'layout' }, { $set: { 'lease.until': new Date(0) } });
    const reports = await place.handle().migrations.run();
    expect(reports.map(({ layout: reached }) => reached?.version)).toEqual([newestLayout, newestLayout]);
    whole = await catalogueOf(place.address);
  };
  const source = { client: standingStill(othersGoOn), database: client.db().databaseName };
  const settings = hybridSettings({ mongo: source, mysql: { url: '' } });
  const late = onMongoTarget(source, settings, (target) =>
    target.exclusively(() => target.apply(older, async () => {}), 0),
  );
  await expect(late).rejects.toMatchObject({ code: 'STORE_LOCKED', retryable: true });
  expect(await catalogueOf(place.address)).not.toEqual(whole);

  const reports = await place.handle().migrations.run();
  expect(reports.flatMap(({ taken }) => taken)).toEqual([]);
  expect(await catalogueOf(place.address)).toEqual(whole);
});
