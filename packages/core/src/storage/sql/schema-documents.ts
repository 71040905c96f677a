import type { ColumnDescription, TableDescription } from './schema-description.js';

/** Which shape the row has; a release reads its own and the one before. */
const format: ColumnDescription = { kind: 'integer', default: 1 };

/** The documents home as tables. */
export const documentSchema: readonly TableDescription[] = [
  {
    name: 'leads',
    columns: {
      id: { kind: 'id' },
      version: { kind: 'integer', min: 1 },
      number: { kind: 'slug' },
      product_line: { kind: 'slug' },
      document: { kind: 'json' },
      owner_id: { kind: 'slug', nullable: true },
      partner: { kind: 'slug', nullable: true },
      placement_version: { kind: 'integer', min: 0 },
      format,
    },
    primaryKey: ['id'],
    indexes: [{ name: 'leads_by_number', columns: ['number'], unique: true }],
  },
  {
    name: 'lead_activities',
    columns: {
      lead_id: { kind: 'id' },
      id: { kind: 'id' },
      type: { kind: 'slug' },
      at: { kind: 'instant' },
      actor: { kind: 'name' },
      data: { kind: 'json' },
      sealed: { kind: 'text', nullable: true },
      format,
    },
    primaryKey: ['lead_id', 'id'],
  },
  {
    name: 'data_keys',
    columns: {
      kind: { kind: 'slug' },
      id: { kind: 'slug' },
      wrapped: { kind: 'text' },
      master_key_id: { kind: 'slug' },
      destroyed_at: { kind: 'instant', nullable: true },
      format,
    },
    primaryKey: ['kind', 'id'],
    clustered: true,
  },
  {
    name: 'store_keys',
    columns: { name: { kind: 'slug' }, wrapped: { kind: 'text' }, master_key_id: { kind: 'slug' }, format },
    primaryKey: ['name'],
    clustered: true,
  },
  {
    name: 'unique_keys',
    columns: { scope: { kind: 'slug' }, rule: { kind: 'slug' }, hash: { kind: 'name' }, holder_id: { kind: 'id' } },
    primaryKey: ['scope', 'rule', 'hash'],
    indexes: [{ name: 'unique_keys_by_holder', columns: ['holder_id', 'scope', 'rule', 'hash'] }],
    clustered: true,
  },
  {
    name: 'counters',
    columns: { series: { kind: 'slug' }, last: { kind: 'integer', min: 1 } },
    primaryKey: ['series'],
    clustered: true,
  },
  {
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
  {
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
  {
    name: 'product_lines',
    columns: {
      slug: { kind: 'slug' },
      name: { kind: 'text' },
      revision: { kind: 'integer', min: 1 },
      schema_version: { kind: 'integer', min: 0 },
      pipeline_version: { kind: 'integer', min: 0 },
      created_at: { kind: 'instant' },
      updated_at: { kind: 'instant' },
      format,
    },
    primaryKey: ['slug'],
    clustered: true,
  },
  {
    name: 'definition_versions',
    columns: {
      product_line: { kind: 'slug' },
      part: { kind: 'slug', oneOf: ['fields', 'pipeline'] },
      version: { kind: 'integer', min: 1 },
      body: { kind: 'json' },
      published_at: { kind: 'instant' },
      published_by: { kind: 'name' },
      format,
    },
    primaryKey: ['product_line', 'part', 'version'],
  },
  {
    name: 'definition_drafts',
    columns: {
      product_line: { kind: 'slug' },
      base_revision: { kind: 'integer', min: 0 },
      definition: { kind: 'json' },
      saved_at: { kind: 'instant' },
      saved_by: { kind: 'name' },
      format,
    },
    primaryKey: ['product_line'],
  },
];
