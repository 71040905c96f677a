import { collectionPlans } from '../mongo/mongo-collections.js';
import type { MongoClientHandle, MongoDatabaseHandle, MongoSessionHandle } from '../mongo/mongo-handle.js';
import { type MongoSource, mongoLink } from '../mongo/mongo-source.js';
import type { RawTransaction, Violation } from '../raw-store.js';
import { mongoViolations } from './mongo-violations.js';

/** A client of its own to a MongoDB database, past the code of the store that lives there. */
export interface RawMongo {
  readonly violations: readonly Violation[];
  begin(): Promise<RawTransaction>;
  cutOthers(): Promise<number>;
  close(): Promise<void>;
}

export async function connectRawMongo(source: MongoSource, allowInsecure: boolean): Promise<RawMongo> {
  const link = await mongoLink(source, { connectMillis: 5_000, poolSize: 4, allowInsecure });
  await link.client.connect();
  const database = link.client.db(source.database);
  return {
    violations: mongoViolations(database),
    begin: async () => transactionOn(link.client, database),
    cutOthers: () => endTransactions(link.client, 'url' in source ? source.url : ''),
    async close() {
      if (link.owned) await link.client.close();
    },
  };
}

function transactionOn(client: MongoClientHandle, database: MongoDatabaseHandle): RawTransaction {
  const session = client.startSession();
  session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
  const leads = database.collection(collectionPlans.leads.name);
  return {
    async place(leadIds) {
      for (const id of leadIds) {
        await leads.updateOne({ _id: id }, { $inc: { placementVersion: 1 }, $set: { partner: 'raw' } }, { session });
      }
    },
    commit: () => ended(session, session.commitTransaction()),
    rollBack: () => ended(session, session.abortTransaction()),
  };
}

async function ended(session: MongoSessionHandle, ending: Promise<unknown>): Promise<void> {
  try {
    await ending;
  } finally {
    await session.endSession();
  }
}

interface OpenSession {
  readonly lsid: { readonly id: object };
}

/**
 * Connections are not the server's to end, open transactions are: those of clients with the `appName` that the URL says, which
 * must be one of its own, as others on the server have theirs.
 */
async function endTransactions(client: MongoClientHandle, url: string): Promise<number> {
  const appName = new URLSearchParams(url.split('?')[1] ?? '').get('appName');
  if (appName === null)
    throw new Error('the MongoDB URL names no appName, by which its transactions are told from others');
  const admin = client.db('admin');
  const { cursor } = await admin.command({
    aggregate: 1,
    pipeline: [
      { $currentOp: { idleSessions: true } },
      { $match: { appName, type: 'idleSession', transaction: { $exists: true } } },
      { $project: { lsid: 1 } },
    ],
    cursor: {},
  });
  const sessions = firstBatch<OpenSession>(cursor).map(({ lsid }) => ({ id: lsid.id }));
  if (sessions.length > 0) await admin.command({ killSessions: sessions });
  return sessions.length;
}

function firstBatch<Row>(cursor: unknown): readonly Row[] {
  const batch = typeof cursor === 'object' && cursor !== null && 'firstBatch' in cursor ? cursor.firstBatch : [];
  return Array.isArray(batch) ? batch : [];
}
