import type { Actor, CreateItem, Lms } from '../../src/index.js';
import { crashLine, personOf } from './crash-line.js';
import type { CrashOperation, Subject, Workshop } from './operation.js';
import type { RawLead, RawState } from './raw-state.js';

export const root: Actor = { kind: 'user', id: 'root' };
const agent: Actor = { kind: 'user', id: 'asha' };

type Person = Pick<Subject, 'tag' | 'serial'>;
type Signs = ReturnType<CrashOperation['signs']>;

/** Every way in which leads are written. */
export const leadOperations: readonly CrashOperation[] = [
  {
    name: 'create without a key',
    run: (lms, subject) => create(lms, subject, root),
    doneAlready: ['LEAD_DUPLICATE'],
    signs: (state, { tag }) => ({ 'one lead': leadsOf(state, tag).length === 1 }),
  },
  {
    name: 'create',
    everyRun: true,
    run: (lms, subject) => create(lms, subject, root, subject.tag),
    signs: (state, { tag }) => ({ 'one lead': leadsOf(state, tag).length === 1, 'its key': hasKey(state, tag) }),
  },
  {
    name: 'create by an agent',
    run: (lms, subject) => create(lms, subject, agent, subject.tag),
    signs: (state, { tag }) => ({
      'one lead': leadsOf(state, tag).length === 1,
      'its owner': leadsOf(state, tag)[0]?.ownerId === 'asha',
      'its key': hasKey(state, tag),
    }),
  },
  {
    name: 'createMany',
    inParts: true,
    async run(lms, subject) {
      const items = [0, 1, 2].map(
        (who): CreateItem => ({ lead: newLead(subject, who), idempotencyKey: `${subject.tag}-${who}` }),
      );
      const outcomes = await lms.as(root).leads.createMany(items);
      const refused = outcomes.filter(({ kind }) => kind !== 'created');
      if (refused.length > 0) throw new Error(`not created: ${JSON.stringify(refused)}`);
    },
    signs: (state, { tag }) => ({
      ...Object.fromEntries([0, 1, 2].map((who) => [`lead ${who}`, hasKey(state, `${tag}-${who}`)])),
      'a lead for each key': leadsOf(state, tag).length === 3,
    }),
  },
  changing('update', {
    everyRun: true,
    run: (lms, { tag, serial, leads: [lead = ''] }) =>
      lms
        .as(root)
        .leads.update(
          lead,
          { fields: { mobile: personOf({ serial }, 9)['mobile'], city: 'Nashik' } },
          { idempotencyKey: tag },
        ),
    effect: 'UPDATED',
  }),
  changing('move', {
    everyRun: true,
    prepare: (lms, lead) => lms.as(root).leads.completeTask(lead, 'first-call', { fields: { outcome: 'keen' } }),
    run: (lms, { tag, leads: [lead = ''] }) =>
      lms.as(root).leads.move(lead, { to: 'contacted', comment: 'spoke' }, { idempotencyKey: tag }),
    effect: 'STAGE_CHANGE',
    signs: (lead) => ({ 'the stage': lead?.stage === 'contacted', 'two stays': lead?.history.length === 2 }),
  }),
  changing('close', {
    run: (lms, { tag, leads: [lead = ''] }) => lms.as(root).leads.move(lead, { to: 'lost' }, { idempotencyKey: tag }),
    effect: 'STAGE_CHANGE',
    signs: (lead) => ({ 'the status': lead?.status === 'lost' }),
  }),
  changing('open again', {
    prepare: (lms, lead) => lms.as(root).leads.move(lead, { to: 'lost' }),
    run: (lms, { tag, leads: [lead = ''] }) => lms.as(root).leads.move(lead, { to: 'new' }, { idempotencyKey: tag }),
    effect: 'STAGE_CHANGE',
    already: 1,
    signs: (lead) => ({ 'the status': lead?.lostAt === null && lead.stage === 'new' }),
  }),
  changing('complete a task', {
    run: (lms, { tag, leads: [lead = ''] }) =>
      lms.as(root).leads.completeTask(lead, 'first-call', { fields: { outcome: 'keen' } }, { idempotencyKey: tag }),
    effect: 'TASK_COMPLETED',
    signs: (lead) => ({ 'the task': lead?.tasks.some(({ status }) => status === 'completed') === true }),
  }),
  changing('add an activity', {
    run: (lms, { tag, leads: [lead = ''] }) =>
      lms.as(root).leads.addActivity(lead, { type: 'NOTE', text: 'called back' }, { idempotencyKey: tag }),
    effect: 'NOTE',
  }),
  changing('delete', {
    everyRun: true,
    run: (lms, { tag, leads: [lead = ''] }) => lms.as(root).leads.delete(lead, { idempotencyKey: tag }),
    effect: 'DELETED',
    signs: (lead) => ({ 'the mark': lead?.deletedAt !== null }),
  }),
  changing('restore', {
    everyRun: true,
    prepare: (lms, lead) => lms.as(root).leads.delete(lead),
    run: (lms, { tag, leads: [lead = ''] }) => lms.as(root).leads.restore(lead, { idempotencyKey: tag }),
    effect: 'RESTORED',
    signs: (lead) => ({ 'no mark': lead?.deletedAt === null }),
  }),
  placing('assign', {
    everyRun: true,
    run: (lms, { tag, leads: [lead = ''] }) =>
      lms.as(root).leads.assign(lead, { to: 'asha', reason: 'speaks Marathi' }, { idempotencyKey: tag }),
    owner: 'asha',
    placements: 1,
  }),
  placing('assign to another', {
    prepare: (lms, lead) => lms.as(root).leads.assign(lead, { to: 'ravi' }),
    run: (lms, { tag, leads: [lead = ''] }) => lms.as(root).leads.assign(lead, { to: 'asha' }, { idempotencyKey: tag }),
    owner: 'asha',
    placements: 2,
  }),
  placing('unassign', {
    prepare: (lms, lead) => lms.as(root).leads.assign(lead, { to: 'ravi' }),
    run: (lms, { tag, leads: [lead = ''] }) => lms.as(root).leads.unassign(lead, {}, { idempotencyKey: tag }),
    owner: null,
    placements: 1,
  }),
];

