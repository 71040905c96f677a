import { type Json, LmsError } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import { deepFreeze } from './deep-freeze.js';
import type { DefinitionPartName, DefinitionStore } from './definition-store.js';
import { schemaOfSection } from './fields-section.js';
import type { LineSchema } from './line-schema.js';
import type { OwnFieldTypes } from './own-types/index.js';

/** A version of a part of a product line. */
export interface VersionKey {
  readonly productLine: string;
  readonly part: DefinitionPartName;
  readonly version: number;
}

interface OpenVersion {
  readonly section: Json;
  schema: LineSchema | null;
}

const capacity = 1000;

/**
 * Published versions never change, so the last 1,000 used are remembered, each as one shared frozen object. What is
 * compiled from a schema hangs on that object.
 */
export class VersionCache {
  readonly #store: DefinitionStore;
  readonly #types: OwnFieldTypes;
  readonly #versions = new Map<string, OpenVersion>();

  constructor(store: DefinitionStore, types: OwnFieldTypes) {
    this.#store = store;
    this.#types = types;
  }

  /** @throws LmsError `SCHEMA_VERSION_NOT_FOUND` */
  async section(key: VersionKey, unit: Unit | null): Promise<Json> {
    return (await this.#open(key, unit)).section;
  }

  /** @throws LmsError `SCHEMA_VERSION_NOT_FOUND` */
  async schema(key: Omit<VersionKey, 'part'>, unit: Unit | null): Promise<LineSchema> {
    const open = await this.#open({ ...key, part: 'fields' }, unit);
    if (open.schema === null) {
      open.schema = schemaOfSection(key.productLine, key.version, open.section);
      this.#types.bind(open.schema.fields, open.schema.ownTypes);
    }
    return open.schema;
  }

  /**
   * Forgets a version whose publish failed: units that are committed together may see each other's writes, so somebody may
   * have read it.
   */
  forget(key: VersionKey): void {
    this.#versions.delete(nameOf(key));
  }

  async #open(key: VersionKey, unit: Unit | null): Promise<OpenVersion> {
    const name = nameOf(key);
    const known = this.#versions.get(name);
    if (known !== undefined) {
      this.#versions.delete(name);
      this.#versions.set(name, known);
      return known;
    }
    const stored = await this.#store.version(unit, key.productLine, key.part, key.version);
    if (stored === null) throw notFound(key);
    const open: OpenVersion = { section: deepFreeze(stored.body), schema: null };
    this.#versions.set(name, open);
    for (const oldest of this.#versions.keys()) {
      if (this.#versions.size <= capacity) break;
      this.#versions.delete(oldest);
    }
    return open;
  }
}

function nameOf(key: VersionKey): string {
  return `${key.productLine} ${key.part} ${key.version}`;
}

function notFound(key: VersionKey): LmsError {
  return new LmsError('SCHEMA_VERSION_NOT_FOUND', {
    message: `${key.productLine} has no version ${key.version} of its ${key.part}`,
    path: 'version',
  });
}
