import { bson } from '../mongo/collection-plan.js';
import type { ColumnDescription } from '../sql/schema-description.js';
import type { Migration } from './migration.js';

const format: ColumnDescription = { kind: 'integer', default: 1 };
const formatOne = { enum: [1] };

/** From the first release to imports that leave receipts, saved mappings, and runs that say they are alive. */
export const importsMigration: Migration = {
  version: 2,
  name: 'import receipts, saved mappings, signs of life of import runs',
  kind: 'expand',
  readableBy: 1,
  documentTables: [
    {
      kind: 'create-table',
      table: {
        name: 'import_receipts',
        columns: {
          source: { kind: 'slug' },
          batch: { kind: 'integer', min: 0 },
          version: { kind: 'integer', min: 1 },
          taken: { kind: 'json' },
          at: { kind: 'instant' },
          format,
        },
        primaryKey: ['source', 'batch'],
      },
    },
    {
      kind: 'create-table',
      table: {
        name: 'saved_mappings',
        columns: {
          product_line: { kind: 'slug' },
          name: { kind: 'slug' },
          id: { kind: 'id' },
          document: { kind: 'json' },
          version: { kind: 'integer', min: 1 },
          saved_at: { kind: 'instant' },
          saved_by: { kind: 'name' },
          format,
        },
        primaryKey: ['product_line', 'name'],
      },
    },
  ],
  ledgerTables: [
    {
      kind: 'add-column',
      table: 'import_runs',
      column: 'alive_at',
      description: { kind: 'instant', nullable: true },
    },
    { kind: 'fill', table: 'import_runs', column: 'alive_at', from: 'started_at', by: 'id' },
  ],
  collections: [
    {
      kind: 'set-rules',
      collection: 'lms_meta',
      rules: {
        required: ['version'],
        properties: { version: bson.whole, layout: bson.whole, storeId: bson.text, lease: bson.document },
      },
    },
    {
      kind: 'create-collection',
      plan: {
        name: 'import_receipts',
        indexes: [],
        required: ['format', 'source', 'batch', 'version', 'taken', 'at'],
        properties: {
          _id: bson.text,
          format: formatOne,
          source: bson.text,
          batch: bson.whole,
          version: bson.whole,
          taken: bson.text,
          at: bson.text,
        },
      },
    },
    {
      kind: 'create-collection',
      plan: {
        name: 'saved_mappings',
        indexes: [],
        required: ['format', 'id', 'document', 'version', 'savedAt', 'savedBy'],
        properties: {
          _id: {
            bsonType: 'object',
            required: ['productLine', 'name'],
            properties: { productLine: bson.text, name: bson.text },
          },
          format: formatOne,
          id: bson.text,
          document: bson.text,
          version: bson.whole,
          savedAt: bson.text,
          savedBy: bson.text,
        },
      },
    },
  ],
};