/** Makes the lead that an operation changes. @returns its id */
export async function prepareLead({ lms }: Workshop, subject: Person): Promise<string> {
  const { id } = await lms.as(root).leads.create(newLead(subject));
  return id;
}

export function newLead(
  subject: Person,
  who = 0,
): { productLine: string; campaign: string; fields: Record<string, string> } {
  return { productLine: crashLine.slug, campaign: subject.tag, fields: personOf(subject, who) };
}

export function leadsOf({ leads }: RawState, tag: string): readonly RawLead[] {
  return leads.filter(({ campaign }) => campaign === tag);
}

/** Once, whatever its scope. */
export function hasKey({ commands }: RawState, key: string): boolean {
  return commands.filter((record) => record.key === key).length === 1;
}

async function create(lms: Lms, subject: Subject, actor: Actor, idempotencyKey?: string): Promise<void> {
  await lms.as(actor).leads.create(newLead(subject), idempotencyKey === undefined ? {} : { idempotencyKey });
}

/** What is to be said of an operation on one lead. */
interface OnOneLead {
  readonly everyRun?: true;
  prepare?(lms: Lms, lead: string): Promise<unknown>;
  run(lms: Lms, subject: Subject): Promise<unknown>;
}

/** A command on one lead: what it leaves is one version, one activity and its key. */
function changing(
  name: string,
  change: OnOneLead & {
    /** The kind of activity that tells of it. */
    readonly effect: string;
    /** How many of that kind there were. */
    readonly already?: number;
    signs?(lead: RawLead | undefined): Signs;
  },
): CrashOperation {
  return {
    ...onOneLead(name, change),
    signs(state, { tag }) {
      const [lead] = leadsOf(state, tag);
      const told = lead?.activities.filter(({ type }) => type === change.effect).length ?? 0;
      return {
        'one activity': told === (change.already ?? 0) + 1,
        'its key': hasKey(state, tag),
        ...change.signs?.(lead),
      };
    },
  };
}

/** A lead that changes hands. */
function placing(
  name: string,
  change: OnOneLead & {
    readonly owner: string | null;
    readonly placements: number;
  },
): CrashOperation {
  return {
    ...onOneLead(name, change),
    signs(state, { tag }) {
      const [lead] = leadsOf(state, tag);
      const own = state.placements.filter(({ leadId }) => leadId === lead?.id);
      const active = own.find(({ status }) => status !== 'released');
      const told = state.oldActivities.filter(({ leadId }) => leadId === lead?.id).length;
      const isThere = (active?.holderId ?? null) === change.owner && own.length === change.placements;
      return {
        'the placement': isThere,
        'its activity': told === change.placements + (change.owner === null ? 1 : 0),
        'its key': hasKey(state, tag),
      };
    },
  };
}

function onOneLead(
  name: string,
  { everyRun, prepare, run }: OnOneLead,
): Pick<CrashOperation, 'name' | 'everyRun' | 'prepare' | 'run'> {
  return {
    name,
    ...(everyRun === true ? { everyRun } : {}),
    async prepare(workshop, subject) {
      const lead = await prepareLead(workshop, subject);
      await prepare?.(workshop.lms, lead);
      return [lead];
    },
    async run(lms, subject) {
      await run(lms, subject);
    },
  };
}
