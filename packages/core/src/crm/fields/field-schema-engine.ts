import type { Permission } from '../../foundation/access/index.js';
import { type Actor, type Clock, type Json, LmsError } from '../../foundation/kernel/index.js';
import type { EventRecorder, Unit, UnitOfWork } from '../../foundation/persistence/index.js';
import { type CheckedValues, checkValues, type HeldValues } from './check-values.js';
import { DefinitionDrafts, type DraftOptions } from './definition-drafts.js';
import { DefinitionLinter, type PublishedLine } from './definition-linter.js';
import type { DefinitionPart } from './definition-part.js';
import { DefinitionPublisher, definitionConflict, versionOf } from './definition-publisher.js';
import type {
  DefinitionPartName,
  DefinitionStore,
  LineHead,
  StoredDefinition,
  StoredDraft,
} from './definition-store.js';
import { describeSchema, type SchemaDescription } from './describe-schema.js';
import { didYouMean } from './did-you-mean.js';
import type { FieldContext } from './field-type.js';
import { fieldsSectionOf } from './fields-section.js';
import type { FieldSet, LineSchema } from './line-schema.js';
import type { LintReport } from './lint/index.js';
import { noOwnFieldTypes, type OwnFieldTypes } from './own-types/index.js';
import { newSchemaOf, type ProductLineDefinition } from './product-line-definition.js';
import { sameValue } from './same-value.js';
import { sameSchema, schemaChanges } from './schema-changes.js';
import { VersionCache } from './version-cache.js';
import { type PartVersion, versionsAt } from './versions-at.js';

export interface FieldSchemaPorts {
  readonly store: DefinitionStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: Pick<EventRecorder, 'record'>;
  readonly access: { require(actor: Actor, permission: Permission): Promise<unknown> };
  /** The sections of a definition file that others own: the pipeline. */
  readonly parts: readonly DefinitionPart[];
  readonly clock: Clock;
  /** What field types need to know at that moment. */
  readonly context: (epochMillis: number) => FieldContext;
  /** Whether any lead of the line exists. */
  readonly hasLeads: (productLine: string) => Promise<boolean>;
  /** Field types of plugins; none unless given. */
  readonly types?: OwnFieldTypes;
}

/** What a publish left behind. `changed` is empty when the line already said all of it. */
export interface PublishResult {
  readonly head: LineHead;
  readonly changed: readonly (DefinitionPartName | 'name')[];
  readonly warnings: LintReport['warnings'];
}

export interface PublishOptions {
  readonly actor: Actor;
  /** Refuse when the line is at another revision; 0 for a line that does not exist yet. */
  readonly expectedRevision?: number;
}

/** A definition of a line with what it stands on. */
export interface StandingDefinition {
  readonly definition: ProductLineDefinition;
  /** Of the line as it stands now; `expectedRevision` of a publish that must not write over another. */
  readonly revision: number;
  readonly schemaVersion: number;
  readonly pipelineVersion: number;
}

export interface PublishPartOptions extends PublishOptions {
  /** Such as `stages.update`. */
  readonly command: string;
  /** What changed, for the audit; no personal data. */
  readonly changes: Json;
}

const maxLines = 1000;
const attempts = 5;

/**
 * The product lines of a store: what their fields are, in versions that never change once published.
 *
 * Reading methods are below access: services that read for somebody check first. Writing methods check
 * `schema.publish` themselves, except {@link publishPart}, whose callers have a permission of their own.
 */
export class FieldSchemaEngine {
  readonly #ports: FieldSchemaPorts;
  /** Field types of plugins. */
  readonly types: OwnFieldTypes;
  readonly #versions: VersionCache;
  readonly #publisher: DefinitionPublisher;
  readonly #linter: DefinitionLinter;
  readonly #drafts: DefinitionDrafts;

