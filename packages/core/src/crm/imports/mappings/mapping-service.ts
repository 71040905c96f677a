import { z } from 'zod';
import type { AccessService } from '../../../foundation/access/index.js';
import {
  type Actor,
  actorRef,
  type Clock,
  checkInput,
  cleanText,
  type IdSource,
  instantNow,
  type Json,
  LmsError,
} from '../../../foundation/kernel/index.js';
import type { EventRecorder, Unit, UnitOfWork } from '../../../foundation/persistence/index.js';
import { fieldByKey, type LineSchema } from '../../fields/index.js';
import { type MappingDocument, readMapping } from './mapping-document.js';
import type { SavedMappingStore, StoredMapping } from './saved-mapping-store.js';

export interface MappingPorts {
  readonly access: AccessService;
  readonly schemas: { schema(productLine: string): Promise<LineSchema> };
  readonly mappings: SavedMappingStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** A mapping that is kept for the next file of its source. */
export interface SavedMapping extends Omit<StoredMapping, 'document'> {
  readonly document: MappingDocument;
}

/** Names a mapping: a line has one of each name. Write the name of the source, and imports of that source find it. */
export interface MappingName {
  readonly productLine: string;
  /** 1 to 100 characters; white space is cleaned. */
  readonly name: string;
}

export interface MappingListQuery {
  readonly productLine?: string;
  /** Mappings behind this one. */
  readonly after?: MappingName;
  /** 1 to 200; 50 when absent. */
  readonly limit?: number;
}

export interface SaveMappingOptions {
  /** Saves only over this version; 0 only when there is none yet. Without it what is there is replaced. */
  readonly expectedVersion?: number;
}

const nameShape: z.ZodType<string> = z
  .string()
  .transform(cleanText)
  .pipe(z.string().min(1, { error: 'a mapping needs a name' }).max(100, { error: 'at most 100 characters' }));

const mostAttempts = 10;

/** Mappings of a store, one a source and product line. Who may import uses them; who may write them, saves. */
export class MappingService {
  readonly #ports: MappingPorts;

  constructor(ports: MappingPorts) {
    this.#ports = ports;
  }

  /**
   * Keeps a mapping. Of two callers at once each is told what it saved; without `expectedVersion` the later one stands.
   * @throws LmsError `PERMISSION_DENIED`, `LINE_NOT_FOUND`, `IMPORT_MAPPING_INVALID` (shape, or a field that the line has
   * not), `MAPPING_CONFLICT`
   */
  async save(
    actor: Actor,
    mapping: MappingName & { readonly document: MappingDocument },
    options: SaveMappingOptions = {},
  ): Promise<SavedMapping> {
    await this.#ports.access.require(actor, 'mappings.write');
    const name = checkInput(nameShape, mapping.name, 'the mapping cannot be saved');
    const schema = await this.#ports.schemas.schema(mapping.productLine);
    const document = checkedDocument(mapping.document, schema);
    for (let attempt = 1; ; attempt += 1) {
      const saved = await this.#ports.unitOfWork.run('documents', (unit) =>
        this.#saveIn(unit, { actor, productLine: mapping.productLine, name, document, options }),
      );
      if (saved !== null) return { ...saved, document };
      if (attempt === mostAttempts || options.expectedVersion !== undefined) throw conflict(name);
    }
  }

  /** @throws LmsError `PERMISSION_DENIED`, `MAPPING_NOT_FOUND` */
  async get(actor: Actor, mapping: MappingName): Promise<SavedMapping> {
    const found = await this.find(actor, mapping);
    if (found !== null) return found;
    throw notFound(mapping);
  }

  /** The mapping, or null. @throws LmsError `PERMISSION_DENIED` */
  async find(actor: Actor, { productLine, name }: MappingName): Promise<SavedMapping | null> {
    await this.#ports.access.require(actor, 'leads.import');
    const stored = await this.#ports.mappings.get(null, productLine, cleanText(name));
    return stored === null ? null : savedOf(stored);
  }

