import { differences, repeated, upTo } from './differences.js';
import { groupedBy } from './grouped-by.js';
import type { Invariant } from './invariant.js';
import { auditInvariants } from './invariants-audit.js';
import { importInvariants } from './invariants-imports.js';
import { jobInvariants } from './invariants-jobs.js';
import { stepInvariants } from './invariants-steps.js';
import { totalsInvariants } from './invariants-totals.js';
import type { RawLead, RawState } from './raw-state.js';

/** @returns what contradicts the invariants, each line with the name of its invariant in front */
export function brokenInvariants(state: RawState): readonly string[] {
  return invariants.flatMap((invariant) => invariant.check(state).map((line) => `${invariant.name}: ${line}`));
}

export const invariants: readonly Invariant[] = [
  {
    name: 'no number is given twice, and none is ahead of its counter',
    check({ leads, counters }) {
      const last = new Map(counters.map((counter) => [counter.series, counter.last]));
      return [
        ...repeated(leads.map(({ number }) => number)),
        ...leads
          .filter(({ numberMonth, numberSeq }) => numberSeq > (last.get(numberMonth) ?? 0))
          .map(({ number }) => `${number} is ahead of its counter`),
      ];
    },
  },
  {
    name: 'unique keys are those of the leads that are open',
    // While one look-up key is changed for another, a value may be held under both.
    check({ leads, uniqueKeys, lookupHashes }) {
      const newest = newestOf(lookupHashes);
      const held = uniqueKeys.map(
        ({ holderId, scope, rule, hash }) => `${holderId} ${scope} ${rule} ${newest.get(hash) ?? hash}`,
      );
      return differences(
        leads.flatMap((lead) => heldBy(lead).map(({ scope, rule, hash }) => `${lead.id} ${scope} ${rule} ${hash}`)),
        [...new Set(held)],
      );
    },
  },
  {
    name: 'every lead has its data key, and no other is there',
    check: ({ leads, dataKeys }) =>
      differences(
        leads.map(({ id }) => id),
        dataKeys.filter(({ kind }) => kind === 'lead').map(({ id }) => id),
      ),
  },
  {
    name: 'facts are the state of their lead',
    check: ({ leads, facts, placements }) =>
      differences(
        leads.map((lead) => JSON.stringify(sorted(factsOf(lead, placements)))),
        facts.map((row) => JSON.stringify(sorted(row))),
      ),
  },
  {
    name: 'stays are the history of their lead',
    check: ({ leads, stays }) =>
      differences(
        leads.flatMap(({ id, history }) =>
          history.map(({ stage, enteredAt, exitedAt }, at) => [id, at, stage, enteredAt, exitedAt].join(' ')),
        ),
        stays.map(({ leadId, sequence, stage, enteredAt, exitedAt }) =>
          [leadId, sequence, stage, enteredAt, exitedAt].join(' '),
        ),
      ),
  },
  {
    name: 'the field index is that of their lead',
    check({ leads, index, lookupHashes }) {
      const newest = newestOf(lookupHashes);
      const now = (hash: string | null): string | null => (hash === null ? null : (newest.get(hash) ?? hash));
      return differences(
        leads.flatMap((lead) =>
          lead.index.map(({ field, number, text, hash }) => [lead.id, field, number, text, now(hash)].join(' ')),
        ),
        index.map((row) => [row.leadId, row.field, row.numberValue, row.textValue, now(row.hashValue)].join(' ')),
      );
    },
  },
  {
    name: 'collaborators are those of their lead',
    check: ({ leads, collaborators }) =>
      differences(
        leads.flatMap(({ id, collaboratorIds }) => collaboratorIds.map((user) => `${id} ${user}`)),
        collaborators.map(({ leadId, userId }) => `${leadId} ${userId}`),
      ),
  },
  {
    name: 'moves are the history of their lead',
    check: ({ leads, moves }) =>
      differences(
        leads.flatMap(({ id, history }) =>
          history.map(({ stage }, at) => `${id} ${at}: ${history[at - 1]?.stage ?? null} to ${stage}`),
        ),
        [...groupedBy(moves, ({ leadId }) => leadId)].flatMap(([leadId, made]) =>
          made
            .toSorted((left, right) => (`${left.at} ${left.eventId}` < `${right.at} ${right.eventId}` ? -1 : 1))
            .map(({ fromStage, toStage }, at) => `${leadId} ${at}: ${fromStage} to ${toStage}`),
        ),
      ),
  },
  {
    name: 'owners are the active placements',
    check({ leads, placements }) {
      const active = placements.filter(({ status }) => status !== 'released');
      return [
        ...differences(
          leads.filter(({ ownerId }) => ownerId !== null).map(({ id, ownerId }) => `${id} ${ownerId} ${id}`),
          active.map(({ leadId, holderId, exclusiveLeadId }) => `${leadId} ${holderId} ${exclusiveLeadId}`),
        ),
        ...differences(
          leads.map(({ id, placementVersion }) => `${id} ${placementVersion}`),
          leads.map(({ id }) => `${id} ${lastPlacement(placements, id)}`),
        ),
      ];
    },
  },
  {
    name: 'activities are there once, as many as their lead counts',
    check: ({ leads, oldActivities }) =>
      leads.flatMap(({ id, number, activities, activityCount }) => {
        const kept = oldActivities.filter((each) => each.leadId === id && !isOfPlacement(each));
        const own = [...activities, ...kept].map((each) => each.id);
        const counted = new Set(own).size;
        return [
          ...repeated(own),
          ...(counted === activityCount ? [] : [`${number} counts ${activityCount} activities and has ${counted}`]),
        ];
      }),
  },
  {
    name: 'activities of placements are those that the trail tells',
    check: ({ audit, oldActivities }) =>
      differences(
        audit
          .filter(({ aggregateKind }) => aggregateKind === 'placement')
          .map(({ aggregateId, id, refused }) => `${aggregateId} ${id} ${refused === null ? assigned : refusedFirst}`),
        oldActivities.filter(isOfPlacement).map(({ leadId, id, type }) => `${leadId} ${id} ${type}`),
      ),
  },
  {
    name: 'nothing waits in an outbox',
    check: ({ outbox }) => outbox.map(({ id }) => id),
  },
  {
    name: 'teams of users are as the users say',
    check: ({ users, userTeams }) =>
      differences(
        users.flatMap(({ id, teams }) => teams.map((team) => `${id} ${team}`)),
        userTeams.map(({ userId, team }) => `${userId} ${team}`),
      ),
  },
  {
    name: 'roles of users are as the users say',
    check: ({ users, userRoles }) =>
      differences(
        users.flatMap(({ id, roles }) => roles.map((role) => `${id} ${role}`)),
        userRoles.map(({ userId, role }) => `${userId} ${role}`),
      ),
  },
  {
    name: 'lines stand at their newest definitions',
    check: ({ lines, definitions }) =>
      differences(
        lines.flatMap(({ slug, schemaVersion, pipelineVersion }) => [
          ...upTo(schemaVersion).map((version) => `${slug} fields ${version}`),
          ...upTo(pipelineVersion).map((version) => `${slug} pipeline ${version}`),
        ]),
        definitions.map(({ productLine, part, version }) => `${productLine} ${part} ${version}`),
      ),
  },
  ...importInvariants,
  ...stepInvariants,
  ...auditInvariants,
  ...jobInvariants,
  ...totalsInvariants,
];

