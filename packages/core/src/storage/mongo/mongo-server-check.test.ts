import { expect, it } from 'vitest';
import { type MongoServerFacts, requireMongoServer } from './mongo-server-check.js';

const good: MongoServerFacts = {
  version: '6.0.5',
  database: 'lms',
  replicaSet: 'rs0',
  sharded: false,
  writable: true,
  compatibility: '6.0',
  privileges: null,
  now: 0,
};
const all = ['find', 'insert', 'update', 'remove'];

it.each<Partial<MongoServerFacts>>([
  {},
  { version: '8.0.1' },
  { version: '7.0.2', replicaSet: null, sharded: true },
  { compatibility: null },
  { privileges: [{ resource: { db: 'lms', collection: '' }, actions: all }] },
  { privileges: [{ resource: { anyResource: true }, actions: ['anyAction'] }] },
])('takes %o', (change) => {
  requireMongoServer({ ...good, ...change }, 'db:27017');
});

it.each<{ change: Partial<MongoServerFacts>; setting: string; says: RegExp }>([
  { change: { replicaSet: null }, setting: 'replica set', says: /--replSet rs0.*rs\.initiate/ },
  { change: { version: '5.0.14' }, setting: 'version', says: /6\.0 or later: upgrade/ },
  { change: { version: '4.4.0' }, setting: 'version', says: /6\.0 or later/ },
  { change: { version: 'unknown' }, setting: 'version', says: /6\.0 or later/ },
  {
    change: { compatibility: '5.0' },
    setting: 'featureCompatibilityVersion',
    says: /is 5\.0; .*setFeatureCompatibilityVersion: "6\.0"/,
  },
  {
    change: { privileges: [{ resource: { db: 'lms', collection: '' }, actions: ['find'] }] },
    setting: 'privileges',
    says: /may not insert, update, remove in the database "lms"; grant it the roles readWrite/,
  },
  {
    change: { privileges: [{ resource: { db: 'other', collection: '' }, actions: all }] },
    setting: 'privileges',
    says: /may not find/,
  },
])('names $setting for $change, and what to do', ({ change, setting, says }) => {
  expect(() => requireMongoServer({ ...good, ...change }, 'db:27017')).toThrow(
    expect.objectContaining({
      code: 'STORE_MISCONFIGURED',
      details: { setting },
      message: expect.stringMatching(says),
    }),
  );
});

it('says of a secondary that it takes no writes now, which may pass', () => {
  expect(() => requireMongoServer({ ...good, writable: false }, 'db:27017')).toThrow(
    expect.objectContaining({ code: 'STORE_UNAVAILABLE', retryable: true, message: expect.stringMatching(/election/) }),
  );
});
