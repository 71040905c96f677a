import type { Problem } from '../../foundation/kernel/index.js';
import { didYouMean, type FieldContext, type FieldDefinition, lintFields } from '../fields/index.js';
import type { PipelineSection, StageDefinition } from './pipeline-section.js';

interface PipelineLint {
  readonly section: PipelineSection;
  readonly previous: PipelineSection | null;
  readonly context: FieldContext;
  /** Slugs of the purposes that consents can be for. */
  readonly purposes: readonly string[];
}

interface Found {
  readonly path: string;
  readonly message: string;
}

type PipelineRule = (lint: PipelineLint) => readonly Found[];

/** Each rule by the name that its problems carry. */
const rules: Readonly<Record<string, PipelineRule>> = {
  'duplicate-stage': ({ section }) =>
    repeated(section.stages.map((stage) => stage.slug)).map((index) => ({
      path: at(index, 'slug'),
      message: `the slug "${section.stages[index]?.slug}" is used by another stage`,
    })),

  'duplicate-task': ({ section }) => {
    const places = section.stages.flatMap((stage, index) =>
      (stage.tasks ?? []).map((task, place) => ({ slug: task.slug, path: at(index, `tasks[${place}].slug`) })),
    );
    return repeated(places.map(({ slug }) => slug)).flatMap((index) => {
      const place = places[index];
      return place === undefined ? [] : [{ path: place.path, message: `another task has the slug "${place.slug}"` }];
    });
  },

  'unknown-next': ({ section }) => {
    const slugs = section.stages.map((stage) => stage.slug);
    return eachNext(section, (slug) =>
      slugs.includes(slug) ? null : `there is no stage "${slug}"${didYouMean(slug, slugs)}`,
    );
  },

  'inactive-next': ({ section }) => {
    const inactive = new Set(section.stages.filter((stage) => stage.active === false).map((stage) => stage.slug));
    return eachNext(section, (slug, stage) =>
      inactive.has(slug) && stage.active !== false ? `the stage "${slug}" is not active` : null,
    );
  },

  'next-to-itself': ({ section }) =>
    eachNext(section, (slug, stage) => (slug === stage.slug ? 'a stage cannot lead to itself' : null)),

  'duplicate-next': ({ section }) =>
    section.stages.flatMap((stage, index) =>
      repeated(stage.next ?? []).map((place) => ({
        path: at(index, `next[${place}]`),
        message: `"${stage.next?.[place]}" is named twice`,
      })),
    ),

  'no-first-stage': ({ section }) => {
    const first = firstActive(section);
    if (first === undefined)
      return [{ path: 'pipeline.stages', message: 'no stage is active: leads have nowhere to start' }];
    if (isOpen(first)) return [];
    return [
      {
        path: at(section.stages.indexOf(first), 'terminal'),
        message: `new leads start in "${first.slug}", the first active stage, so it cannot be ${first.terminal}`,
      },
    ];
  },

  'unreachable-stage': ({ section }) => {
    const reached = reachable(section);
    return section.stages.flatMap((stage, index) =>
      stage.active === false || reached.has(stage.slug)
        ? []
        : [
            {
              path: at(index, 'slug'),
              message: `no move leads to "${stage.slug}"; name it in "next" of another stage`,
            },
          ],
    );
  },

  'unknown-purpose': ({ section, purposes }) =>
    section.stages.flatMap((stage, index) =>
      (stage.requiresConsent ?? []).flatMap((purpose, place) =>
        purposes.includes(purpose)
          ? []
          : [
              {
                path: at(index, `requiresConsent[${place}]`),
                message: `no consent is for "${purpose}"${didYouMean(purpose, purposes)}`,
              },
            ],
      ),
    ),

  'first-stage-consent': ({ section }) => {
    const first = firstActive(section);
    if (first?.requiresConsent === undefined || first.requiresConsent.length === 0) return [];
    return [
      {
        path: at(section.stages.indexOf(first), 'requiresConsent'),
        message: `new leads start in "${first.slug}" and have no consent yet; require it in a later stage`,
      },
    ];
  },

  'removed-stage': ({ section, previous }) =>
    (previous?.stages ?? [])
      .filter((stage) => !section.stages.some((kept) => kept.slug === stage.slug))
      .map((stage) => ({
        path: 'pipeline.stages',
        message: `the stage "${stage.slug}" cannot be removed, since leads remember it; keep it with "active: false"`,
      })),

  'reused-task': ({ section, previous }) => {
    const homes = new Map(
      (previous?.stages ?? []).flatMap((stage) => (stage.tasks ?? []).map((task) => [task.slug, stage.slug] as const)),
    );
    return section.stages.flatMap((stage, index) =>
      (stage.tasks ?? []).flatMap((task, place) => {
        const home = homes.get(task.slug);
        if (home === undefined || home === stage.slug) return [];
        return [
          {
            path: at(index, `tasks[${place}].slug`),
            message: `the task "${task.slug}" belongs to the stage "${home}"; give this one a slug of its own`,
          },
        ];
      }),
    );
  },
};

/** Every reason why the section cannot be published. */
export function lintPipeline(lint: PipelineLint): readonly Problem[] {
  const found = Object.entries(rules).flatMap(([rule, check]) => check(lint).map((problem) => ({ ...problem, rule })));
  return [...found, ...lintTaskFields(lint)];
}

function lintTaskFields({ section, previous, context }: PipelineLint): readonly Problem[] {
  return section.stages.flatMap((stage, index) =>
    (stage.tasks ?? []).flatMap((task, place) =>
      lintFields(task.fields ?? [], {
        at: at(index, `tasks[${place}].fields`),
        previous: previousTaskFields(previous, task.slug),
        context,
      }),
    ),
  );
}

function previousTaskFields(previous: PipelineSection | null, task: string): readonly FieldDefinition[] {
  const templates = (previous?.stages ?? []).flatMap((stage) => stage.tasks ?? []);
  return templates.find((template) => template.slug === task)?.fields ?? [];
}

function at(index: number, rest: string): string {
  return `pipeline.stages[${index}].${rest}`;
}

/** Places whose word stood before. */
function repeated(list: readonly string[]): readonly number[] {
  return list.flatMap((word, index) => (list.indexOf(word) < index ? [index] : []));
}

function eachNext(
  section: PipelineSection,
  check: (slug: string, stage: StageDefinition) => string | null,
): readonly Found[] {
  return section.stages.flatMap((stage, index) =>
    (stage.next ?? []).flatMap((slug, place) => {
      const message = check(slug, stage);
      return message === null ? [] : [{ path: at(index, `next[${place}]`), message }];
    }),
  );
}

function isOpen(stage: StageDefinition): boolean {
  return stage.terminal === undefined || stage.terminal === null;
}

function firstActive(section: PipelineSection): StageDefinition | undefined {
  return section.stages
    .map((stage, place) => ({ stage, order: stage.order ?? place + 1 }))
    .sort((a, b) => a.order - b.order)
    .find(({ stage }) => stage.active !== false)?.stage;
}

function reachable(section: PipelineSection): ReadonlySet<string> {
  const bySlug = new Map(section.stages.map((stage) => [stage.slug, stage]));
  const reached = new Set<string>();
  const waiting = [firstActive(section)?.slug];
  for (let slug = waiting.pop(); slug !== undefined; slug = waiting.pop()) {
    const stage = bySlug.get(slug);
    if (stage === undefined || stage.active === false || reached.has(slug)) continue;
    reached.add(slug);
    waiting.push(...(stage.next ?? []));
  }
  return reached;
}
