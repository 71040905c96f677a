import type { Permission } from '../../foundation/access/index.js';
import { type Actor, checkInput, type Json, LmsError } from '../../foundation/kernel/index.js';
import { type FieldSchemaEngine, readShape } from '../fields/index.js';
import type { Stage } from './pipeline.js';
import type { PipelineReader } from './pipeline-reader.js';
import {
  addStage,
  changeStage,
  type NewStage,
  reorderStages,
  restoreStage,
  retireStage,
  type StageChanges,
} from './stage-edits.js';
import { newStageShape, slugsShape, stageChangesShape, stageNamesShape } from './stage-input.js';
import type { StageOccupants } from './stage-occupants.js';
import { sectionOf, stageNotFound, stageOf, stagesIn } from './stored-pipeline.js';

export interface StageServicePorts {
  readonly engine: FieldSchemaEngine;
  readonly pipelines: PipelineReader;
  readonly occupants: StageOccupants;
  readonly access: { require(actor: Actor, permission: Permission): Promise<unknown> };
}

/** The stages of a line as they stand. */
export interface StageList {
  readonly productLine: string;
  /** Revision of the line; give it as `expectedRevision` to refuse an edit over somebody else's. */
  readonly revision: number;
  /** Version of the pipeline. */
  readonly version: number;
  /** In order, retired ones too. */
  readonly stages: readonly Stage[];
}

export interface StageEditOptions {
  readonly expectedRevision?: number;
}

export interface RetireOptions extends StageEditOptions {
  /** Where the leads of the stage go. */
  readonly moveTo?: string;
}

type Line = Omit<StageList, 'version' | 'revision'>;

/**
 * The stages of product lines as people change them. Each edit publishes a new version of the pipeline, checked as a whole;
 * of two edits at once both take effect, one after the other, unless they say which revision they expect.
 */
export class StageService {
  readonly #ports: StageServicePorts;

  constructor(ports: StageServicePorts) {
    this.#ports = ports;
  }

  /** @throws LmsError `LINE_NOT_FOUND`, `PERMISSION_DENIED` */
  async list(actor: Actor, productLine: string): Promise<StageList> {
    await this.#ports.access.require(actor, 'stages.read');
    const head = await this.#ports.engine.head(productLine);
    const { version, stages } = await this.#ports.pipelines.pipeline(productLine, head.pipelineVersion);
    return { productLine, revision: head.revision, version, stages };
  }

  /**
   * Refuses stages that no lead can stand in: a slip of the finger would find no lead, or be refused by each. Retired stages exist.
   * @param productLine whose stages; null for those of any line
   * @throws LmsError `STAGE_NOT_FOUND` naming the one that was meant, `LINE_NOT_FOUND`
   */
  async refuseUnknown(actor: Actor, productLine: string | null, slugs: readonly string[]): Promise<void> {
    await this.#ports.access.require(actor, 'stages.read');
    checkInput(stageNamesShape, slugs, 'the stages cannot be looked up');
    if (slugs.length === 0) return;
    if (productLine !== null) {
      const line = await this.list(actor, productLine);
      for (const slug of slugs) stageOf(line, slug);
      return;
    }
    const known = new Set<string>();
    for (const { slug, pipelineVersion } of await this.#ports.engine.lines()) {
      const { stages } = await this.#ports.pipelines.pipeline(slug, pipelineVersion);
      for (const stage of stages) known.add(stage.slug);
    }
    const unknown = slugs.find((slug) => !known.has(slug));
    if (unknown !== undefined) throw stageNotFound('there is', unknown, known);
  }

