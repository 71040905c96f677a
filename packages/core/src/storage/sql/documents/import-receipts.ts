import { type Selectable, sql } from 'kysely';
import type {
  ImportReceipt,
  ImportReceiptStore,
  TakenRows,
} from '../../../crm/imports/receipts/import-receipt-store.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { prepare } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import type { ImportReceiptsTable } from '../tables.js';

type ReceiptRow = Omit<Selectable<ImportReceiptsTable>, 'format'>;

const columns = ['source', 'batch', 'version', 'taken', 'at'] as const satisfies readonly (keyof ReceiptRow)[];

export function importReceiptStore(context: SqlContext): ImportReceiptStore {
  const { query, locksRows } = context.flavour;
  const receipts = inserter(context.flavour, 'import_receipts', columns);
  const find = prepare<{ source: string; batch: number }, ReceiptRow>((parameter) =>
    query
      .selectFrom('import_receipts')
      .select(columns)
      .where('source', '=', parameter('source'))
      .where('batch', '=', parameter('batch'))
      .$if(locksRows, (select) => select.forUpdate()),
  );
  const list = prepare<{ source: string; after: number; limit: number }, ReceiptRow>((parameter) =>
    query
      .selectFrom('import_receipts')
      .select(columns)
      .where('source', '=', parameter('source'))
      .where(sql<boolean>`batch > ${parameter('after')}`)
      .orderBy('batch')
      .limit(parameter('limit')),
  );
  const replace = prepare<ReceiptRow & { expected: number }, unknown>((parameter) =>
    query
      .updateTable('import_receipts')
      .set({ version: parameter('version'), taken: parameter('taken'), at: parameter('at') })
      .where('source', '=', parameter('source'))
      .where('batch', '=', parameter('batch'))
      .where('version', '=', parameter('expected')),
  );
  return {
    async list(source, after, limit) {
      return (await list.all(context.reader, { source, after, limit })).map(receiptOf);
    },
    async get(unit, source, batch) {
      const row = await find.first(connectionOf(unit, 'documents'), { source, batch });
      return row === null ? null : receiptOf(row);
    },
    async save(unit, receipt, expectedVersion) {
      const connection = connectionOf(unit, 'documents');
      const row = { ...receipt, taken: writeJson(receipt.taken.map(packed)) };
      if (expectedVersion === 0) return receipts.insertOne(connection, row);
      return (await replace.run(connection, { ...row, expected: expectedVersion })) === 1;
    },
  };
}

/** How SQL stores keep the rows of a receipt: a long sheet has many. */
export type PackedRows = readonly [
  firstRow: number,
  count: number,
  numberMonth: string,
  firstNumberSeq: number,
  run: string,
  updated?: true,
];

export function packed({ firstRow, count, numberMonth, firstNumberSeq, run, updated }: TakenRows): PackedRows {
  const rows = [firstRow, count, numberMonth, firstNumberSeq, run] as const;
  return updated === true ? [...rows, true] : rows;
}

function receiptOf({ source, batch, version, taken, at }: ReceiptRow): ImportReceipt {
  return { source, batch, version, taken: readJson<readonly PackedRows[]>(taken).map(unpacked), at };
}

export function unpacked([firstRow, count, numberMonth, firstNumberSeq, run, updated]: PackedRows): TakenRows {
  const rows = { run, firstRow, count, numberMonth, firstNumberSeq };
  return updated === true ? { ...rows, updated } : rows;
}
