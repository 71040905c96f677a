import { mkdir } from 'node:fs/promises';
import { MongoClient, MongoServerError } from 'mongodb';
import { mongodBinary } from './mongodb-binary.ts';
import { type StartedServer, startServerProcess, type TestServer } from './server-process.ts';

const ALREADY_INITIALIZED = 23;

/** MongoDB as a replica set of one member, so that transactions work. */
export const mongodb: TestServer = {
  name: 'MongoDB',
  variable: 'MONGO_URL',
  async start(folder: string): Promise<StartedServer> {
    const program = await mongodBinary();
    await mkdir(folder, { recursive: true });
    const command = (port: number) => ({
      program,
      args: [
        ...['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket', '--replSet', 'rs0'],
        ...['--wiredTigerCacheSizeGB', '0.5', '--setParameter', 'diagnosticDataCollectionEnabled=false'],
        // A test that kills a process in a transaction waits this long for its locks, not the usual minute.
        ...['--setParameter', 'transactionLifetimeLimitSeconds=5'],
      ],
    });
    return startServerProcess({ folder, command, connect });
  },
};

/** Makes the one member a replica set and waits until it is its primary. */
async function connect(port: number): Promise<string> {
  const address = `127.0.0.1:${port}`;
  const client = new MongoClient(`mongodb://${address}/?directConnection=true`, { serverSelectionTimeoutMS: 2_000 });
  try {
    const admin = client.db('admin');
    try {
      await admin.command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: address }] } });
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === ALREADY_INITIALIZED)) throw error;
    }
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary'] !== true) throw new Error('the replica set has no primary yet');
    return `mongodb://${address}/lms?replicaSet=rs0`;
  } finally {
    await client.close();
  }
}
