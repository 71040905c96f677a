import type { Unit } from '../../foundation/persistence/index.js';
import type { FieldSchemaEngine, LineHead, LineSchema } from '../fields/index.js';
import type { Pipeline, PipelineReader } from '../pipeline/index.js';

/** A product line as it stood when it was read. */
export interface LineDefinition {
  readonly head: LineHead;
  readonly schema: LineSchema;
  readonly pipeline: Pipeline;
}

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
