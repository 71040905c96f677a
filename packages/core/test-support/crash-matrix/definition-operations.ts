import type { Lms } from '../../src/index.js';
import { ownLine, ownSlug } from './crash-line.js';
import { effectOf, leadsOf, newLead, root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject, Signs, Subject } from './operation.js';
import type { RawState } from './raw-state.js';

type Prepare = NonNullable<CrashOperation['prepare']>;

/** What a line is made of, published or not. */
export const definitionOperations: readonly CrashOperation[] = [
  {
    name: 'publish a line',
    run: (lms, subject) => publish(lms, subject, { grown: false }),
    signs: (state, subject) => publishedSigns(state, subject, { revision: 1, fields: 1, pipeline: 1 }),
  },
  {
    name: 'publish a change',
    prepare: published({ grown: false }),
    run: (lms, subject) => publish(lms, subject, { grown: true }),
    signs: (state, subject) => publishedSigns(state, subject, { revision: 2, fields: 2, pipeline: 2 }),
  },
  {
    name: 'save a draft',
    prepare: published({ grown: false }),
    async run(lms, subject) {
      await lms.as(root).schemas.saveDraft(ownLine(subject, { grown: true }), { replaces: null });
    },
    doneAlready: ['DEFINITION_CONFLICT'],
    signs: (state, subject) => ({
      'the draft': draftsOf(state, subject).join() === 'grown',
      'what tells of it': isTold(state, subject, 'schema.draft_saved'),
    }),
  },
  {
    name: 'discard a draft',
    prepare: drafted,
    async run(lms, subject) {
      await lms.as(root).schemas.discardDraft(ownSlug(subject));
    },
    signs: (state, subject) => ({
      'no draft': draftsOf(state, subject).length === 0,
      'what tells of it': isTold(state, subject, 'schema.draft_discarded'),
    }),
  },
  {
    name: 'publish a draft',
    prepare: drafted,
    async run(lms, subject) {
      await lms.as(root).schemas.publish(ownSlug(subject));
    },
    doneAlready: ['LINE_NOT_FOUND'],
    signs: (state, subject) => ({
      ...publishedSigns(state, subject, { revision: 2, fields: 2, pipeline: 2 }),
      'no draft': draftsOf(state, subject).length === 0,
    }),
  },
  editing('add a stage', {
    run: (lms, slug) => lms.as(root).stages.create(slug, { slug: 'visited', name: 'Visited', next: ['qualified'] }),
    doneAlready: ['STAGE_EXISTS'],
    wanted: /"slug":"visited"/,
  }),
  editing('change a stage', {
    run: (lms, slug) =>
      lms.as(root).stages.update(slug, 'contacted', { name: 'Rang and spoke' }, { expectedRevision: 1 }),
    doneAlready: ['DEFINITION_CONFLICT'],
    wanted: /"name":"Rang and spoke"/,
  }),
  editing('reorder stages', {
    run: (lms, slug) =>
      lms.as(root).stages.reorder(slug, ['qualified', 'new', 'contacted', 'won', 'lost'], { expectedRevision: 1 }),
    doneAlready: ['DEFINITION_CONFLICT'],
    wanted: /"slug":"qualified".*"slug":"new".*"slug":"contacted"/,
  }),
  editing('restore a stage', {
    async prepare({ lms }, subject) {
      await publish(lms, subject, { grown: true });
      await lms.as(root).stages.retire(ownSlug(subject), 'parked');
      return [];
    },
    run: (lms, slug) => lms.as(root).stages.restore(slug, 'parked', { from: ['contacted'], expectedRevision: 2 }),
    doneAlready: ['DEFINITION_CONFLICT'],
    revision: 3,
    wanted: /"slug":"contacted".*?"next":\[[^\]]*"parked"/,
  }),
  {
    name: 'retire a stage',
    async prepare({ lms }, subject) {
      await publish(lms, subject, { grown: true });
      const { leads } = lms.as(root);
      const lead = await leads.create({ ...newLead(subject), productLine: ownSlug(subject) });
      await leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'keen' } });
      await leads.move(lead.id, { to: 'contacted' });
      await leads.move(lead.id, { to: 'parked' });
      return [lead.id];
    },
    async run(lms, subject) {
      await lms.as(root).stages.retire(ownSlug(subject), 'parked', { moveTo: 'contacted' });
    },
    ...effectOf((state, subject) => ({
      'the stage': publishedSigns(state, subject, { revision: 2, fields: 1, pipeline: 2 }),
      'the lead': {
        elsewhere:
          leadsOf(state, subject.tag)[0]
            ?.history.map(({ stage }) => stage)
            .join() === 'new,contacted,parked,contacted',
      },
    })),
  },
];

/** An edit of the stages of a point's own line: one more version of its pipeline, and of nothing else. */
function editing(
  name: string,
  edit: {
    readonly prepare?: Prepare;
    run(lms: Lms, slug: string): Promise<unknown>;
    readonly doneAlready: NonNullable<CrashOperation['doneAlready']>;
    /** Of the line afterwards; 2 when absent. */
    readonly revision?: number;
    /** What the stages have then, in their order. */
    readonly wanted: RegExp;
  },
): CrashOperation {
  const { prepare = published({ grown: false }), run, doneAlready, revision = 2, wanted } = edit;
  return {
    name,
    prepare,
    async run(lms, subject) {
      await run(lms, ownSlug(subject));
    },
    doneAlready,
    signs: (state, subject) => ({
      ...publishedSigns(state, subject, { revision, fields: 1, pipeline: revision }),
      'its stages': wanted.test(newestStages(state, subject)),
    }),
  };
}

async function publish(lms: Lms, subject: Pick<Subject, 'tag'>, change: { readonly grown: boolean }): Promise<void> {
  await lms.as(root).schemas.publish(ownLine(subject, change));
}

function published(change: { readonly grown: boolean }): Prepare {
  return async ({ lms }, subject) => {
    await publish(lms, subject, change);
    return [];
  };
}

async function drafted({ lms }: Parameters<Prepare>[0], subject: PreparedSubject): Promise<readonly string[]> {
  await publish(lms, subject, { grown: false });
  await lms.as(root).schemas.saveDraft(ownLine(subject, { grown: true }));
  return [];
}

function publishedSigns(
  { lines, definitions }: RawState,
  subject: Subject,
  wanted: { readonly revision: number; readonly fields: number; readonly pipeline: number },
): Signs {
  const slug = ownSlug(subject);
  const line = lines.find((each) => each.slug === slug);
  const count = (part: string): number =>
    definitions.filter((each) => each.productLine === slug && each.part === part).length;
  return {
    'the line': line?.revision === wanted.revision,
    ...(wanted.fields === wanted.revision ? { 'its fields': count('fields') === wanted.fields } : {}),
    'its pipeline': count('pipeline') === wanted.pipeline,
  };
}

function newestStages({ definitions }: RawState, subject: Subject): string {
  return (
    definitions
      .filter(({ productLine, part }) => productLine === ownSlug(subject) && part === 'pipeline')
      .toSorted((left, right) => right.version - left.version)[0]?.body ?? ''
  );
}

function draftsOf({ drafts }: RawState, subject: Subject): readonly string[] {
  return drafts
    .filter(({ productLine }) => productLine === ownSlug(subject))
    .map(({ definition }) => (definition.includes('"parked"') ? 'grown' : 'other'));
}

function isTold({ audit }: RawState, subject: Subject, type: string): boolean {
  return (
    audit.filter(({ aggregateId, eventType }) => aggregateId === ownSlug(subject) && eventType === type).length === 1
  );
}
