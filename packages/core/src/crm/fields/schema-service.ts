import type { Permission } from '../../foundation/access/index.js';
import type { Actor } from '../../foundation/kernel/index.js';
import type { DraftOptions } from './definition-drafts.js';
import type { LineHead, StoredDefinition, StoredDraft } from './definition-store.js';
import type { SchemaDescription } from './describe-schema.js';
import type { FieldSchemaEngine, PublishResult, StandingDefinition } from './field-schema-engine.js';
import { type FieldTypeSummary, fieldTypeList } from './field-type-list.js';
import type { LineSchema } from './line-schema.js';
import type { LintReport } from './lint/index.js';
import type { ProductLineDefinition } from './product-line-definition.js';
import { generateTypes } from './typescript-types.js';
import type { PartVersion } from './versions-at.js';

export interface SchemaServicePorts {
  readonly engine: FieldSchemaEngine;
  readonly access: { require(actor: Actor, permission: Permission): Promise<unknown> };
}

/** Product lines as people read and publish them: the engine behind the checks of who may. */
export class SchemaService {
  readonly #engine: FieldSchemaEngine;
  readonly #access: SchemaServicePorts['access'];

  constructor(ports: SchemaServicePorts) {
    this.#engine = ports.engine;
    this.#access = ports.access;
  }

  /** Every type that a field may have: those built in, then those of the plugins of this process. */
  async fieldTypes(actor: Actor): Promise<readonly FieldTypeSummary[]> {
    await this.#read(actor);
    return fieldTypeList(this.#engine.types);
  }

  /** Every product line, by slug. */
  async list(actor: Actor): Promise<readonly LineHead[]> {
    await this.#read(actor);
    return this.#engine.lines();
  }

  /** The line as a definition file that publishes to what stands now. @throws LmsError `LINE_NOT_FOUND` */
  async definition(actor: Actor, slug: string): Promise<ProductLineDefinition> {
    await this.#read(actor);
    return this.#engine.definition(slug);
  }

  /** See {@link FieldSchemaEngine.standing}. */
  async standing(actor: Actor, slug: string, at?: PartVersion): Promise<StandingDefinition> {
    await this.#read(actor);
    return this.#engine.standing(slug, at);
  }

  /** A version of the fields, the current one when `version` is absent. @throws LmsError `SCHEMA_VERSION_NOT_FOUND` */
  async schema(actor: Actor, slug: string, version?: number): Promise<LineSchema> {
    await this.#read(actor);
    return this.#engine.schema(slug, version);
  }

  /** Published versions of the fields, newest first. */
  async versions(actor: Actor, slug: string): Promise<readonly Omit<StoredDefinition, 'body'>[]> {
    await this.#read(actor);
    return this.#engine.versions(slug);
  }

  /** JSON Schema, layout, roles and types of the fields, for forms. */
  async describe(actor: Actor, slug: string, version?: number): Promise<SchemaDescription> {
    await this.#read(actor);
    return this.#engine.describe(slug, version);
  }

  /** Everything that stops a definition from being published. Writes nothing. */
  async lint(actor: Actor, definition: unknown): Promise<LintReport> {
    await this.#read(actor);
    return this.#engine.lint(definition);
  }

  async draft(actor: Actor, slug: string): Promise<StoredDraft | null> {
    await this.#read(actor);
    return this.#engine.draft(slug);
  }

  /** See {@link FieldSchemaEngine.saveDraft}. */
  saveDraft(actor: Actor, definition: unknown, options: Omit<DraftOptions, 'actor'> = {}): Promise<StoredDraft> {
    return this.#engine.saveDraft(definition, { ...options, actor });
  }

  /** See {@link FieldSchemaEngine.discardDraft}. */
  discardDraft(actor: Actor, slug: string, options: Pick<DraftOptions, 'replaces'> = {}): Promise<void> {
    return this.#engine.discardDraft(slug, { ...options, actor });
  }

  /** See {@link FieldSchemaEngine.publish}. @param source a definition, or the slug of a line with a draft */
  publish(actor: Actor, source: unknown, options: { readonly expectedRevision?: number } = {}): Promise<PublishResult> {
    return this.#engine.publish(source, { ...options, actor });
  }

  /** TypeScript types of every line, for `createLms<Lines>()`. */
  async types(actor: Actor): Promise<string> {
    await this.#read(actor);
    const heads = await this.#engine.lines();
    return generateTypes(await Promise.all(heads.map((head) => this.#engine.schema(head.slug, head.schemaVersion))));
  }

  async #read(actor: Actor): Promise<void> {
    await this.#access.require(actor, 'schema.read');
  }
}
