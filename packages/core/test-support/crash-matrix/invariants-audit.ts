import { differences, repeated, upTo } from './differences.js';
import type { Invariant } from './invariant.js';
import type { RawLead, RawState } from './raw-state.js';

interface Aggregate {
  readonly kind: string;
  readonly id: string;
  /** Each version up to this one was made by a command, which has left one row in the trail. */
  readonly version: number;
}

/** The trail and the command keys against what they speak of. */
export const auditInvariants: readonly Invariant[] = [
  {
    name: 'the trail has one row for each effect',
    check: (state) =>
      differences(
        aggregatesOf(state).flatMap(({ kind, id, version }) => upTo(version).map((each) => `${kind} ${id} ${each}`)),
        state.audit
          .filter(
            ({ aggregateKind, eventType }) =>
              !eventType.startsWith('schema.draft') && eventType !== removedMapping && toldInFull.has(aggregateKind),
          )
          .map(
            ({ aggregateKind, aggregateId, aggregateVersion }) => `${aggregateKind} ${aggregateId} ${aggregateVersion}`,
          ),
      ),
  },
  {
    name: 'the trail has one row for each change of owner',
    check: (state) => state.leads.flatMap((lead) => placementProblems(lead, state)),
  },
  {
    name: 'the trail tells of each import that it began, and once how it ended',
    check: ({ runs, audit }) =>
      differences(
        runs.flatMap(({ id, status }) => [
          `${id} import.started`,
          ...(status === 'running' ? [] : [`${id} import.finished`]),
        ]),
        audit
          .filter(({ aggregateKind }) => aggregateKind === 'import')
          .map(({ aggregateId, eventType }) => `${aggregateId} ${eventType}`),
      ),
  },
  {
    name: 'sealed rows have positions without a gap, and each follows the one before it',
    check({ audit }) {
      const sealed = audit
        .filter(({ position }) => position !== null)
        .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
      return sealed.flatMap(({ id, position, prevHash }, at) => {
        const before = at === 0 ? '0'.repeat(64) : sealed[at - 1]?.chainHash;
        return position === at + 1 && prevHash === before ? [] : [`${id} at position ${position}, as number ${at + 1}`];
      });
    },
  },
  {
    name: 'a command key stands for an effect that is there',
    check(state) {
      const versions = aggregateVersions(state);
      return state.commands
        .filter(
          ({ aggregateKind, aggregateId, version }) =>
            version > (versions.get(`${aggregateKind} ${aggregateId}`) ?? -1),
        )
        .map(({ key, aggregateKind, aggregateId }) => `${key} of ${aggregateKind} ${aggregateId}`);
    },
  },
];

/** The kinds whose every version has its row in the trail. */
const toldInFull: ReadonlySet<string> = new Set([
  'lead',
  'user',
  'product-line',
  'mapping',
  'consent',
  'contact_block',
  'consent_wording',
  'calendar',
]);

const removedMapping = 'mapping.removed';

/** A mapping that was removed keeps its rows in the trail; one that is there as well is told of twice. */
function aggregatesOf({ leads, users, lines, mappings, audit, ...rest }: RawState): readonly Aggregate[] {
  const removed = audit.filter(({ eventType }) => eventType === removedMapping);
  return [
    ...leads.map(({ id, version }) => ({ kind: 'lead', id, version })),
    ...users.map(({ id, version }) => ({ kind: 'user', id, version })),
    ...lines.map(({ slug, revision }) => ({ kind: 'product-line', id: slug, version: revision })),
    ...mappings.map(({ id, version }) => ({ kind: 'mapping', id, version })),
    ...rest.consents.map(({ id, version }) => ({ kind: 'consent', id, version })),
    ...rest.contactBlocks.map(({ id, version }) => ({ kind: 'contact_block', id, version })),
    // Texts never change: what they call their version is none of the record.
    ...rest.consentWordings.map(({ id }) => ({ kind: 'consent_wording', id, version: 1 })),
    ...newestOf(rest.calendars).map(({ id, version }) => ({ kind: 'calendar', id, version })),
    ...removed.map(({ aggregateId, aggregateVersion }) => ({
      kind: 'mapping',
      id: aggregateId,
      version: aggregateVersion,
    })),
  ];
}

/** A calendar has a row for each of its versions. */
function newestOf(calendars: RawState['calendars']): RawState['calendars'] {
  return calendars.filter((one) => !calendars.some(({ id, version }) => id === one.id && version > one.version));
}

/** A lead's placements, and what is told of them; one that came with the lead has the id of `lead.created`. */
function placementProblems({ id, number }: RawLead, { placements, audit }: RawState): readonly string[] {
  const own = placements.filter(({ leadId }) => leadId === id);
  const told = audit
    .filter(({ aggregateKind, aggregateId }) => aggregateKind === 'placement' && aggregateId === id)
    .map(({ aggregateVersion }) => aggregateVersion);
  const last = Math.max(0, ...own.map(({ version }) => version));
  const isFree = own.length > 0 && own.every(({ status }) => status === 'released');
  const atMost = own.length + (isFree ? 1 : 0);
  const cameWithLead = own.some((placement) => audit.some((row) => row.id === placement.id));
  const expected = cameWithLead ? atMost - 1 : atMost;
  if (told.length === expected && (told.length === 0 || Math.max(...told) === last)) return repeated(told.map(String));
  return [
    `${number} was placed ${own.length} times up to version ${last}, and the trail tells of ${told.join(', ') || 'none'}`,
  ];
}

function aggregateVersions(state: RawState): ReadonlyMap<string, number> {
  const { leads, placements, jobs } = state;
  return new Map([
    ...aggregatesOf(state).map(({ kind, id, version }) => [`${kind} ${id}`, version] as const),
    ...jobs.map(({ id }) => [`job ${id}`, 0] as const),
    ...leads.map(
      ({ id }) =>
        [
          `placement ${id}`,
          Math.max(0, ...placements.filter(({ leadId }) => leadId === id).map(({ version }) => version)),
        ] as const,
    ),
  ]);
}