/** The types of activity that placements leave beside the lead, which does not count them. */
const assigned = 'ASSIGNED';
const refusedFirst = 'PLACEMENT_REFUSED';

function isOfPlacement({ type }: { readonly type: string }): boolean {
  return type === assigned || type === refusedFirst;
}

/** What of its claims a lead must hold now. */
function newestOf(lookupHashes: RawState['lookupHashes']): ReadonlyMap<string, string> {
  return new Map(lookupHashes.map(({ hash, newest }) => [hash, newest]));
}

function heldBy({ status, deletedAt, claims }: RawLead): RawLead['claims'] {
  if (deletedAt !== null) return [];
  const isOpen = status === 'pending' || status === 'in_progress';
  return claims.filter((claim) => isOpen || claim.while === 'always');
}

/** A lead's row of facts, made anew from the lead and its placement. */
function factsOf(lead: RawLead, placements: RawState['placements']): RawState['facts'][number] {
  const {
    id,
    tasks,
    collaboratorIds: _,
    activities: _a,
    activityCount: _c,
    history: _h,
    index: _i,
    claims: _k,
    ...same
  } = lead;
  return {
    ...same,
    leadId: id,
    presence: lead.deletedAt === null ? 0 : 1,
    tasksDone: tasks.filter(({ status }) => status === 'completed' || status === 'skipped').length,
    tasksTotal: tasks.filter(({ status }) => status !== 'cancelled').length,
    decidedAt: lead.wonAt ?? lead.lostAt,
    placementVersion: lastPlacement(placements, id),
  };
}

function sorted(row: object): object {
  return Object.fromEntries(Object.entries(row).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** The version that the ledger gives the placement of a lead; 0 before its first. */
function lastPlacement(placements: RawState['placements'], lead: string): number {
  return Math.max(0, ...placements.filter(({ leadId }) => leadId === lead).map(({ version }) => version));
}
