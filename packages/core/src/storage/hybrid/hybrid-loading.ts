import type { RowBatch, StoreLoading } from '../../foundation/backup/snapshot-store.js';
import { documentsPart, MongoFilling } from '../mongo/mongo-filling.js';
import { mongoStoreHalf } from '../mongo/mongo-store-half.js';
import { mysqlFilling } from '../mysql/mysql-loading.js';
import { ledgerTables, rowsOfHome } from '../sql/copied-tables.js';
import { ledgerOnlySchema } from '../sql/schema.js';
import type { HybridConnection } from './hybrid-connection.js';

/**
 * Fills both servers. The mark that closes the store stands in the ledger from before the first document until after the last, and nobody
 * can take it over while documents are written; what a server forgets of that, of a process that stood still, the documents' own server
 * knows.
 */
export async function hybridLoading(connection: HybridConnection, ledgerServer: string): Promise<StoreLoading> {
  const documents = new MongoFilling(connection.mongo);
  const half = mongoStoreHalf(connection.mongo);
  const ledger = mysqlFilling(
    connection.mysql,
    { server: ledgerServer, schema: ledgerOnlySchema },
    {
      look: () => documents.look(),
      holds: () => half.holdsData(),
      take: () => documents.take(),
      empty: () => documents.empty(),
    },
  );
  const ledgerRows = new Map<string, number>();
  try {
    await ledger.begin();
  } catch (error) {
    await connection.close();
    throw error;
  }
  return {
    async load(batch) {
      const rest = ledgerPart(batch);
      await ledger.load(rest, () => documents.load(documentsPart(batch)));
      ledgerRows.set(rest.table, (ledgerRows.get(rest.table) ?? 0) + rest.rows.length);
    },
    async finish() {
      await documents.requireCounts();
      await ledger.requireCounts(ledgerRows);
      await ledger.end();
    },
    close: () => connection.close(),
  };
}

function ledgerPart(batch: RowBatch): RowBatch {
  return ledgerTables.has(batch.table) ? rowsOfHome(batch, 'ledger') : { table: batch.table, rows: [] };
}
