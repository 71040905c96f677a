import { cryptoRandom, type Finding, systemClock, uuidV7Source } from '../../foundation/kernel/index.js';
import { layoutFinding } from '../migrations/layout.js';
import { requireMongoCollections } from '../mongo/mongo-collection-check.js';
import { collectionPlans } from '../mongo/mongo-collections.js';
import { MongoDatabase } from '../mongo/mongo-database.js';
import { storeError } from '../mongo/mongo-errors.js';
import { mongoLayout, prepareLayout } from '../mongo/mongo-layout.js';
import { mongoServerFacts, requireMongoServer } from '../mongo/mongo-server-check.js';
import { type MongoLink, mongoLabel, mongoLink } from '../mongo/mongo-source.js';
import { mongoStoreHalf } from '../mongo/mongo-store-half.js';
import { lostAsUnavailable, type MysqlPool } from '../mysql/mysql-pool.js';
import { type MysqlServer, mysqlFindings, openMysqlServer } from '../mysql/mysql-server.js';
import { mysqlLabel } from '../mysql/mysql-source.js';
import { mysqlStoreHalf } from '../mysql/mysql-store-half.js';
import { answerWithin } from '../server-address.js';
import { clockFinding } from '../server-clock.js';
import { ledgerOnlySchema } from '../sql/schema.js';
import type { HybridOptions, HybridSettings } from './hybrid-options.js';
import { tieHalves } from './tie-halves.js';

/** Both servers, reached, checked and laid out. */
export interface HybridConnection {
  readonly mongo: MongoDatabase;
  readonly mysql: MysqlPool;
  /** Lets go of what LMS itself opened; clients and pools that were given stay open. */
  close(): Promise<void>;
  findings(): Promise<readonly Finding[]>;
}

/** @throws LmsError `STORE_UNAVAILABLE`, `STORE_MISCONFIGURED`, `STORE_TOO_NEW`, `DRIVER_MISSING` */
export async function connectHybrid(options: HybridOptions, settings: HybridSettings): Promise<HybridConnection> {
  const [mongo, mysql] = await Promise.allSettled([
    openMongo(options, settings),
    openMysqlServer(options.mysql, settings, ledgerOnlySchema),
  ]);
  if (mongo.status === 'fulfilled' && mysql.status === 'fulfilled')
    return tied(joined(mongo.value, mysql.value, mysqlLabel(options.mysql)), mysqlLabel(options.mysql));
  if (mongo.status === 'fulfilled') await mongo.value.close();
  if (mysql.status === 'fulfilled') await mysql.value.close();
  throw mongo.status === 'rejected' ? mongo.reason : mysql.status === 'rejected' ? mysql.reason : null;
}

/** The same connection, once both servers are known to hold halves of one store; else neither stays open. */
async function tied(connection: HybridConnection, mysqlServer: string): Promise<HybridConnection> {
  const { mongo, mysql } = connection;
  const ids = uuidV7Source(systemClock, cryptoRandom());
  try {
    await tieHalves(mongoStoreHalf(mongo), mysqlStoreHalf(mysql, mysqlServer), () => ids.next());
  } catch (error) {
    await connection.close();
    throw storeError(lostAsUnavailable(error, mysqlServer), mongo.server);
  }
  return connection;
}

interface Opened<Server> {
  readonly server: Server;
  close(): Promise<void>;
}

async function openMongo(options: HybridOptions, settings: HybridSettings): Promise<Opened<MongoDatabase>> {
  const label = mongoLabel(options.mongo);
  const link = await mongoLink(options.mongo, settings);
  const database = new MongoDatabase(link.client, options.mongo.database, label, settings.statementMillis);
  try {
    await answerWithin(settings.connectMillis * 2, label, link.client.connect());
    requireMongoServer(await mongoServerFacts(database), label);
    await prepareLayout(database);
    await requireMongoCollections(database, Object.values(collectionPlans));
  } catch (error) {
    await closeMongo(link);
    throw storeError(error, label);
  }
  return { server: database, close: () => closeMongo(link) };
}

async function closeMongo(link: MongoLink): Promise<void> {
  if (link.owned) await link.client.close();
}

function joined(mongo: Opened<MongoDatabase>, mysql: MysqlServer, mysqlServer: string): HybridConnection {
  return {
    mongo: mongo.server,
    mysql: mysql.pool,
    async close() {
      await Promise.all([mongo.close(), mysql.close()]);
    },
    findings: () =>
      findingsOf(mongo.server, mysql.pool).catch((error: unknown) => {
        throw storeError(lostAsUnavailable(error, mysqlServer), mongo.server.server);
      }),
  };
}

async function findingsOf(mongo: MongoDatabase, mysql: MysqlPool): Promise<readonly Finding[]> {
  const server = await mongoServerFacts(mongo);
  return [
    { name: 'mongodb version', ok: true, message: server.version },
    { name: 'mongodb replica set', ok: true, message: server.replicaSet ?? 'through mongos' },
    {
      name: 'mongodb compatibility',
      ok: true,
      message: server.compatibility ?? 'featureCompatibilityVersion is not shown to this user',
    },
    layoutFinding('mongodb layout', await mongoLayout(mongo)),
    clockFinding('mongodb', server.now),
    ...(await mysqlFindings(mysql)),
  ];
}
