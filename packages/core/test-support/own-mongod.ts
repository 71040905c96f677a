import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { type OwnServer, startOwnServer } from './own-server.js';

export type OwnMongod = OwnServer;

/**
 * @param folder where its files are, an empty one or one of a server that was stopped
 * @param args of mongod
 * @param port that it had: a member of a replica set knows itself by it
 */
export async function startMongod(folder: string, args: readonly string[], port?: number): Promise<OwnMongod> {
  const quiet = [
    '--dbpath',
    folder,
    '--logpath',
    `${folder}.log`,
    '--setParameter',
    'diagnosticDataCollectionEnabled=false',
  ];
  const same = port === undefined ? [] : ['--port', String(port)];
  return startOwnServer('mongod-keeper.ts', [...same, ...quiet, ...args], `${folder}.log`);
}

/** Works on the server with a client of its own. @param credentials such as `user:password@`, or nothing */
export async function onMongod<Result>(
  { address }: OwnMongod,
  credentials: string,
  work: (client: MongoClient) => Promise<Result>,
): Promise<Result> {
  const client = new MongoClient(`mongodb://${credentials}${address}/?directConnection=true`);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Waits until a replica set of one has made itself its primary. */
export async function untilPrimary(server: OwnMongod): Promise<void> {
  await onMongod(server, '', async (client) => {
    for (let left = 400; !(await client.db().command({ hello: 1 }))['isWritablePrimary']; left -= 1) {
      if (left === 0) throw new Error('the server did not become primary within 20 seconds');
      await sleep(50);
    }
  });
}
