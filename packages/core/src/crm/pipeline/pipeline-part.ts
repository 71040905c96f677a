import type { Json, Problem } from '../../foundation/kernel/index.js';
import type { DefinitionPart, PartChange } from '../fields/index.js';
import { lintPipeline } from './pipeline-lint.js';
import { type PipelineSection, readPipelineSection, stagesOf } from './pipeline-section.js';
import type { StageOccupants } from './stage-occupants.js';
import { sectionOf, stagesIn } from './stored-pipeline.js';

/** The `pipeline` section of a definition file, as the engine that publishes it sees it. */
export class PipelinePart implements DefinitionPart {
  readonly name = 'pipeline';
  readonly #occupants: StageOccupants;

  constructor(ports: { readonly occupants: StageOccupants }) {
    this.#occupants = ports.occupants;
  }

  lint(change: PartChange): readonly Problem[] {
    const read = readPipelineSection(change.section);
    if (!read.ok) return read.problems;
    return lintPipeline({ section: read.value, previous: previousSection(change), context: change.context });
  }

  normalise(section: Json): Json {
    const read = readPipelineSection(section);
    return sectionOf(read.ok ? stagesOf(read.value) : []);
  }

  /** Leads must not be left in a stage that is given up, nor have their outcome changed by a new meaning of their stage. */
  async check(change: PartChange): Promise<readonly Problem[]> {
    const read = readPipelineSection(change.section);
    if (!read.ok || change.previous === null) return [];
    const before = new Map(stagesIn(change.previous).map((stage) => [stage.slug, stage]));
    const problems: Problem[] = [];
    for (const stage of stagesOf(read.value)) {
      const old = before.get(stage.slug);
      const givenUp = old?.active === true && !stage.active;
      const redefined = old !== undefined && old.terminal !== stage.terminal;
      if (!givenUp && !redefined) continue;
      const count = await this.#occupants.count(change.productLine, stage.slug);
      if (count === 0) continue;
      const index = read.value.stages.findIndex(({ slug }) => slug === stage.slug);
      problems.push({
        path: `pipeline.stages[${index}].${givenUp ? 'active' : 'terminal'}`,
        rule: 'stage-in-use',
        message: givenUp
          ? `${leads(count)} in "${stage.slug}"; retire the stage and say where they go`
          : `${leads(count)} in "${stage.slug}"; its outcome cannot change under them`,
      });
    }
    return problems;
  }
}

function previousSection(change: PartChange): PipelineSection | null {
  return change.previous === null ? null : { stages: stagesIn(change.previous) };
}

function leads(count: number): string {
  return count === 1 ? '1 lead stands' : `${count} leads stand`;
}
