import type { Json } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import type { FieldSchemaEngine } from '../fields/index.js';
import type { Pipeline } from './pipeline.js';
import { pipelineOf } from './stored-pipeline.js';

/** Reads pipelines. Published versions never change, so each is opened once while the engine remembers it. */
export class PipelineReader {
  readonly #schemas: FieldSchemaEngine;
  /** By the stored section, which is the same object as long as the engine remembers it. */
  readonly #opened = new WeakMap<object, Pipeline>();

  constructor(schemas: FieldSchemaEngine) {
    this.#schemas = schemas;
  }

  /**
   * A version of a line's pipeline; the current one when `version` is absent.
   * @throws LmsError `LINE_NOT_FOUND`, `SCHEMA_VERSION_NOT_FOUND`
   */
  async pipeline(productLine: string, version?: number, unit: Unit | null = null): Promise<Pipeline> {
    const wanted = version ?? (await this.#schemas.head(productLine, unit)).pipelineVersion;
    const section = await this.#schemas.section(productLine, { part: 'pipeline', version: wanted }, unit);
    return this.#open(productLine, wanted, section);
  }

  #open(productLine: string, version: number, section: Json): Pipeline {
    if (typeof section !== 'object' || section === null) return pipelineOf(productLine, version, section);
    const known = this.#opened.get(section);
    if (known !== undefined) return known;
    const pipeline = pipelineOf(productLine, version, section);
    for (const { tasks } of pipeline.stages) for (const { fields } of tasks) this.#schemas.types.bind(fields);
    this.#opened.set(section, pipeline);
    return pipeline;
  }
}
