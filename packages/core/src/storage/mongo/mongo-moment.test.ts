import { type ClientSession, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { MongoDatabase } from './mongo-database.js';
import { prepareLayout } from './mongo-layout.js';
import { MongoMoment } from './mongo-moment.js';

let databases: ServerDatabases;
let client: MongoClient;
const sessions: ClientSession[] = [];

beforeAll(async () => {
  databases = await makeServerDatabases();
  client = new MongoClient(databases.mongoUrl);
  await prepareLayout(new MongoDatabase(client, undefined, 'the test server'));
});

afterAll(async () => {
  await client.close();
  await databases.drop();
});

/** The real client, whose snapshot sessions are seen, and over before they are used when they are to fail. */
function watched(isFailing: boolean): MongoDatabase {
  const handle = {
    connect: () => client.connect(),
    close: () => client.close(),
    db: (name?: string) => client.db(name),
    startSession(options?: object) {
      const session = client.startSession(options);
      sessions.push(session);
      if (isFailing) Reflect.set(session, 'snapshotTime', 'none');
      return session;
    },
  };
  return new MongoDatabase(handle, undefined, 'the test server');
}

it.each([{ isFailing: false }, { isFailing: true }])(
  'gives its session back, also when it cannot begin: %o',
  async (how) => {
    sessions.splice(0);
    const begun = MongoMoment.begin(watched(how.isFailing)).then((moment) => moment.end());
    if (how.isFailing) await expect(begun).rejects.toMatchObject({ code: 'STORE_FAILED' });
    else await begun;
    expect(sessions.map(({ hasEnded }) => hasEnded)).toEqual([true]);
  },
);
