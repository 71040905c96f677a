import { type DocumentRows, outboxRow, parsedList, type Row } from './raw-rows.js';
import type { RawRows } from './raw-state.js';
import type { Tables } from './raw-tables.js';

/** The half of a store that lies in MongoDB; its `outbox` and `commands` are those of the documents alone. */
export type MongoRows = DocumentRows & Pick<RawRows, 'outbox' | 'commands'>;

export async function readMongo(tables: Tables): Promise<MongoRows> {
  /** The fields of `_id` stand beside the others. */
  const read = async (collection: string, idName = 'id'): Promise<readonly Row[]> => {
    const documents = (await tables.get(`documents ${collection}`)?.()) ?? [];
    return documents.map(({ _id, ...fields }) =>
      typeof _id === 'object' ? { ...fields, ..._id } : { ...fields, [idName]: _id },
    );
  };
  return {
    leads: (await read('leads')).map((row) => ({ ...row, id: String(row['id']) })),
    oldActivities: (await read('lead_activities')).map(({ activity, ...row }) => ({ ...Object(activity), ...row })),
    uniqueKeys: await read('unique_keys'),
    dataKeys: await read('data_keys'),
    storeKeys: await read('store_keys', 'name'),
    counters: (await read('numbers', 'series')).map((row) => ({ ...row, last: row['drawn'] })),
    lines: await read('product_lines', 'slug'),
    definitions: await read('definition_versions'),
    drafts: await read('definition_drafts', 'productLine'),
    mappings: await read('saved_mappings'),
    receipts: (await read('import_receipts')).map((row) => ({ ...row, taken: parsedList(row['taken']) })),
    outbox: (await read('outbox')).map((row) => outboxRow({ home: 'documents', ...row })),
    commands: await read('commands'),
  };
}
