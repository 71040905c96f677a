import type { Json, Problem } from '../../foundation/kernel/index.js';
import type { DefinitionPart } from './definition-part.js';
import type { LineHead } from './definition-store.js';
import type { FieldContext } from './field-type.js';
import type { LineSchema } from './line-schema.js';
import { type LintReport, lintLine } from './lint/index.js';
import type { OwnFieldTypes } from './own-types/index.js';
import { newSchemaOf, type ProductLineDefinition, readDefinition } from './product-line-definition.js';

/** A product line as it is published. */
export interface PublishedLine {
  readonly head: LineHead;
  readonly schema: LineSchema;
  /** Normalised sections by part name. */
  readonly sections: ReadonlyMap<string, Json>;
}

export interface LinterPorts {
  readonly parts: readonly DefinitionPart[];
  readonly hasLeads: (productLine: string) => Promise<boolean>;
  readonly types: OwnFieldTypes;
}

export interface LintedDefinition {
  /** Null when the file could not be read as a definition. */
  readonly definition: ProductLineDefinition | null;
  readonly report: LintReport;
}

/** Finds everything that stops a definition from being published, over all its parts. */
export class DefinitionLinter {
  readonly #ports: LinterPorts;

  constructor(ports: LinterPorts) {
    this.#ports = ports;
  }

  async lint(json: unknown, previous: PublishedLine | null, context: FieldContext): Promise<LintedDefinition> {
    const read = readDefinition(json);
    if (!read.ok) return { definition: null, report: { problems: read.problems, warnings: [] } };
    const definition = read.value;
    const schema = newSchemaOf(definition, { types: this.#ports.types, previous: previous?.schema ?? null });
    const hasLeads = previous !== null && (await this.#ports.hasLeads(definition.slug));
    const fields = lintLine({ schema, previous: previous?.schema ?? null, hasLeads, context });
    const ofParts = this.#ports.parts.flatMap((part) => part.lint(partChange(part, definition, previous, context)));
    const problems = [...fields.problems, ...ofParts];
    if (problems.length > 0) return { definition, report: { problems, warnings: [] } };
    return {
      definition,
      report: { problems: await this.#checks(definition, previous, context), warnings: fields.warnings },
    };
  }

  /** After the publish of a definition over `previous`: each part sees to what came meanwhile. @throws LmsError */
  async published(
    definition: ProductLineDefinition,
    previous: PublishedLine | null,
    context: FieldContext,
  ): Promise<void> {
    for (const part of this.#ports.parts) await part.published(partChange(part, definition, previous, context));
  }

  async #checks(
    definition: ProductLineDefinition,
    previous: PublishedLine | null,
    context: FieldContext,
  ): Promise<readonly Problem[]> {
    const found: Problem[] = [];
    for (const part of this.#ports.parts)
      found.push(...(await part.check(partChange(part, definition, previous, context))));
    return found;
  }
}

function partChange(
  part: DefinitionPart,
  definition: ProductLineDefinition,
  previous: PublishedLine | null,
  context: FieldContext,
): Parameters<DefinitionPart['lint']>[0] {
  return {
    productLine: definition.slug,
    section: definition[part.name],
    previous: previous?.sections.get(part.name) ?? null,
    context,
  };
}
