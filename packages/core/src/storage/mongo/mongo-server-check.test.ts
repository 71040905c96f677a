import { expect, it } from 'vitest';
import { collectionPlans } from './mongo-collections.js';
import { type MongoPrivilege, type MongoServerFacts, requireMongoServer } from './mongo-server-check.js';

const good: MongoServerFacts = {
  version: '6.0.5',
  database: 'lms',
  replicaSet: 'rs0',
  sharded: false,
  writable: true,
  compatibility: '6.0',
  user: null,
  now: 0,
};
const all = ['find', 'insert', 'update', 'remove', 'collMod'];

function userWith(...privileges: MongoPrivilege[]): Partial<MongoServerFacts> {
  return { user: { name: 'asha', db: 'admin', privileges } };
}

const onEach = Object.values(collectionPlans).map(({ name }) => ({
  resource: { db: 'lms', collection: name },
  actions: all,
}));

it.each<Partial<MongoServerFacts>>([
  {},
  { version: '8.0.1' },
  { version: '7.0.2', replicaSet: null, sharded: true },
  { compatibility: null },
  userWith({ resource: { db: 'lms', collection: '' }, actions: all }),
  userWith({ resource: { anyResource: true }, actions: ['anyAction'] }),
  userWith(...onEach),
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
    change: userWith({ resource: { db: 'lms', collection: '' }, actions: ['find', 'collMod'] }),
    setting: 'privileges',
    says: /may not insert, update, remove in the database "lms"; grant it the roles readWrite and dbAdmin on it: db\.getSiblingDB\("admin"\)\.grantRolesToUser\("asha", \[\{ role: "readWrite", db: "lms" }, /,
  },
  {
    change: userWith({ resource: { db: 'other', collection: '' }, actions: all }),
    setting: 'privileges',
    says: /may not find/,
  },
  {
    change: userWith(...onEach.slice(1)),
    setting: 'privileges',
    says: /may not find/,
  },
  {
    change: userWith({ resource: { db: 'lms', collection: '' }, actions: all.slice(0, 4) }),
    setting: 'privileges',
    says: /may not collMod/,
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
