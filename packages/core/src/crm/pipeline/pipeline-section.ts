import { z } from 'zod';
import { type FieldDefinition, fieldShape, readShape, type ShapeResult, slugShape, words } from '../fields/index.js';
import type { Stage, TaskTemplate } from './pipeline.js';

/** A task template as a definition file gives it. */
export interface TaskTemplateDefinition {
  readonly slug: string;
  readonly name: string;
  /** False when absent. */
  readonly required?: boolean;
  /** The place in the list when absent. */
  readonly order?: number;
  readonly fields?: readonly FieldDefinition[];
}

/** A stage as a definition file gives it. */
export interface StageDefinition {
  readonly slug: string;
  readonly name: string;
  /** `#rrggbb`; a plain grey when absent. */
  readonly colour?: string;
  /** The place in the list when absent. */
  readonly order?: number;
  /** True when absent. */
  readonly active?: boolean;
  /** Null when absent. */
  readonly terminal?: 'won' | 'lost' | null;
  readonly next?: readonly string[];
  readonly tasks?: readonly TaskTemplateDefinition[];
  /** Slugs of purposes for which the person must have consented before a lead comes here, such as `credit-bureau`. */
  readonly requiresConsent?: readonly string[];
}

/** The `pipeline` section of a definition file. */
export interface PipelineSection {
  readonly stages: readonly StageDefinition[];
}

export const defaultColour = '#64748b';

const maxStages = 100;
const maxTasks = 50;
const maxTaskFields = 100;
const maxPurposes = 20;

const order = z.number({ error: 'expected a number' });

const taskShape: z.ZodType<TaskTemplateDefinition> = z.strictObject({
  slug: slugShape,
  name: words(120),
  required: z.boolean({ error: 'expected true or false' }).exactOptional(),
  order: order.exactOptional(),
  fields: z
    .array(fieldShape, { error: 'expected a list of fields' })
    .max(maxTaskFields, { error: `at most ${maxTaskFields} fields` })
    .readonly()
    .exactOptional(),
});

/** The keys of a stage that people set directly, each with its shape. */
export const stageFields: {
  readonly slug: z.ZodType<string>;
  readonly name: z.ZodType<string>;
  readonly colour: z.ZodExactOptional<z.ZodType<string>>;
  readonly terminal: z.ZodExactOptional<z.ZodType<'won' | 'lost' | null>>;
  readonly next: z.ZodExactOptional<z.ZodType<readonly string[]>>;
  readonly tasks: z.ZodExactOptional<z.ZodType<readonly TaskTemplateDefinition[]>>;
  readonly requiresConsent: z.ZodExactOptional<z.ZodType<readonly string[]>>;
} = {
  slug: slugShape,
  name: words(120),
  colour: z
    .string({ error: 'expected text' })
    .regex(/^#[0-9a-fA-F]{6}$/, { error: 'a colour is "#" and six hexadecimal digits, such as "#16a34a"' })
    .exactOptional(),
  terminal: z.enum(['won', 'lost'], { error: 'expected "won", "lost" or null' }).nullable().exactOptional(),
  next: z.array(slugShape, { error: 'expected a list of stage slugs' }).max(maxStages).readonly().exactOptional(),
  tasks: z
    .array(taskShape, { error: 'expected a list of task templates' })
    .max(maxTasks, { error: `at most ${maxTasks} tasks` })
    .readonly()
    .exactOptional(),
  requiresConsent: z
    .array(slugShape, { error: 'expected a list of purposes of consents' })
    .max(maxPurposes, { error: `at most ${maxPurposes} purposes` })
    .readonly()
    .exactOptional(),
};

const stageShape: z.ZodType<StageDefinition> = z.strictObject({
  ...stageFields,
  order: order.exactOptional(),
  active: z.boolean({ error: 'expected true or false' }).exactOptional(),
});

/** The strict shape of the section. */
export const pipelineShape: z.ZodType<PipelineSection> = z.strictObject({
  stages: z
    .array(stageShape, { error: 'expected a list of stages' })
    .min(1, { error: 'a pipeline has at least one stage' })
    .max(maxStages, { error: `at most ${maxStages} stages` })
    .readonly(),
});

export function readPipelineSection(json: unknown): ShapeResult<PipelineSection> {
  return readShape(pipelineShape, json, ['pipeline']);
}

/** The stages in order, with what the file leaves unsaid filled in. */
export function stagesOf(section: PipelineSection): readonly Stage[] {
  return inOrder(section.stages).map((stage, place) => ({
    slug: stage.slug,
    name: stage.name,
    colour: (stage.colour ?? defaultColour).toLowerCase(),
    order: place + 1,
    active: stage.active ?? true,
    terminal: stage.terminal ?? null,
    next: stage.next ?? [],
    tasks: inOrder(stage.tasks ?? []).map(taskOf),
    // Not stored where there are none: releases before this one know no such key.
    ...(stage.requiresConsent === undefined || stage.requiresConsent.length === 0
      ? {}
      : { requiresConsent: [...new Set(stage.requiresConsent)].sort() }),
  }));
}

function taskOf(task: TaskTemplateDefinition, place: number): TaskTemplate {
  return {
    slug: task.slug,
    name: task.name,
    required: task.required ?? false,
    order: place + 1,
    fields: task.fields ?? [],
  };
}

function inOrder<Item extends { readonly order?: number }>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item, place) => ({ item, order: item.order ?? place + 1 }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
