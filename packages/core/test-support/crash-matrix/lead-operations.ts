import type { Lms } from '../../src/index.js';
import { crashLine, personOf } from './crash-line.js';
import { activitiesOf, hasKey, leadsOf, newLead, prepareLead, root } from './leads-of-point.js';
import type { CrashOperation, Signs, Subject } from './operation.js';
import type { RawLead, RawState } from './raw-state.js';

/** As many activities as a lead holds itself. */
const activitiesInLead = 100;

/** Every way in which one lead is written. */
export const leadOperations: readonly CrashOperation[] = [
  {
    name: 'create without a key',
    run: (lms, subject) => create(lms, subject),
    doneAlready: ['LEAD_DUPLICATE'],
    signs: (state, { tag }) => ({ 'one lead': leadsOf(state, tag).length === 1 }),
  },
  {
    name: 'create',
    everyRun: true,
    run: (lms, subject) => create(lms, subject, subject.tag),
    signs: (state, { tag }) => ({ 'one lead': leadsOf(state, tag).length === 1, 'its key': hasKey(state, tag) }),
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
    signs: (lead) => ({ 'the city': lead?.index.some(({ text }) => text === 'nashik') === true }),
    look: phonesHeld,
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
  changing('add an activity to a full lead', {
    async prepare(lms, lead) {
      for (let note = 1; note < activitiesInLead; note += 1) {
        await lms.as(root).leads.addActivity(lead, { type: 'NOTE', text: `call ${note}` });
      }
    },
    run: (lms, { tag, leads: [lead = ''] }) =>
      lms.as(root).leads.addActivity(lead, { type: 'NOTE', text: 'called back' }, { idempotencyKey: tag }),
    effect: 'NOTE',
    already: activitiesInLead - 1,
    signs: (lead, { oldActivities }) => ({
      'the oldest beside it': oldActivities.some(({ leadId, type }) => leadId === lead?.id && type === 'CREATED'),
      'the oldest no longer in it':
        lead?.activities.length === activitiesInLead && lead.activities.every(({ type }) => type === 'NOTE'),
    }),
  }),
  changing('delete', {
    everyRun: true,
    run: (lms, { tag, leads: [lead = ''] }) => lms.as(root).leads.delete(lead, { idempotencyKey: tag }),
    effect: 'DELETED',
    signs: (lead) => ({ 'the mark': typeof lead?.deletedAt === 'string' }),
  }),
  changing('restore', {
    everyRun: true,
    prepare: (lms, lead) => lms.as(root).leads.delete(lead),
    run: (lms, { tag, leads: [lead = ''] }) => lms.as(root).leads.restore(lead, { idempotencyKey: tag }),
    effect: 'RESTORED',
    signs: (lead) => ({ 'no mark': lead?.deletedAt === null }),
  }),
  changing('erase', {
    everyRun: true,
    run: (lms, { tag, leads: [lead = ''] }) =>
      lms.as(root).leads.erase(lead, { reason: 'person-asked' }, { idempotencyKey: tag }),
    effect: 'ERASED',
    signs: (lead) => ({
      'no name': lead?.sealedName === null,
      'no index': lead?.index.length === 0,
      'no key and no claims': lead?.claims.length === 0,
    }),
  }),
];

async function create(lms: Lms, subject: Subject, idempotencyKey?: string): Promise<void> {
  await lms.as(root).leads.create(newLead(subject), idempotencyKey === undefined ? {} : { idempotencyKey });
}

/** Of the phone that a lead had and the one that it gets, the one is held that it has, and the other is free. */
async function phonesHeld(lms: Lms, { serial, leads: [lead = ''] }: Subject): Promise<readonly string[]> {
  const { leads } = lms.as(root);
  const { values } = await leads.get(lead);
  const problems: string[] = [];
  for (const who of [0, 9]) {
    const mobile = personOf({ serial }, who)['mobile'] ?? '';
    const { kind } = await leads.checkCreate({
      productLine: crashLine.slug,
      fields: { fullName: 'Crash Person', mobile },
    });
    const wanted = values['mobile'] === `+91${mobile}` ? 'duplicate' : 'creatable';
    if (kind !== wanted) problems.push(`${mobile} is ${kind}, and the lead has ${JSON.stringify(values['mobile'])}`);
  }
  return problems;
}

/** What is to be said of an operation on one lead. */
export interface OnOneLead {
  readonly everyRun?: true;
  readonly look?: NonNullable<CrashOperation['look']>;
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
    signs?(lead: RawLead | undefined, state: RawState): Signs;
  },
): CrashOperation {
  return {
    ...onOneLead(name, change),
    signs(state, { tag }) {
      const [lead] = leadsOf(state, tag);
      return {
        'one activity': activitiesOf(state, lead, change.effect) === (change.already ?? 0) + 1,
        'its key': hasKey(state, tag),
        ...change.signs?.(lead, state),
      };
    },
  };
}

export function onOneLead(name: string, { everyRun, look, prepare, run }: OnOneLead): Omit<CrashOperation, 'signs'> {
  return {
    name,
    ...(everyRun === true ? { everyRun } : {}),
    ...(look === undefined ? {} : { look }),
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