  constructor(ports: FieldSchemaPorts) {
    this.#ports = ports;
    this.types = ports.types ?? noOwnFieldTypes;
    this.#versions = new VersionCache(ports.store, this.types);
    this.#publisher = new DefinitionPublisher(ports, this.#versions);
    this.#linter = new DefinitionLinter({ ...ports, types: this.types });
    this.#drafts = new DefinitionDrafts(ports);
  }

  /** Every product line, by slug. */
  lines(): Promise<readonly LineHead[]> {
    return this.#ports.store.heads();
  }

  /** @throws LmsError `LINE_NOT_FOUND`, naming the lines there are */
  async head(slug: string, unit: Unit | null = null): Promise<LineHead> {
    // An object would be an operator to a document store.
    if (typeof slug !== 'string') {
      throw new LmsError('INPUT_INVALID', { message: 'expected the slug of a product line', path: 'productLine' });
    }
    const head = await this.#ports.store.head(unit, slug);
    if (head !== null) return head;
    const known = unit === null ? (await this.lines()).map((line) => line.slug) : [];
    const there = known.length === 0 ? '' : `; there are ${known.slice(0, 20).join(', ')}`;
    throw new LmsError('LINE_NOT_FOUND', {
      message: `there is no product line "${slug.slice(0, 64)}"${didYouMean(slug, known) || there}`,
      path: 'productLine',
    });
  }

  /**
   * A version of the line's fields, the current one when `version` is absent; always the same frozen object.
   * @throws LmsError `LINE_NOT_FOUND`, `SCHEMA_VERSION_NOT_FOUND`
   */
  async schema(slug: string, version?: number, unit: Unit | null = null): Promise<LineSchema> {
    const wanted = version ?? (await this.head(slug, unit)).schemaVersion;
    return this.#versions.schema({ productLine: slug, version: wanted }, unit);
  }

  /** A version of a part as stored; frozen. @throws LmsError `SCHEMA_VERSION_NOT_FOUND` */
  section(
    slug: string,
    wanted: { readonly part: DefinitionPartName; readonly version: number },
    unit: Unit | null = null,
  ): Promise<Json> {
    return this.#versions.section({ productLine: slug, ...wanted }, unit);
  }

  /** Published versions of a part, newest first, at most `limit` (100 when absent, never more than 1,000). */
  async versions(
    slug: string,
    part: DefinitionPartName = 'fields',
    limit = 100,
  ): Promise<readonly Omit<StoredDefinition, 'body'>[]> {
    await this.head(slug);
    return this.#ports.store.versions(slug, part, Math.min(Math.max(1, limit), 1000));
  }

  /** The line as a definition file that publishes to what stands now. @throws LmsError `LINE_NOT_FOUND` */
  async definition(slug: string): Promise<ProductLineDefinition> {
    return (await this.standing(slug)).definition;
  }

