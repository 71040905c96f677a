import type {
  DefinitionPartName,
  DefinitionStore,
  LineHead,
  StoredDefinition,
  StoredDraft,
} from '../../crm/fields/index.js';
import type { Json } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import { documentFormat } from './mongo-collections.js';
import type { MongoAccess } from './mongo-database.js';

type HeadDocument = Omit<LineHead, 'slug'> & { readonly _id: string; readonly format: number };

interface VersionId {
  readonly productLine: string;
  readonly part: DefinitionPartName;
  readonly version: number;
}

interface VersionDocument {
  readonly _id: VersionId;
  readonly body: string;
  readonly publishedAt: string;
  readonly publishedBy: string;
}

interface DraftDocument {
  readonly _id: string;
  readonly baseRevision: number;
  readonly definition: string;
  readonly savedAt: string;
  readonly savedBy: string;
}

const mostHeads = 1000;

/** Definitions. Bodies are kept as JSON text: to MongoDB their keys (`$ref`, `a.b`) would be operators and paths. */
export class MongoDefinitionStore implements DefinitionStore {
  readonly #access: MongoAccess;

  constructor(access: MongoAccess) {
    this.#access = access;
  }

  async head(unit: Unit | null, slug: string): Promise<LineHead | null> {
    const document = await this.#access.on(unit, 'lineHeads', (collection, options) =>
      collection.findOne<HeadDocument>({ _id: slug }, options),
    );
    return document === null ? null : headOf(document);
  }

  async heads(): Promise<readonly LineHead[]> {
    const documents = await this.#access.on(null, 'lineHeads', (collection, options) =>
      collection.find<HeadDocument>({}, { ...options, sort: { _id: 1 }, limit: mostHeads }).toArray(),
    );
    return documents.map(headOf);
  }

  async insertHead(unit: Unit, { slug, ...head }: LineHead): Promise<boolean> {
    if ((await this.head(unit, slug)) !== null) return false;
    const document = { _id: slug, format: documentFormat, ...head };
    await this.#access.on(unit, 'lineHeads', (collection, options) => collection.insertMany([document], options));
    return true;
  }

  async replaceHead(unit: Unit, { slug, ...head }: LineHead, expectedRevision: number): Promise<boolean> {
    const result = await this.#access.on(unit, 'lineHeads', (collection, options) =>
      collection.updateOne({ _id: slug, revision: expectedRevision }, { $set: head }, options),
    );
    return result.matchedCount === 1;
  }

  /** Every unit that reads a head holds a lock on the collection until it ends. */
  awaitReaders(): Promise<void> {
    return this.#access.awaitTransactions('lineHeads');
  }

  async insertVersion(unit: Unit, definition: StoredDefinition): Promise<void> {
    const { productLine, part, version, body, publishedAt, publishedBy } = definition;
    const document = {
      _id: { productLine, part, version },
      format: documentFormat,
      body: JSON.stringify(body),
      publishedAt,
      publishedBy,
    };
    await this.#access.on(unit, 'definitions', (collection, options) => collection.insertMany([document], options));
  }

  async version(
    unit: Unit | null,
    productLine: string,
    part: DefinitionPartName,
    version: number,
  ): Promise<StoredDefinition | null> {
    const document = await this.#access.on(unit, 'definitions', (collection, options) =>
      collection.findOne<VersionDocument>({ _id: { productLine, part, version } }, options),
    );
    if (document === null) return null;
    return { ...summaryOf(document), body: parseJson(document.body) };
  }

  async versions(
    productLine: string,
    part: DefinitionPartName,
    limit: number,
  ): Promise<readonly Omit<StoredDefinition, 'body'>[]> {
    const range = {
      $gte: { productLine, part, version: 0 },
      $lte: { productLine, part, version: Number.MAX_SAFE_INTEGER },
    };
    const documents = await this.#access.on(null, 'definitions', (collection, options) =>
      collection
        .find<Omit<VersionDocument, 'body'>>(
          { _id: range },
          { ...options, sort: { _id: -1 }, limit, projection: { body: 0 } },
        )
        .toArray(),
    );
    return documents.map(summaryOf);
  }

  async draft(unit: Unit | null, slug: string): Promise<StoredDraft | null> {
    const document = await this.#access.on(unit, 'drafts', (collection, options) =>
      collection.findOne<DraftDocument>({ _id: slug }, options),
    );
    if (document === null) return null;
    return {
      productLine: document._id,
      baseRevision: document.baseRevision,
      definition: parseJson(document.definition),
      savedAt: document.savedAt,
      savedBy: document.savedBy,
    };
  }

  async saveDraft(unit: Unit, draft: StoredDraft): Promise<void> {
    const { productLine, baseRevision, definition, savedAt, savedBy } = draft;
    const state = { format: documentFormat, baseRevision, definition: JSON.stringify(definition), savedAt, savedBy };
    await this.#access.on(unit, 'drafts', (collection, options) =>
      collection.updateOne({ _id: productLine }, { $set: state }, { ...options, upsert: true }),
    );
  }

  async removeDraft(unit: Unit, slug: string): Promise<void> {
    await this.#access.on(unit, 'drafts', (collection, options) => collection.deleteOne({ _id: slug }, options));
  }
}

function headOf({ _id, format: _format, ...head }: HeadDocument): LineHead {
  return { slug: _id, ...head };
}

function summaryOf(document: Omit<VersionDocument, 'body'>): Omit<StoredDefinition, 'body'> {
  const { productLine, part, version } = document._id;
  return { productLine, part, version, publishedAt: document.publishedAt, publishedBy: document.publishedBy };
}

/** JSON that this store wrote itself. */
function parseJson(text: string): Json {
  return JSON.parse(text);
}
