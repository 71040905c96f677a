import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { clientName } from './counted-storage.js';

const sessions = z.array(z.object({ lsid: z.looseObject({}) }));

/**
 * Ends what killed processes left open on MongoDB, as the server itself does when a transaction has lived for
 * `transactionLifetimeLimitSeconds`; MySQL sees that the connection is gone. Only of processes of the same database.
 */
export async function endDeadSessions(mongoUrl: string): Promise<void> {
  const client = new MongoClient(mongoUrl);
  try {
    const admin = client.db('admin');
    const open = await admin
      .aggregate([
        { $currentOp: { allUsers: true, idleSessions: true } },
        { $match: { appName: clientName(mongoUrl), lsid: { $exists: true } } },
        { $project: { _id: 0, lsid: 1 } },
      ])
      .toArray();
    const patterns = sessions.parse(open).map(({ lsid }) => ({ lsid }));
    if (patterns.length > 0) await admin.command({ killAllSessionsByPattern: patterns });
  } finally {
    await client.close();
  }
}
