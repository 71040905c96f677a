import { bson, type CollectionPlan } from './collection-plan.js';

export type { CollectionPlan } from './collection-plan.js';

const { text, textOrNull, whole, money, list, document } = bson;
const format = { enum: [1] };

/** Documents carry `format`: a release reads its own and the one before. */
export const documentFormat = 1;

/** What a store keeps, beside `meta` that says what it is. */
export const dataCollections = [
  'leads',
  'leadActivities',
  'dataKeys',
  'storeKeys',
  'uniqueKeys',
  'lineHeads',
  'definitions',
  'drafts',
  'numbers',
  'importReceipts',
  'savedMappings',
  'outbox',
  'commands',
] as const;

export type CollectionName = 'meta' | (typeof dataCollections)[number];

export const collectionPlans: Readonly<Record<CollectionName, CollectionPlan>> = {
  meta: {
    name: 'lms_meta',
    indexes: [],
    required: ['version'],
    properties: { version: whole, layout: whole, storeId: text, lease: document },
  },
  leads: {
    name: 'leads',
    indexes: [{ key: { number: 1 }, name: 'number', unique: true }],
    required: [
      'format',
      'version',
      'number',
      'productLine',
      'stage',
      'status',
      'sealed',
      'amountPaise',
      'placementVersion',
    ],
    properties: {
      _id: text,
      format,
      version: whole,
      number: text,
      numberSeq: whole,
      productLine: text,
      stage: text,
      status: { enum: ['pending', 'in_progress', 'won', 'lost', 'converted'] },
      sealed: text,
      amountPaise: money,
      values: document,
      activities: { ...list, maxItems: 100 },
      ownerId: textOrNull,
      partner: textOrNull,
      placementVersion: whole,
    },
  },
  leadActivities: {
    name: 'lead_activities',
    indexes: [],
    required: ['format', 'activity'],
    properties: {
      _id: { bsonType: 'object', required: ['leadId', 'id'], properties: { leadId: text, id: text } },
      format,
      activity: document,
    },
  },
  dataKeys: {
    name: 'data_keys',
    indexes: [],
    required: ['format', 'wrapped', 'masterKeyId', 'destroyedAt'],
    properties: { format, wrapped: text, masterKeyId: text, destroyedAt: textOrNull },
  },
  storeKeys: {
    name: 'store_keys',
    indexes: [],
    required: ['format', 'wrapped', 'masterKeyId'],
    properties: { format, wrapped: text, masterKeyId: text },
  },
  uniqueKeys: {
    name: 'unique_keys',
    indexes: [{ key: { holderId: 1 }, name: 'holder' }],
    required: ['format', 'holderId'],
    properties: {
      _id: {
        bsonType: 'object',
        required: ['scope', 'rule', 'hash'],
        properties: { scope: text, rule: text, hash: text },
      },
      format,
      holderId: text,
    },
  },
  lineHeads: {
    name: 'product_lines',
    indexes: [],
    required: ['format', 'name', 'revision', 'schemaVersion', 'pipelineVersion'],
    properties: { _id: text, format, name: text, revision: whole, schemaVersion: whole, pipelineVersion: whole },
  },
  definitions: {
    name: 'definition_versions',
    indexes: [],
    required: ['format', 'body', 'publishedAt', 'publishedBy'],
    properties: {
      _id: {
        bsonType: 'object',
        required: ['productLine', 'part', 'version'],
        properties: { productLine: text, part: { enum: ['fields', 'pipeline'] }, version: whole },
      },
      format,
      body: text,
      publishedAt: text,
      publishedBy: text,
    },
  },
  drafts: {
    name: 'definition_drafts',
    indexes: [],
    required: ['format', 'baseRevision', 'definition', 'savedAt', 'savedBy'],
    properties: { _id: text, format, baseRevision: whole, definition: text, savedAt: text, savedBy: text },
  },
  numbers: {
    name: 'numbers',
    indexes: [],
    required: ['drawn'],
    properties: { _id: text, drawn: { bsonType: 'long', minimum: 0 } },
  },
  importReceipts: {
    name: 'import_receipts',
    indexes: [],
    required: ['format', 'source', 'batch', 'version', 'taken', 'at'],
    properties: { _id: text, format, source: text, batch: whole, version: whole, taken: text, at: text },
  },
  savedMappings: {
    name: 'saved_mappings',
    indexes: [],
    required: ['format', 'id', 'document', 'version', 'savedAt', 'savedBy'],
    properties: {
      _id: {
        bsonType: 'object',
        required: ['productLine', 'name'],
        properties: { productLine: text, name: text },
      },
      format,
      id: text,
      document: text,
      version: whole,
      savedAt: text,
      savedBy: text,
    },
  },
  outbox: {
    name: 'outbox',
    indexes: [{ key: { stuck: 1, lane: 1, _id: 1 }, name: 'lane' }],
    required: ['format', 'event'],
    properties: {
      _id: text,
      format,
      event: text,
      lane: whole,
      attempts: whole,
      dueAt: textOrNull,
      error: textOrNull,
      stuck: { bsonType: 'bool' },
    },
  },
  commands: {
    name: 'commands',
    indexes: [{ key: { expiresAt: 1 }, name: 'expiry' }],
    required: ['format', 'bodyHash', 'aggregateKind', 'aggregateId', 'version', 'at', 'expiresAt'],
    properties: {
      _id: { bsonType: 'object', required: ['scope', 'key'], properties: { scope: text, key: text } },
      format,
      bodyHash: text,
      aggregateKind: text,
      aggregateId: text,
      version: whole,
      at: text,
      expiresAt: text,
    },
  },
};
