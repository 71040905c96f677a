import { expect, it } from 'vitest';
import { requireMongoServer } from './mongo-server-check.js';

const good = { version: '6.0.5', replicaSet: 'rs0', sharded: false };

it.each([good, { ...good, version: '8.0.1' }, { version: '7.0.2', replicaSet: null, sharded: true }])(
  'takes %o',
  (facts) => {
    requireMongoServer(facts, 'db:27017');
  },
);

it('names the replica set that is missing, and how to make one', () => {
  expect(() => requireMongoServer({ ...good, replicaSet: null }, 'db:27017')).toThrow(
    expect.objectContaining({ code: 'STORE_MISCONFIGURED', message: expect.stringMatching(/replica set.*--replSet/) }),
  );
});

it.each(['5.0.14', '4.4.0', 'unknown'])('refuses version %s', (version) => {
  expect(() => requireMongoServer({ ...good, version }, 'db:27017')).toThrow(
    expect.objectContaining({ code: 'STORE_MISCONFIGURED', message: expect.stringContaining('6.0 or later') }),
  );
});