  /**
   * The line as it stands, or as it stood when a version of a part was published, or just before: with the version that the
   * other part then had. Only the parts have versions; the name is the one of today.
   * @throws LmsError `LINE_NOT_FOUND`, `SCHEMA_VERSION_NOT_FOUND`
   */
  async standing(slug: string, at?: PartVersion): Promise<StandingDefinition> {
    const head = await this.head(slug);
    const versions = at === undefined ? head : await versionsAt(this.#ports.store, head, at);
    const { schemaVersion, pipelineVersion } = versions;
    const { schema, sections } = await this.#published({ ...head, schemaVersion, pipelineVersion });
    const { roles, unique, index, searchable, fields } = schema;
    const pipeline = sections.get('pipeline') ?? null;
    const definition = { slug, name: head.name, roles, unique, index, searchable, fields, pipeline };
    return { definition, revision: head.revision, schemaVersion, pipelineVersion };
  }

  /** JSON Schema, layout, roles and types of the current fields, for forms. @throws LmsError `LINE_NOT_FOUND` */
  async describe(slug: string, version?: number): Promise<SchemaDescription> {
    const schema = await this.schema(slug, version);
    return describeSchema(schema, this.#context());
  }

  /** Reads and checks values; with `existing` as an update of them. Writes nothing. */
  validate(schema: FieldSet, input: Readonly<Record<string, unknown>>, existing?: HeldValues): CheckedValues {
    const context = this.#context();
    return existing === undefined
      ? checkValues({ schema, input, context, mode: 'create' })
      : checkValues({ schema, input, context, mode: 'update', existing });
  }

  /** Everything that stops the definition from being published over what stands now. Writes nothing. */
  async lint(definition: unknown): Promise<LintReport> {
    return (await this.#linted(definition)).report;
  }

  /** The saved draft of a line, or null. */
  draft(slug: string): Promise<StoredDraft | null> {
    return this.#drafts.get(slug);
  }

  /**
   * Keeps an unfinished definition; only its slug must be right. It remembers the revision on which it was begun, and its
   * publish is refused once the line has moved on. Of two callers at once the later one's draft stays.
   * @throws LmsError `DEFINITION_INVALID`, `PERMISSION_DENIED`, `DEFINITION_CONFLICT` when another draft stands than `replaces`
   */
  saveDraft(definition: unknown, options: DraftOptions): Promise<StoredDraft> {
    return this.#drafts.save(definition, options);
  }

  /** Throws the draft away; does nothing when there is none. @throws LmsError `PERMISSION_DENIED` */
  discardDraft(slug: string, options: Omit<DraftOptions, 'expectedRevision'>): Promise<void> {
    return this.#drafts.discard(slug, options);
  }

  /**
   * Publishes a definition file, or the draft of the line with this slug: fields, pipeline and name together, all or none.
   * Parts that say what they said before get no new version; when nothing changed nothing is written. Of two callers at
   * once both publish, one after the other, each checked against what then stands; with `expectedRevision` the later is
   * refused.
   * @throws LmsError `DEFINITION_INVALID` with every problem, `DEFINITION_CONFLICT`, `PERMISSION_DENIED`, `LINE_NOT_FOUND` (no
   * such draft), `LIMIT_EXCEEDED` (1,000 lines), `STAGE_IN_USE` when leads came at that very moment into a stage that is retired now or has another outcome
   */
  async publish(source: unknown, options: PublishOptions): Promise<PublishResult> {
    await this.#ports.access.require(options.actor, 'schema.publish');
    const draft = typeof source === 'string' ? await this.#drafts.require(source) : null;
    const expectedRevision = options.expectedRevision ?? draft?.baseRevision;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const linted = await this.#linted(draft === null ? source : draft.definition);
      const { definition, report, previous } = linted;
      if (definition === null || report.problems.length > 0) {
        throw LmsError.ofProblems('DEFINITION_INVALID', 'the product line cannot be published', report.problems);
      }
      refuseOtherRevision(definition.slug, previous, expectedRevision);
      const result = await this.#publishOver(definition, previous, { actor: options.actor, fromDraft: draft !== null });
      if (result === null) continue;
      if (result.changed.length > 0) await this.#linter.published(definition, previous, this.#context());
      return { ...result, warnings: report.warnings };
    }
    throw contended();
  }

  /**
   * Publishes a new version of one part alone. The part's own lint is asked, its {@link DefinitionPart.check} is not: the
   * caller has seen to what exists. Same promises as {@link publish}.
   * @throws LmsError `LINE_NOT_FOUND`, `DEFINITION_INVALID`, `DEFINITION_CONFLICT`
   */
  async publishPart(
    slug: string,
    change: (published: { readonly head: LineHead; readonly section: Json }) => Json | Promise<Json>,
    options: PublishPartOptions & { readonly part: DefinitionPart['name'] },
  ): Promise<PublishResult> {
    const part = this.#part(options.part);
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const previous = await this.#published(await this.head(slug));
      refuseOtherRevision(slug, previous, options.expectedRevision);
      const before = previous.sections.get(part.name) ?? null;
      const section = await change({ head: previous.head, section: before });
      const problems = part.lint({ productLine: slug, section, previous: before, context: this.#context() });
      if (problems.length > 0) {
        throw LmsError.ofProblems('DEFINITION_INVALID', `the ${part.name} of ${slug} cannot be published`, problems);
      }
      const normalised = part.normalise(section);
      if (sameValue(normalised, before)) return { head: previous.head, changed: [], warnings: [] };
      const head = await this.#publisher.publish({
        slug,
        name: previous.head.name,
        sections: new Map([[part.name, normalised]]),
        basedOn: previous.head,
        actor: options.actor,
        command: options.command,
        changes: options.changes,
        removeDraft: false,
      });
      if (head !== null) return { head, changed: [part.name], warnings: [] };
    }
    throw contended();
  }

  async #publishOver(
    definition: ProductLineDefinition,
    previous: PublishedLine | null,
    by: { readonly actor: Actor; readonly fromDraft: boolean },
  ): Promise<Omit<PublishResult, 'warnings'> | null> {
    const { slug, name } = definition;
    const schema = newSchemaOf(definition, { types: this.types, previous: previous?.schema ?? null });
    const sections = new Map<DefinitionPartName, Json>();
    if (previous === null || !sameSchema(schema, previous.schema)) sections.set('fields', fieldsSectionOf(schema));
    for (const part of this.#ports.parts) {
      const section = part.normalise(definition[part.name]);
      if (!sameValue(section, previous?.sections.get(part.name))) sections.set(part.name, section);
    }
    const renamed = previous !== null && previous.head.name !== name;
    if (previous !== null && sections.size === 0 && !renamed) {
      if (by.fromDraft) await this.#drafts.discard(slug, by);
      return { head: previous.head, changed: [] };
    }
    const head = await this.#publisher.publish({
      slug,
      name,
      sections,
      basedOn: previous?.head ?? null,
      actor: by.actor,
      command: 'schema.publish',
      changes: { ...schemaChanges(previous?.schema ?? null, schema), renamed },
      removeDraft: by.fromDraft,
    });
    return head === null ? null : { head, changed: [...sections.keys(), ...(renamed ? (['name'] as const) : [])] };
  }

  async #linted(
    json: unknown,
  ): Promise<Awaited<ReturnType<DefinitionLinter['lint']>> & { readonly previous: PublishedLine | null }> {
    const slug = slugIn(json);
    const head = slug === null ? null : await this.#ports.store.head(null, slug);
    const previous = head === null ? null : await this.#published(head);
    const linted = await this.#linter.lint(json, previous, this.#context());
    if (previous === null && linted.definition !== null && (await this.lines()).length >= maxLines) {
      throw new LmsError('LIMIT_EXCEEDED', { message: `a store has at most ${maxLines} product lines` });
    }
    return { ...linted, previous };
  }

  async #published(head: LineHead): Promise<PublishedLine> {
    const schema = await this.schema(head.slug, head.schemaVersion);
    const sections = new Map<string, Json>();
    for (const { name } of this.#ports.parts) {
      sections.set(name, await this.section(head.slug, { part: name, version: versionOf(head, name) }));
    }
    return { head, schema, sections };
  }

  #part(name: DefinitionPart['name']): DefinitionPart {
    const part = this.#ports.parts.find((one) => one.name === name);
    if (part !== undefined) return part;
    throw new LmsError('INTERNAL', { message: `nobody owns the section "${name}"` });
  }

  #context(): FieldContext {
    return this.#ports.context(this.#ports.clock.now());
  }
}

function slugIn(json: unknown): string | null {
  const slug: unknown = typeof json === 'object' && json !== null && 'slug' in json ? json.slug : null;
  return typeof slug === 'string' ? slug : null;
}

function refuseOtherRevision(slug: string, line: PublishedLine | null, expected: number | undefined): void {
  const revision = line?.head.revision ?? 0;
  if (expected !== undefined && expected !== revision) throw definitionConflict(slug, expected, revision);
}

function contended(): LmsError {
  return new LmsError('STORE_CONFLICT', { message: 'the product line kept being published by others; try again' });
}
