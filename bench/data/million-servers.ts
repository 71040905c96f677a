import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import { type OwnServer, startOwnServer } from '../../packages/core/test-support/own-server.ts';
import type { StoreAddress } from './store-place.ts';

/** What a small server would have. */
export const serverSettings = '1 GB of buffer pool (InnoDB) and 1 GB of cache (WiredTiger)';
const mysqldSettings = ['--innodb-buffer-pool-size=1G', '--innodb-redo-log-capacity=1G'];
const mongodSettings = ['--wiredTigerCacheSizeGB', '1', '--replSet', 'rs0'];
const database = 'lms_bench';

export interface ShapeServers {
  readonly address: StoreAddress;
  /** Stops them at once; their files stay. */
  stop(): Promise<void>;
}

/** Servers of one measurement's own, empty, with their files on the disk below `folder`; they end with this process. */
export async function serversOf(shape: 'mysql' | 'hybrid', folder: string): Promise<ShapeServers> {
  const mysqld = await startMysqld(join(folder, 'mysql'));
  const mysqlUrl = `mysql://root@${mysqld.address}/${database}`;
  if (shape === 'mysql') return { address: { shape, mysqlUrl }, stop: () => mysqld.stop() };
  const mongod = await startMongod(join(folder, 'mongodb'));
  return {
    address: { shape, mysqlUrl, mongoUrl: `mongodb://${mongod.address}/${database}?replicaSet=rs0` },
    async stop() {
      await mysqld.stop();
      await mongod.stop();
    },
  };
}

async function startMysqld(files: string): Promise<OwnServer> {
  const server = await startOwnServer('mysqld-keeper.ts', [files, ...mysqldSettings], `${files}.log`);
  const connection = await createConnection({ host: '127.0.0.1', port: server.port, user: 'root' });
  await connection.query(`CREATE DATABASE ${database}`);
  await connection.end();
  return server;
}

async function startMongod(files: string): Promise<OwnServer> {
  mkdirSync(files);
  const log = `${files}.log`;
  const quiet = ['--logpath', log, '--setParameter', 'diagnosticDataCollectionEnabled=false'];
  const server = await startOwnServer('mongod-keeper.ts', ['--dbpath', files, ...quiet, ...mongodSettings], log);
  const client = new MongoClient(`mongodb://${server.address}/?directConnection=true`);
  await client.db('admin').command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: server.address }] } });
  await client.close();
  return server;
}