  /** @throws LmsError `STAGE_EXISTS`, `STAGE_NOT_FOUND`, `INPUT_INVALID`, `DEFINITION_INVALID`, `DEFINITION_CONFLICT` */
  async create(actor: Actor, productLine: string, stage: NewStage, options: StageEditOptions = {}): Promise<StageList> {
    const added = checked(readShape(newStageShape, stage, ['stage']));
    return this.#edit(
      actor,
      { productLine, command: 'stages.create', changes: { stage: added.slug }, ...options },
      (line) => addStage(line, added),
    );
  }

  /**
   * A stage can become or cease to be won or lost only while no lead stands in it. Where leads came at that very moment the change stands,
   * and `STAGE_IN_USE` says that they are there.
   * @throws LmsError `STAGE_NOT_FOUND`, `STAGE_IN_USE`, `INPUT_INVALID`, `DEFINITION_INVALID`, `DEFINITION_CONFLICT`, `READ_MODELS_BEHIND`
   */
  async update(
    actor: Actor,
    productLine: string,
    slug: string,
    changes: StageChanges,
    options: StageEditOptions = {},
  ): Promise<StageList> {
    const wanted = checked(readShape(stageChangesShape, changes, ['stage']));
    const about = { stage: slug, changed: Object.keys(wanted) };
    let isOutcomeChanged = false;
    const list = await this.#edit(
      actor,
      { productLine, command: 'stages.update', changes: about, ...options },
      async (line) => {
        const outcome = wanted.terminal;
        isOutcomeChanged = outcome !== undefined && outcome !== stageOf(line, slug).terminal;
        if (isOutcomeChanged) await this.#refuseArrived(productLine, slug);
        return changeStage(line, slug, wanted);
      },
    );
    if (isOutcomeChanged) await this.#refuseArrived(productLine, slug);
    return list;
  }

  /** @param slugs every stage in use, in the new order. @throws LmsError `STAGE_NOT_FOUND`, `INPUT_INVALID` */
  async reorder(
    actor: Actor,
    productLine: string,
    slugs: readonly string[],
    options: StageEditOptions = {},
  ): Promise<StageList> {
    checkInput(slugsShape, slugs, 'the stages cannot be reordered');
    return this.#edit(
      actor,
      { productLine, command: 'stages.reorder', changes: { stages: [...slugs] }, ...options },
      (line) => reorderStages(line, slugs),
    );
  }

  /**
   * Takes a stage out of use: nobody enters it any more, then the leads in it move to `moveTo`. Stages that led to it lead on
   * to where it led. Leads that are being made or moved into it at that very moment are waited for and move along. Repeating the
   * call after a crash moves the leads that were left.
   * @throws LmsError `STAGE_IN_USE` with `details.count` when leads stand in it and `moveTo` is not given (where they came at that very
   * moment the stage is retired, and the call with `moveTo` takes them along), `STAGE_NOT_FOUND`,
   * `INPUT_INVALID` when `moveTo` is no place for them, `DEFINITION_INVALID`, `DEFINITION_CONFLICT`, `READ_MODELS_BEHIND` when nobody can
   * tell who stands there as events are stuck: repeat the call when they are told
   */
  async retire(
    actor: Actor,
    productLine: string,
    slug: string,
    options: RetireOptions = {},
  ): Promise<StageList & { readonly moved: number }> {
    const { moveTo, ...edit } = options;
    const changes = { stage: slug, moveTo: moveTo ?? null };
    const list = await this.#edit(actor, { productLine, command: 'stages.retire', changes, ...edit }, async (line) => {
      // Also before anything is published: a store that cannot wait says so now.
      await this.#ports.occupants.arrived();
      if (moveTo === undefined) await this.#refuseInUse(productLine, slug);
      else refusePlace(stageOf(line, slug), stageOf(line, moveTo));
      return retireStage(line, slug);
    });
    await this.#ports.occupants.arrived();
    if (moveTo === undefined) {
      await this.#refuseInUse(productLine, slug);
      return { ...list, moved: 0 };
    }
    return { ...list, moved: await this.#ports.occupants.moveAll({ productLine, from: slug, to: moveTo, actor }) };
  }

  /** Brings a retired stage back; `from` are the stages that lead to it. @throws LmsError `STAGE_NOT_FOUND`, `DEFINITION_INVALID` */
  async restore(
    actor: Actor,
    productLine: string,
    slug: string,
    options: StageEditOptions & { readonly from: readonly string[] },
  ): Promise<StageList> {
    const { from, ...edit } = options;
    checkInput(slugsShape, from, 'the stage cannot be restored');
    const changes = { stage: slug, from: [...from] };
    return this.#edit(actor, { productLine, command: 'stages.restore', changes, ...edit }, (line) =>
      restoreStage(line, slug, from),
    );
  }

  async #edit(
    actor: Actor,
    about: { readonly productLine: string; readonly command: string; readonly changes: Json } & StageEditOptions,
    edit: (line: Line) => readonly Stage[] | Promise<readonly Stage[]>,
  ): Promise<StageList> {
    const { productLine, ...options } = about;
    await this.#ports.access.require(actor, 'stages.write');
    let stages: readonly Stage[] = [];
    const { head } = await this.#ports.engine.publishPart(
      productLine,
      async ({ section }) => {
        stages = await edit({ productLine, stages: stagesIn(section) });
        return sectionOf(stages);
      },
      { ...options, actor, part: 'pipeline' },
    );
    return { productLine, revision: head.revision, version: head.pipelineVersion, stages };
  }

  /** Also those who are being made or moved into the stage now. */
  async #refuseArrived(productLine: string, slug: string): Promise<void> {
    await this.#ports.occupants.arrived();
    await this.#refuseInUse(productLine, slug);
  }

  async #refuseInUse(productLine: string, slug: string): Promise<void> {
    const count = await this.#ports.occupants.count(productLine, slug);
    if (count === 0) return;
    throw new LmsError('STAGE_IN_USE', {
      message: `${count === 1 ? '1 lead stands' : `${count} leads stand`} in "${slug}"; say where they go`,
      path: 'moveTo',
      details: { productLine, stage: slug, count },
    });
  }
}

/** Leads must not be won, lose an outcome they have, or be where their persons did not consent, because a stage is tidied away. */
function refusePlace(from: Stage, to: Stage): void {
  const refuse = (message: string): never => {
    throw new LmsError('INPUT_INVALID', { message, path: 'moveTo' });
  };
  if (to.slug === from.slug) refuse(`leads cannot move from "${from.slug}" to itself`);
  if (!to.active) refuse(`the stage "${to.slug}" is retired`);
  if (from.terminal !== null && to.terminal !== from.terminal) {
    refuse(`leads in "${from.slug}" are ${from.terminal}; they can only go to another stage that is ${from.terminal}`);
  }
  if (from.terminal === null && to.terminal === 'won')
    refuse(`leads cannot be won by retiring the stage "${from.slug}"`);
  if ((to.requiresConsent ?? []).length > 0) {
    refuse(`the stage "${to.slug}" takes leads only with the consents of their persons: move them there one by one`);
  }
}

function checked<Value>(result: ReturnType<typeof readShape<Value>>): Value {
  if (result.ok) return result.value;
  throw LmsError.ofProblems('INPUT_INVALID', 'the stage cannot be saved', result.problems);
}