  /** By line and name. @throws LmsError `PERMISSION_DENIED` */
  async list(actor: Actor, query: MappingListQuery = {}): Promise<readonly SavedMapping[]> {
    await this.#ports.access.require(actor, 'leads.import');
    const limit = Math.min(200, Math.max(1, Math.trunc(query.limit ?? 50)));
    return (await this.#ports.mappings.list({ ...query, limit })).map(savedOf);
  }

  /** @throws LmsError `PERMISSION_DENIED`, `MAPPING_NOT_FOUND`, `MAPPING_CONFLICT` when it was saved anew meanwhile */
  async remove(actor: Actor, mapping: MappingName, options: SaveMappingOptions = {}): Promise<void> {
    const { access, unitOfWork, mappings } = this.#ports;
    await access.require(actor, 'mappings.write');
    const name = cleanText(mapping.name);
    await unitOfWork.run('documents', async (unit) => {
      const stored = await mappings.get(unit, mapping.productLine, name);
      if (stored === null) throw notFound(mapping);
      const expected = options.expectedVersion ?? stored.version;
      if (!(await mappings.remove(unit, mapping.productLine, name, expected))) throw conflict(name);
      await this.#record(unit, { type: 'mapping.removed', command: 'mappings.remove', actor }, stored);
    });
  }

  /** @returns null when somebody else was faster */
  async #saveIn(
    unit: Unit,
    wanted: {
      readonly actor: Actor;
      readonly productLine: string;
      readonly name: string;
      readonly document: MappingDocument;
      readonly options: SaveMappingOptions;
    },
  ): Promise<StoredMapping | null> {
    const { mappings, clock, ids } = this.#ports;
    const { actor, productLine, name, options } = wanted;
    const before = await mappings.get(unit, productLine, name);
    const version = before?.version ?? 0;
    if (options.expectedVersion !== undefined && options.expectedVersion !== version) return null;
    const mapping: StoredMapping = {
      id: before?.id ?? ids.next<'mapping'>(),
      productLine,
      name,
      document: jsonOf(wanted.document),
      version: version + 1,
      savedAt: instantNow(clock),
      savedBy: actorRef(actor),
    };
    const saved = before === null ? mappings.insert(unit, mapping) : mappings.replace(unit, mapping, version);
    if (!(await saved)) return null;
    await this.#record(unit, { type: 'mapping.saved', command: 'mappings.save', actor }, mapping);
    return mapping;
  }

  async #record(
    unit: Unit,
    event: { readonly type: string; readonly command: string; readonly actor: Actor },
    { id, version, productLine, name }: StoredMapping,
  ): Promise<void> {
    await this.#ports.events.record(unit, [
      {
        ...event,
        typeVersion: 1,
        aggregate: { kind: 'mapping', id, version },
        data: { productLine, name },
        sealed: null,
      },
    ]);
  }
}

/** @throws LmsError `IMPORT_MAPPING_INVALID` */
function checkedDocument(input: MappingDocument, schema: LineSchema): MappingDocument {
  const document = readMapping(input);
  const { productLine } = document;
  const problems = Object.entries(document.columns).flatMap(([heading, target]) => {
    const key = typeof target === 'string' ? target : target.field;
    if (key.trim() === '-' || fieldByKey(schema, key) !== undefined) return [];
    return [{ path: `columns.${heading}`, rule: 'unknown-field', message: `there is no field ${JSON.stringify(key)}` }];
  });
  if (productLine !== undefined && productLine !== schema.productLine) {
    const message = `the mapping is for "${productLine}", not for "${schema.productLine}"`;
    problems.push({ path: 'productLine', rule: 'other-line', message });
  }
  if (problems.length === 0) return document;
  throw LmsError.ofProblems('IMPORT_MAPPING_INVALID', 'the mapping cannot be saved', problems);
}

function savedOf({ document, ...mapping }: StoredMapping): SavedMapping {
  return { ...mapping, document: readMapping(document) };
}

/** The document as plain JSON. */
function jsonOf(document: MappingDocument): Json {
  return JSON.parse(JSON.stringify(document));
}

function notFound({ productLine, name }: MappingName): LmsError {
  return new LmsError('MAPPING_NOT_FOUND', {
    message: `"${productLine.slice(0, 64)}" has no mapping ${JSON.stringify(name.slice(0, 100))}`,
  });
}

function conflict(name: string): LmsError {
  return new LmsError('MAPPING_CONFLICT', { message: `the mapping "${name}" was saved or removed by somebody else` });
}
