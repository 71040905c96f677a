import { type Json, LmsError, type Problem } from '../../foundation/kernel/index.js';
import { ConsentPurposes } from '../../foundation/privacy/index.js';
import {
  type DefinitionPart,
  type FieldDefinition,
  noOwnFieldTypes,
  type OwnFieldTypes,
  type PartChange,
} from '../fields/index.js';
import { lintPipeline } from './pipeline-lint.js';
import { type PipelineSection, readPipelineSection, stagesOf } from './pipeline-section.js';
import type { StageOccupants } from './stage-occupants.js';
import { sectionOf, stagesIn } from './stored-pipeline.js';

/** The `pipeline` section of a definition file, as the engine that publishes it sees it. */
export class PipelinePart implements DefinitionPart {
  readonly name = 'pipeline';
  readonly #occupants: StageOccupants;
  readonly #purposes: ConsentPurposes;
  readonly #types: OwnFieldTypes;

  /** @param ports the purposes that stages may require are those that every store knows, and there are no types of plugins, unless others are given */
  constructor(ports: {
    readonly occupants: StageOccupants;
    readonly purposes?: ConsentPurposes;
    readonly types?: OwnFieldTypes;
  }) {
    this.#occupants = ports.occupants;
    this.#purposes = ports.purposes ?? new ConsentPurposes();
    this.#types = ports.types ?? noOwnFieldTypes;
  }

  lint(change: PartChange): readonly Problem[] {
    const read = readPipelineSection(change.section);
    if (!read.ok) return read.problems;
    this.#types.bind(taskFieldsOf(read.value));
    const purposes = this.#purposes.all.map(({ slug }) => slug);
    return lintPipeline({ section: read.value, previous: previousSection(change), context: change.context, purposes });
  }

  normalise(section: Json): Json {
    const read = readPipelineSection(section);
    return sectionOf(read.ok ? stagesOf(read.value) : []);
  }

  /** Leads must not be left in a stage that is given up, nor have their outcome changed by a new meaning of their stage. */
  async check(change: PartChange): Promise<readonly Problem[]> {
    const touched = touchedStages(change);
    // Also before anything is published: a store that cannot wait says so now.
    if (touched.length > 0) await this.#occupants.arrived();
    const problems: Problem[] = [];
    for (const { index, slug, givenUp } of touched) {
      const count = await this.#occupants.count(change.productLine, slug);
      if (count === 0) continue;
      problems.push({
        path: `pipeline.stages[${index}].${givenUp ? 'active' : 'terminal'}`,
        rule: 'stage-in-use',
        message: givenUp
          ? `${leads(count)} in "${slug}"; retire the stage and say where they go`
          : `${leads(count)} in "${slug}"; its outcome cannot change under them`,
      });
    }
    return problems;
  }

  /** Leads that were being made or moved under the pipeline before have arrived: whoever came into such a stage is told of. */
  async published(change: PartChange): Promise<void> {
    const touched = touchedStages(change);
    if (touched.length === 0) return;
    await this.#occupants.arrived();
    for (const { slug, givenUp } of touched) {
      const count = await this.#occupants.count(change.productLine, slug);
      if (count > 0) throw cameMeanwhile(change.productLine, { slug, givenUp, count });
    }
  }
}

interface TouchedStage {
  readonly index: number;
  readonly slug: string;
  /** Retired by the change; otherwise its outcome is another. */
  readonly givenUp: boolean;
}

/** The stages in which nobody may stand. */
function touchedStages(change: PartChange): readonly TouchedStage[] {
  const read = readPipelineSection(change.section);
  if (!read.ok || change.previous === null) return [];
  const before = new Map(stagesIn(change.previous).map((stage) => [stage.slug, stage]));
  return stagesOf(read.value).flatMap((stage) => {
    const old = before.get(stage.slug);
    const givenUp = old?.active === true && !stage.active;
    const redefined = old !== undefined && old.terminal !== stage.terminal;
    const index = read.value.stages.findIndex(({ slug }) => slug === stage.slug);
    return givenUp || redefined ? [{ index, slug: stage.slug, givenUp }] : [];
  });
}

/** The publish stands; who came can be moved as by any retirement. */
function cameMeanwhile(
  productLine: string,
  { slug, givenUp, count }: Omit<TouchedStage, 'index'> & { readonly count: number },
): LmsError {
  const next = givenUp
    ? 'the stage is retired: retire it again and say where they go'
    : 'its outcome has changed under them: move them';
  return new LmsError('STAGE_IN_USE', {
    message: `the product line is published, and ${leads(count)} in "${slug}" that came at that very moment; ${next}`,
    path: 'moveTo',
    details: { productLine, stage: slug, count },
  });
}

function taskFieldsOf({ stages }: PipelineSection): readonly FieldDefinition[] {
  return stages.flatMap(({ tasks = [] }) => tasks.flatMap(({ fields = [] }) => fields));
}

function previousSection(change: PartChange): PipelineSection | null {
  return change.previous === null ? null : { stages: stagesIn(change.previous) };
}

function leads(count: number): string {
  return count === 1 ? '1 lead stands' : `${count} leads stand`;
}
