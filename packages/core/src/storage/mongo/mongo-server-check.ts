import { LmsError } from '../../foundation/kernel/index.js';
import type { MongoDatabase } from './mongo-database.js';

/** What the server said of itself. */
export interface MongoServerFacts {
  readonly version: string;
  /** A replica set's name, or null for a lone server. */
  readonly replicaSet: string | null;
  /** True when reached through mongos. */
  readonly sharded: boolean;
}

const oldestMajor = 6;

export async function mongoServerFacts(database: MongoDatabase): Promise<MongoServerFacts> {
  const hello = await database.database.command({ hello: 1 });
  const build = await database.database.command({ buildInfo: 1 });
  return {
    version: String(build['version']),
    replicaSet: typeof hello['setName'] === 'string' ? hello['setName'] : null,
    sharded: hello['msg'] === 'isdbgrid',
  };
}

/** @throws LmsError `STORE_MISCONFIGURED` naming the setting */
export function requireMongoServer(facts: MongoServerFacts, server: string): void {
  const major = Number.parseInt(facts.version, 10);
  if (!(major >= oldestMajor)) {
    throw new LmsError('STORE_MISCONFIGURED', {
      message: `${server} is version ${facts.version}; expected ${oldestMajor}.0 or later`,
    });
  }
  if (facts.replicaSet === null && !facts.sharded) {
    throw new LmsError('STORE_MISCONFIGURED', {
      message:
        `${server} is not a replica set, so it has no transactions; start mongod with --replSet rs0 ` +
        '(replication.replSetName) and run rs.initiate()',
    });
  }
}
