import { createLms } from '../../src/index.js';
import { testKey } from '../../src/testing/index.js';
import { type OnOneLead, onOneLead } from './lead-operations.js';
import { agent, effectOf, hasKey, leadsOf, newLead, prepareLead, refuseOthers, root } from './leads-of-point.js';
import type { CrashOperation, Signs } from './operation.js';
import type { RawLead, RawState } from './raw-state.js';

/** Leads that get an owner, change hands, or are not given to whom they were meant for. */
export const placementOperations: readonly CrashOperation[] = [
  {
    name: 'create by an agent',
    async run(lms, subject) {
      await lms.as(agent).leads.create(newLead(subject), { idempotencyKey: subject.tag });
    },
    signs: (state, { tag }) => ({
      'one lead': leadsOf(state, tag).length === 1,
      'its owner': leadsOf(state, tag)[0]?.ownerId === 'asha',
      'its key': hasKey(state, tag),
    }),
  },
  {
    name: 'create by an agent who left',
    async prepare({ lms }, { tag }) {
      await lms.as(root).users.create({ id: tag, name: 'Crash User', roles: ['agent'], teams: ['west'] });
      return [];
    },
    async run(lms, subject, { storage }) {
      // As in another process, whose clock stands so that what it read of a user is not too old for it: it does not hear that one left.
      const startedAt = Date.now();
      const elsewhere = await createLms({ storage, key: testKey, clock: { now: () => startedAt } });
      const leaver = { kind: 'user', id: subject.tag } as const;
      await lms.as(root).users.activate(subject.tag);
      await elsewhere.as(leaver).leads.count();
      await lms.as(root).users.deactivate(subject.tag);
      await elsewhere.as(leaver).leads.create(newLead(subject), { idempotencyKey: subject.tag });
      await elsewhere.settle();
    },
    // It is there, and no longer the agent's to see.
    doneAlready: ['LEAD_HANDED_OVER'],
    ...effectOf((state, { tag }) => ({ 'the lead': { 'its key': hasKey(state, tag), ...refusedSigns(state, tag) } })),
  },
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
  {
    name: 'assignMany',
    prepare: async (workshop, subject) => [
      await prepareLead(workshop, subject, 0),
      await prepareLead(workshop, subject, 1),
    ],
    async run(lms, { leads }) {
      const items = leads.map((lead) => ({ lead, to: 'asha', expectedVersion: 0 }));
      refuseOthers(await lms.as(root).leads.assignMany(items), ['PLACEMENT_CONFLICT']);
    },
    ...effectOf((state, { tag }) => ({
      'lead 0': placementSigns(state, leadsOf(state, tag)[0], { owner: 'asha', placements: 1 }),
      'lead 1': placementSigns(state, leadsOf(state, tag)[1], { owner: 'asha', placements: 1 }),
    })),
  },
];

/** A lead whose agent had left when the ledger was asked: it has no owner, and the ledger and the trail say why. */
export function refusedSigns(state: RawState, tag: string): Signs {
  const [lead, ...others] = leadsOf(state, tag).filter(({ id }) => createdBy(state, id) === `user:${tag}`);
  const placements = state.placements.filter(({ leadId }) => leadId === lead?.id);
  const told = state.audit.filter(({ aggregateId, aggregateKind }) => {
    return aggregateId === lead?.id && aggregateKind === 'placement';
  });
  const outcomes = state.stepOutcomes.filter(({ eventId }) => placements.some(({ id }) => id === eventId));
  return {
    'one lead': lead !== undefined && others.length === 0,
    'no owner': lead?.ownerId === null,
    'a placement that is over': placements.map(({ status, version }) => `${status} ${version}`).join() === 'released 2',
    'the refusal': outcomes.map(({ outcome, code }) => `${outcome} ${code}`).join() === 'refused USER_INACTIVE',
    'what tells of it': told.map(({ eventType }) => eventType).join() === 'lead.unassigned',
  };
}

function createdBy({ audit }: RawState, lead: string): string | undefined {
  return audit.find(({ aggregateId, eventType }) => aggregateId === lead && eventType === 'lead.created')?.actor;
}

interface Placed {
  readonly owner: string | null;
  readonly placements: number;
}

/** A lead that changes hands. */
function placing(name: string, change: OnOneLead & Placed): CrashOperation {
  return {
    ...onOneLead(name, change),
    signs: (state, { tag }) => ({
      ...placementSigns(state, leadsOf(state, tag)[0], change),
      'its key': hasKey(state, tag),
    }),
  };
}

function placementSigns(state: RawState, lead: RawLead | undefined, { owner, placements }: Placed): Signs {
  const own = state.placements.filter(({ leadId }) => leadId === lead?.id);
  const active = own.find(({ status }) => status !== 'released');
  const told = state.oldActivities.filter(({ leadId }) => leadId === lead?.id).length;
  return {
    'the placement': (active?.holderId ?? null) === owner && own.length === placements,
    'its activity': told === placements + (owner === null ? 1 : 0),
  };
}
