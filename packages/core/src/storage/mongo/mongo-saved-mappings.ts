import type { SavedMappingStore, StoredMapping } from '../../crm/imports/mappings/saved-mapping-store.js';
import type { Unit } from '../../foundation/persistence/index.js';
import { documentFormat } from './mongo-collections.js';
import type { MongoAccess } from './mongo-database.js';

interface MappingId {
  readonly productLine: string;
  readonly name: string;
}

interface MappingDocument extends Omit<StoredMapping, 'productLine' | 'name' | 'document'> {
  readonly _id: MappingId;
  /** As JSON: to MongoDB headings such as `a.b` would be paths. */
  readonly document: string;
}

/** Saved mappings. The id sorts by line and name. */
export class MongoSavedMappingStore implements SavedMappingStore {
  readonly #access: MongoAccess;

  constructor(access: MongoAccess) {
    this.#access = access;
  }

  async get(unit: Unit | null, productLine: string, name: string): Promise<StoredMapping | null> {
    const document = await this.#access.on(unit, 'savedMappings', (collection, options) =>
      collection.findOne<MappingDocument>({ _id: idOf({ productLine, name }) }, options),
    );
    return document === null ? null : mappingOf(document);
  }

  async list({
    productLine,
    after,
    limit,
  }: Parameters<SavedMappingStore['list']>[0]): Promise<readonly StoredMapping[]> {
    // To MongoDB every object comes behind every text: this is behind all names of the line.
    const ofLine = productLine === undefined ? {} : { $gte: { productLine, name: '' }, $lt: { productLine, name: {} } };
    const range = { ...ofLine, ...(after === undefined ? {} : { $gt: idOf(after) }) };
    const filter = Object.keys(range).length === 0 ? {} : { _id: range };
    const documents = await this.#access.on(null, 'savedMappings', (collection, options) =>
      collection.find<MappingDocument>(filter, { ...options, sort: { _id: 1 }, limit }).toArray(),
    );
    return documents.map(mappingOf);
  }

  async insert(unit: Unit, mapping: StoredMapping): Promise<boolean> {
    if ((await this.get(unit, mapping.productLine, mapping.name)) !== null) return false;
    await this.#access.on(unit, 'savedMappings', (collection, options) =>
      collection.insertMany([{ _id: idOf(mapping), ...stateOf(mapping) }], options),
    );
    return true;
  }

  async replace(unit: Unit, mapping: StoredMapping, expectedVersion: number): Promise<boolean> {
    const { matchedCount } = await this.#access.on(unit, 'savedMappings', (collection, options) =>
      collection.updateOne({ _id: idOf(mapping), version: expectedVersion }, { $set: stateOf(mapping) }, options),
    );
    return matchedCount === 1;
  }

  async remove(unit: Unit, productLine: string, name: string, expectedVersion: number): Promise<boolean> {
    const filter = { _id: idOf({ productLine, name }), version: expectedVersion };
    const { deletedCount } = await this.#access.on(unit, 'savedMappings', (collection, options) =>
      collection.deleteOne(filter, options),
    );
    return deletedCount === 1;
  }
}

/** The `_id`: always these fields in this order, as MongoDB compares documents byte by byte. */
function idOf({ productLine, name }: MappingId): MappingId {
  return { productLine, name };
}

function stateOf({ id, document, version, savedAt, savedBy }: StoredMapping): object {
  return { format: documentFormat, id, document: JSON.stringify(document), version, savedAt, savedBy };
}

function mappingOf({ _id, id, document, version, savedAt, savedBy }: MappingDocument): StoredMapping {
  return {
    id,
    productLine: _id.productLine,
    name: _id.name,
    document: JSON.parse(document),
    version,
    savedAt,
    savedBy,
  };
}
