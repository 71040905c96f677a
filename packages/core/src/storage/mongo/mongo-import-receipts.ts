import type { ImportReceipt, ImportReceiptStore, TakenRows } from '../../crm/imports/receipts/import-receipt-store.js';
import type { Unit } from '../../foundation/persistence/index.js';
import { documentFormat } from './mongo-collections.js';
import type { MongoAccess } from './mongo-database.js';

interface ReceiptDocument extends Omit<ImportReceipt, 'taken'> {
  readonly _id: string;
  /** As JSON, so that a long sheet stays a short document. */
  readonly taken: string;
}

const digitsOfBatch = 9;

/** What imports have made leads of. */
export class MongoImportReceiptStore implements ImportReceiptStore {
  readonly #access: MongoAccess;

  constructor(access: MongoAccess) {
    this.#access = access;
  }

  async list(source: string, after: number, limit: number): Promise<readonly ImportReceipt[]> {
    const from = after < 0 ? `${source}:` : receiptId(source, after);
    const documents = await this.#access.on(null, 'importReceipts', (collection, options) =>
      collection
        .find<ReceiptDocument>({ _id: { $gt: from, $lt: `${source};` } }, { ...options, sort: { _id: 1 }, limit })
        .toArray(),
    );
    return documents.map(receiptOf);
  }

  async get(unit: Unit, source: string, batch: number): Promise<ImportReceipt | null> {
    const document = await this.#access.on(unit, 'importReceipts', (collection, options) =>
      collection.findOne<ReceiptDocument>({ _id: receiptId(source, batch) }, options),
    );
    return document === null ? null : receiptOf(document);
  }

  async save(unit: Unit, receipt: ImportReceipt, expectedVersion: number): Promise<boolean> {
    const _id = receiptId(receipt.source, receipt.batch);
    const fields = { ...receipt, taken: JSON.stringify(receipt.taken), format: documentFormat };
    if (expectedVersion === 0) {
      if ((await this.get(unit, receipt.source, receipt.batch)) !== null) return false;
      await this.#access.on(unit, 'importReceipts', (collection, options) =>
        collection.insertMany([{ _id, ...fields }], options),
      );
      return true;
    }
    const { matchedCount } = await this.#access.on(unit, 'importReceipts', (collection, options) =>
      collection.updateOne({ _id, version: expectedVersion }, { $set: fields }, options),
    );
    return matchedCount === 1;
  }
}

/** Sorts by source and batch. */
export function receiptId(source: string, batch: number): string {
  return `${source}:${String(batch).padStart(digitsOfBatch, '0')}`;
}

function receiptOf({ source, batch, version, taken, at }: ReceiptDocument): ImportReceipt {
  const rows: readonly TakenRows[] = JSON.parse(taken);
  return { source, batch, version, taken: rows, at };
}
