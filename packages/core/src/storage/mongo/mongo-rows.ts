import type { TakenRows } from '../../crm/imports/receipts/import-receipt-store.js';
import type { StoredCell, StoredRow } from '../../foundation/backup/snapshot-store.js';
import { LmsError } from '../../foundation/kernel/index.js';
import { copiedColumns } from '../sql/copied-tables.js';
import { type PackedRows, packed, unpacked } from '../sql/documents/import-receipts.js';
import { readJson } from '../sql/json-text.js';
import { toBsonDocument } from './bson-document.js';
import { type CollectionName, documentFormat } from './mongo-collections.js';
import { receiptId } from './mongo-import-receipts.js';

/** A row by the names of its columns. */
export type NamedRow = Readonly<Record<string, StoredCell>>;
type Document = Readonly<Record<string, unknown>>;

/** How the documents of one collection are the rows of one table of a SQL store. */
export interface RowMapping {
  readonly table: string;
  toRow(document: Document): NamedRow;
  toDocument(row: NamedRow): object;
}

export type CopiedCollection = Exclude<CollectionName, 'meta'>;

/** Every collection but the one that says what the store is. */
export const rowMappings: Readonly<Record<CopiedCollection, RowMapping>> = {
  leads: {
    table: 'leads',
    toRow({ _id, ownerId, partner, placementVersion, ...state }) {
      return {
        id: text(_id),
        version: whole(state['version']),
        number: text(state['number']),
        product_line: text(state['productLine']),
        document: JSON.stringify({ id: _id, ...state }),
        owner_id: textOrNull(ownerId),
        partner: textOrNull(partner),
        placement_version: whole(placementVersion),
        format: whole(state['format']),
      };
    },
    toDocument(row) {
      const { id, ...state } = parsed(row['document']);
      return {
        _id: id,
        ...toBsonDocument({
          ...state,
          ownerId: row['owner_id'],
          partner: row['partner'],
          placementVersion: row['placement_version'],
        }),
      };
    },
  },
  leadActivities: {
    table: 'lead_activities',
    toRow({ _id, activity, format }) {
      const { id, type, at, actor, data, sealed } = document(activity);
      return {
        lead_id: text(document(_id)['leadId']),
        id: text(id),
        type: text(type),
        at: text(at),
        actor: text(actor),
        data: JSON.stringify(data),
        sealed: textOrNull(sealed),
        format: whole(format),
      };
    },
    toDocument({ lead_id, id, type, at, actor, data, sealed, format }) {
      const activity = { id, type, at, actor, data: JSON.parse(text(data)), sealed };
      return { _id: { leadId: lead_id, id }, format, activity: toBsonDocument(activity) };
    },
  },
  dataKeys: {
    table: 'data_keys',
    toRow: ({ _id, wrapped, masterKeyId, destroyedAt, format }) => ({
      kind: text(document(_id)['kind']),
      id: text(document(_id)['id']),
      wrapped: text(wrapped),
      master_key_id: text(masterKeyId),
      destroyed_at: textOrNull(destroyedAt),
      format: whole(format),
    }),
    toDocument: ({ kind, id, wrapped, master_key_id, destroyed_at, format }) => ({
      _id: { kind, id },
      format,
      wrapped,
      masterKeyId: master_key_id,
      destroyedAt: destroyed_at,
    }),
  },
  storeKeys: {
    table: 'store_keys',
    toRow: ({ _id, wrapped, masterKeyId, format }) => ({
      name: text(_id),
      wrapped: text(wrapped),
      master_key_id: text(masterKeyId),
      format: whole(format),
    }),
    toDocument: ({ name, wrapped, master_key_id, format }) => ({
      _id: name,
      format,
      wrapped,
      masterKeyId: master_key_id,
    }),
  },
  uniqueKeys: {
    table: 'unique_keys',
    toRow({ _id, holderId }) {
      const { scope, rule, hash } = document(_id);
      return { scope: text(scope), rule: text(rule), hash: text(hash), holder_id: text(holderId) };
    },
    toDocument: ({ scope, rule, hash, holder_id }) => ({
      _id: { scope, rule, hash },
      format: documentFormat,
      holderId: holder_id,
    }),
  },
  numbers: {
    table: 'counters',
    toRow: ({ _id, drawn }) => ({ series: text(_id), last: whole(drawn) }),
    toDocument: ({ series, last }) => ({ _id: series, drawn: BigInt(whole(last)) }),
  },
  importReceipts: {
    table: 'import_receipts',
    toRow: ({ source, batch, version, taken, at, format }) => ({
      source: text(source),
      batch: whole(batch),
      version: whole(version),
      taken: JSON.stringify(readJson<readonly TakenRows[]>(text(taken)).map(packed)),
      at: text(at),
      format: whole(format),
    }),
    toDocument: ({ source, batch, version, taken, at, format }) => ({
      _id: receiptId(text(source), whole(batch)),
      source,
      batch,
      version,
      taken: JSON.stringify(readJson<readonly PackedRows[]>(text(taken)).map(unpacked)),
      at,
      format,
    }),
  },
  savedMappings: {
    table: 'saved_mappings',
    toRow: ({ _id, id, document: body, version, savedAt, savedBy, format }) => ({
      product_line: text(document(_id)['productLine']),
      name: text(document(_id)['name']),
      id: text(id),
      document: text(body),
      version: whole(version),
      saved_at: text(savedAt),
      saved_by: text(savedBy),
      format: whole(format),
    }),
    toDocument: ({ product_line, name, id, document: body, version, saved_at, saved_by, format }) => ({
      _id: { productLine: product_line, name },
      format,
      id,
      document: body,
      version,
      savedAt: saved_at,
      savedBy: saved_by,
    }),
  },
  lineHeads: {
    table: 'product_lines',
    toRow: ({ _id, name, revision, schemaVersion, pipelineVersion, createdAt, updatedAt, format }) => ({
      slug: text(_id),
      name: text(name),
      revision: whole(revision),
      schema_version: whole(schemaVersion),
      pipeline_version: whole(pipelineVersion),
      created_at: text(createdAt),
      updated_at: text(updatedAt),
      format: whole(format),
    }),
    toDocument: ({ slug, name, revision, schema_version, pipeline_version, created_at, updated_at, format }) => ({
      _id: slug,
      format,
      name,
      revision,
      schemaVersion: schema_version,
      pipelineVersion: pipeline_version,
      createdAt: created_at,
      updatedAt: updated_at,
    }),
  },
  definitions: {
    table: 'definition_versions',
    toRow({ _id, body, publishedAt, publishedBy, format }) {
      const { productLine, part, version } = document(_id);
      return {
        product_line: text(productLine),
        part: text(part),
        version: whole(version),
        body: text(body),
        published_at: text(publishedAt),
        published_by: text(publishedBy),
        format: whole(format),
      };
    },
    toDocument: ({ product_line, part, version, body, published_at, published_by, format }) => ({
      _id: { productLine: product_line, part, version },
      format,
      body,
      publishedAt: published_at,
      publishedBy: published_by,
    }),
  },
  drafts: {
    table: 'definition_drafts',
    toRow: ({ _id, baseRevision, definition, savedAt, savedBy, format }) => ({
      product_line: text(_id),
      base_revision: whole(baseRevision),
      definition: text(definition),
      saved_at: text(savedAt),
      saved_by: text(savedBy),
      format: whole(format),
    }),
    toDocument: ({ product_line, base_revision, definition, saved_at, saved_by, format }) => ({
      _id: product_line,
      format,
      baseRevision: base_revision,
      definition,
      savedAt: saved_at,
      savedBy: saved_by,
    }),
  },
  outbox: {
    table: 'outbox',
    toRow: ({ _id, event, lane = 0, attempts = 0, dueAt = null, error = null, stuck = false }) => ({
      home: 'documents',
      id: text(_id),
      event: text(event),
      lane: whole(lane),
      attempts: whole(attempts),
      due_at: textOrNull(dueAt),
      error: textOrNull(error),
      stuck: stuck === true ? 1 : 0,
    }),
    toDocument: ({ id, event, lane, attempts, due_at, error, stuck }) => ({
      _id: id,
      format: documentFormat,
      event,
      lane,
      attempts,
      dueAt: due_at,
      error,
      stuck: stuck === 1,
    }),
  },
  commands: {
    table: 'commands',
    toRow: ({ _id, bodyHash, aggregateKind, aggregateId, version, at, expiresAt }) => ({
      home: 'documents',
      scope: text(document(_id)['scope']),
      command_key: text(document(_id)['key']),
      body_hash: text(bodyHash),
      aggregate_kind: text(aggregateKind),
      aggregate_id: text(aggregateId),
      version: whole(version),
      at: text(at),
      expires_at: text(expiresAt),
    }),
    toDocument: (row) => ({
      _id: { scope: row['scope'], key: row['command_key'] },
      format: documentFormat,
      bodyHash: row['body_hash'],
      aggregateKind: row['aggregate_kind'],
      aggregateId: row['aggregate_id'],
      version: row['version'],
      at: row['at'],
      expiresAt: row['expires_at'],
    }),
  },
};

/** The cells of a row in the order of its table's columns. */
export function cellsOf(table: string, row: NamedRow): StoredRow {
  return copiedColumns(table).map((column) => {
    const cell = row[column];
    if (cell === undefined)
      throw new LmsError('INTERNAL', { message: `${table} has a column ${column} without a field` });
    return cell;
  });
}

export function namedRow(table: string, cells: StoredRow): NamedRow {
  return Object.fromEntries(copiedColumns(table).map((column, at) => [column, cells[at] ?? null]));
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw notOurs(value);
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : text(value);
}

function whole(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw notOurs(value);
}

function document(value: unknown): Document {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw notOurs(value);
}

function parsed(json: StoredCell | undefined): Readonly<Record<string, unknown>> {
  return document(JSON.parse(text(json)));
}

function notOurs(value: unknown): LmsError {
  return new LmsError('STORE_CORRUPT', { message: `a record holds a ${typeof value} where no store writes one` });
}
