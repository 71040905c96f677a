import { differences } from './differences.js';
import type { Invariant } from './invariant.js';
import type { RawState } from './raw-state.js';

type Outcome = RawState['stepOutcomes'][number];

/** What events ask of the ledger against what became of it. */
export const stepInvariants: readonly Invariant[] = [
  {
    name: 'every lead that was made with an owner has one outcome of its placement',
    check: ({ audit, stepOutcomes }) =>
      differences(
        audit
          .filter(({ eventType, ownerId }) => eventType === 'lead.created' && ownerId !== null)
          .map(({ id }) => `${id} new-lead-placement`),
        stepOutcomes.map(({ eventId, step }) => `${eventId} ${step}`),
      ),
  },
  {
    name: 'outcomes agree with the placements',
    check: (state) => state.stepOutcomes.flatMap((outcome) => disagreement(outcome, state)),
  },
];

/** Done is a placement of the event's own, or that somebody else was before it; refused is one that is over, and was told. */
function disagreement({ eventId, outcome, code }: Outcome, { audit, placements }: RawState): readonly string[] {
  const event = audit.find(({ id }) => id === eventId);
  const own = placements.find(({ id }) => id === eventId);
  const told = audit.filter(({ aggregateId, refused }) => aggregateId === event?.aggregateId && refused !== null);
  if (outcome === 'refused') {
    const isOver = own !== undefined && own.status === 'released' && own.leadId === event?.aggregateId;
    const isTold = told.length === 1 && told[0]?.refused === code;
    return isOver && isTold
      ? []
      : [`${eventId} was refused with ${code}, which its placement or the trail does not say`];
  }
  const isPlaced = placements.some(({ leadId }) => leadId === event?.aggregateId);
  return isPlaced && told.length === 0 ? [] : [`${eventId} is called done, and its lead is not placed, or was refused`];
}
