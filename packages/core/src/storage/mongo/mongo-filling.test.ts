import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore } from '../../../test-support/store.js';
import type { RowBatch } from '../../index.js';
import { connectHybrid, type HybridConnection } from '../hybrid/hybrid-connection.js';
import { hybridSettings } from '../hybrid/hybrid-options.js';
import { documentsPart, MongoFilling } from './mongo-filling.js';

let place: StorePlace;
let connection: HybridConnection;
/** The documents of a store with a lead. */
const batches: RowBatch[] = [];
const others = { code: 'STORE_FAILED', message: expect.stringMatching(/another restore/) };

beforeAll(async () => {
  const source = await makePlace('sqlite');
  const { admin, lms } = await newStore(source.handle());
  await admin.leads.create(loanLead());
  await lms.close();
  const storage = source.handle();
  await storage.open();
  const snapshot = await storage.snapshots.snapshot();
  for await (const batch of snapshot.batches()) batches.push(documentsPart(batch));
  await snapshot.close();
  await storage.close();
  await source.remove();

  place = await makePlace('hybrid');
  const { address } = place;
  if (address.shape !== 'hybrid') throw new Error('expected servers');
  const options = { mongo: { url: address.mongoUrl }, mysql: { url: address.mysqlUrl } };
  connection = await connectHybrid(options, hybridSettings(options));
});

afterAll(async () => {
  await connection.close();
  await place.remove();
});

async function fill(filling: MongoFilling): Promise<void> {
  for (const batch of batches) await filling.load(batch);
}

test('a restore that stood still writes and takes away nothing once another has the documents, whatever the ledger says', async () => {
  const stalled = new MongoFilling(connection.mongo);
  await stalled.look();
  await stalled.take();
  await fill(stalled);

  const late = new MongoFilling(connection.mongo);
  await late.look();
  const next = new MongoFilling(connection.mongo);
  await next.look();
  await next.take();
  const lead = batches.find(({ table }) => table === 'leads');
  if (lead === undefined) throw new Error('the store has no lead');
  await expect(stalled.load(lead)).rejects.toMatchObject(others);

  await next.empty();
  expect(await connection.mongo.collection('leads').countDocuments({})).toBe(0);
  await fill(next);
  await next.requireCounts();

  await expect(stalled.empty()).rejects.toMatchObject(others);
  await expect(stalled.load(lead)).rejects.toMatchObject(others);
  // One that looked before another took it stood still in between.
  await expect(late.take()).rejects.toMatchObject(others);
  await expect(late.empty()).rejects.toMatchObject(others);
  await next.requireCounts();
});
