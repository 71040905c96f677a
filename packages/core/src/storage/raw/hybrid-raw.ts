import type { MongoSource } from '../mongo/mongo-source.js';
import type { MysqlSource } from '../mysql/mysql-source.js';
import type { RawStore } from '../raw-store.js';
import { ledgerOnlySchema } from '../sql/schema.js';
import { connectRawMongo } from './mongo-raw.js';
import { connectRawMysql } from './mysql-raw.js';

export interface RawHybridOptions {
  /** Its URL must say an `appName` of its own, the store's too: by it the server tells their transactions from others. */
  readonly mongo: MongoSource;
  readonly mysql: MysqlSource;
  readonly allowInsecure?: boolean;
}

/** Past the code of a store in MongoDB and MySQL. @throws LmsError as the opening of the store does */
export async function rawHybrid({ mongo, mysql, allowInsecure = false }: RawHybridOptions): Promise<RawStore> {
  const documents = await connectRawMongo(mongo, allowInsecure);
  const ledger = await connectRawMysql({ ...mysql, allowInsecure }, ledgerOnlySchema).catch(async (error: unknown) => {
    await documents.close();
    throw error;
  });
  return {
    concurrency: 'first-writer',
    violations: [...documents.violations, ...ledger.violations],
    begin: () => documents.begin(),
    miscount: (productLine) => ledger.miscount(productLine),
    async cutOthers() {
      return (await documents.cutOthers()) + (await ledger.cutOthers());
    },
    async close() {
      await Promise.all([documents.close(), ledger.close()]);
    },
  };
}
