import type { Unit } from '../../foundation/persistence/index.js';
import type { FieldSchemaEngine, LineHead, LineSchema } from '../fields/index.js';
import type { Pipeline, PipelineReader } from '../pipeline/index.js';

/** A product line as it stood when it was read. */
export interface LineDefinition {
  readonly head: LineHead;
  readonly schema: LineSchema;
  readonly pipeline: Pipeline;
}

/** A line was published between a check and its unit, or while the unit ran: all is to be decided again under the new definition. */
export class DefinitionMoved extends Error {}

/** Reads product lines for leads. Published versions never change, so only the head is read each time. */
export class LineReader {
  readonly #schemas: FieldSchemaEngine;
  readonly #pipelines: PipelineReader;

  constructor(schemas: FieldSchemaEngine, pipelines: PipelineReader) {
    this.#schemas = schemas;
    this.#pipelines = pipelines;
  }

  /** @throws LmsError `LINE_NOT_FOUND` */
  async current(slug: string, unit: Unit | null = null): Promise<LineDefinition> {
    const head = await this.#schemas.head(slug, unit);
    const schema = await this.#schemas.schema(slug, head.schemaVersion, unit);
    const pipeline = await this.#pipelines.pipeline(slug, head.pipelineVersion, unit);
    return { head, schema, pipeline };
  }

  /**
   * The pipeline by which a lead is moved in this unit. Where units of another process are not waited for by publishing alone, it is looked
   * at once more outside: who retires a stage after that waits for this unit (`DefinitionStore.awaitReaders`).
   * @throws DefinitionMoved when the line was published since the unit began
   */
  async pipelineForMove(slug: string, unit: Unit): Promise<Pipeline> {
    const line = await this.current(slug, unit);
    if (!unit.bothHomes && (await this.#schemas.head(slug)).revision !== line.head.revision) {
      throw new DefinitionMoved('the product line was published');
    }
    return line.pipeline;
  }

  /** False when the line was published after `line` was read. */
  async isCurrent(unit: Unit, line: LineDefinition): Promise<boolean> {
    const head = await this.#schemas.head(line.head.slug, unit);
    return head.revision === line.head.revision;
  }

  /** The schema a lead was checked by. */
  schema(slug: string, version: number, unit: Unit | null = null): Promise<LineSchema> {
    return this.#schemas.schema(slug, version, unit);
  }
}
