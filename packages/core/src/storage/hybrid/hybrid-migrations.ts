import { LmsError } from '../../foundation/kernel/index.js';
import { usualWaitMillis } from '../migrations/run-migrations.js';
import { migrateTarget, statusOf } from '../migrations/storage-migrations.js';
import type { StorageMigrations } from '../migrations-port.js';
import { type MongoMigrationTarget, onMongoTarget } from '../mongo/mongo-migrations.js';
import { type MysqlMigrationTarget, onMysqlTarget } from '../mysql/mysql-migrations.js';
import type { HybridOptions, HybridSettings } from './hybrid-options.js';

/** The migrations of both servers, the documents' first: what the ledger says of them is projected from there. */
export function hybridMigrations(options: HybridOptions, settings: HybridSettings): StorageMigrations {
  return {
    status: () =>
      onBoth(options, settings, async ({ documents, ledger }) => [
        await statusOf('documents', documents),
        await statusOf('ledger', ledger),
      ]),
    run: (runOptions = {}) =>
      onBoth(options, settings, async ({ documents, ledger }) => {
        await refuseTwoStores(documents, ledger);
        const ofDocuments = await migrateTarget('documents', documents, runOptions);
        await documents.mendRules(runOptions.waitMillis ?? usualWaitMillis);
        return [ofDocuments, await migrateTarget('ledger', ledger, runOptions)];
      }),
  };
}

interface Halves {
  readonly documents: MongoMigrationTarget;
  readonly ledger: MysqlMigrationTarget;
}

function onBoth<Result>(
  { mongo, mysql }: HybridOptions,
  settings: HybridSettings,
  work: (halves: Halves) => Promise<Result>,
): Promise<Result> {
  return onMongoTarget(mongo, settings, (documents) =>
    onMysqlTarget({ source: mysql, settings, homes: 'ledger' }, (ledger) => work({ documents, ledger })),
  );
}

/** A wrong address must not have another store migrated. */
async function refuseTwoStores(documents: MongoMigrationTarget, ledger: MysqlMigrationTarget): Promise<void> {
  const [inDocuments, inLedger] = await Promise.all([documents.storeId(), ledger.storeId()]);
  if (inDocuments === null || inLedger === null || inDocuments === inLedger) return;
  throw new LmsError('STORE_MISCONFIGURED', {
    message: `${documents.place} belongs to store ${inDocuments}, but ${ledger.place} belongs to store ${inLedger}: check the MongoDB and MySQL addresses of this store; nothing was migrated`,
    details: { setting: 'store id', documents: inDocuments, ledger: inLedger },
  });
}
