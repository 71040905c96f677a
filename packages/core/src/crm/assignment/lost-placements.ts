import { z } from 'zod';
import type { User, UserStore } from '../../foundation/access/index.js';
import type { AuditRow, AuditStore } from '../../foundation/audit/index.js';
import { type Clock, type IdSource, type Instant, type LeadId, toInstant } from '../../foundation/kernel/index.js';
import type { EventRecorder, StepOutcomes, Unit, UnitOfWork } from '../../foundation/persistence/index.js';
import type { LeadFactsStore, LeadStore, LostPlacements, StoredLead } from '../leads/index.js';
import { placementEvent } from './assignment-events.js';
import { type GivenPlacement, newLeadPlacementName, placeOrRefuse, placer, usersIn } from './first-placement.js';
import type { PlacementStore } from './placement-store.js';

export interface LostPlacementsPorts {
  readonly placements: Pick<PlacementStore, 'newest' | 'versions' | 'insert'>;
  readonly facts: Pick<LeadFactsStore, 'projectPlacement'>;
  readonly leads: Pick<LeadStore, 'get'>;
  readonly users: Pick<UserStore, 'get'>;
  readonly audit: Pick<AuditStore, 'list'>;
  readonly outcomes: StepOutcomes;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  /** When the oldest event of leads happened that is not projected yet, stuck or not; null when none waits. */
  readonly waitingSince: () => Promise<Instant | null>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** A lead that says it has an owner, and what the trail says of that. */
interface LostPlacement {
  readonly lead: StoredLead;
  /** `lead.created`, where the owner came with the lead. */
  readonly created: AuditRow | null;
  /** The change of hands that made this owner. */
  readonly assigned: AuditRow | null;
}

const command = 'store.rebuildFacts';

/** How much later than the lead's own time its `lead.created` may say it happened, clocks that differ included. */
const laterAtMostMillis = 10 * 60_000;

const createdData: z.ZodType<{ readonly ownerId: string | null }> = z.object({ ownerId: z.string().nullable() });

/**
 * Gives placements back that a ledger lost. One that came with its lead has the id of `lead.created` and an outcome of the step, as the step
 * leaves them; one that the trail does not know is told there anew. The owner is checked as the step does it.
 */
export function lostPlacements(ports: LostPlacementsPorts): LostPlacements {
  return {
    async restore(leads) {
      const suspects = await withoutPlacement(ports, leads);
      // After the leads were read: whatever made them waits now, or was projected before the placements are read again in the unit.
      const lost = suspects.length === 0 ? [] : notOnTheirWay(suspects, await ports.waitingSince());
      if (lost.length === 0) return 0;
      const trails = new Map<LeadId, Omit<LostPlacement, 'lead'>>();
      for (const lead of lost) trails.set(lead.id, await trailOf(ports, lead));
      return ports.unitOfWork.run('ledger', async (unit) => {
        const ids = lost.map(({ id }) => id);
        const placed = await ports.placements.versions(unit, ids);
        const userOf = usersIn(unit, ports.users);
        let restored = 0;
        for (const lead of await ports.leads.get(unit.bothHomes ? unit : null, ids)) {
          const trail = trails.get(lead.id);
          if (trail === undefined || placed.has(lead.id) || lead.ownerId === null || lead.deletedAt !== null) continue;
          const owner = await userOf(lead.ownerId);
          if (await restoreOne(ports, unit, { lead, ...trail, ownerId: lead.ownerId, owner })) restored += 1;
        }
        return restored;
      });
    },
  };
}

async function withoutPlacement(
  { placements }: LostPlacementsPorts,
  leads: readonly StoredLead[],
): Promise<readonly StoredLead[]> {
  const owned = leads.filter(({ ownerId, deletedAt }) => ownerId !== null && deletedAt === null);
  if (owned.length === 0) return [];
  const newest = await placements.newest(
    null,
    owned.map(({ id }) => id),
  );
  const placed = new Set(newest.map(({ leadId }) => leadId));
  return owned.filter(({ id }) => !placed.has(id));
}

/** Of a lead whose `lead.created` may still wait the placement is not lost, and may be refused. */
function notOnTheirWay(leads: readonly StoredLead[], since: Instant | null): readonly StoredLead[] {
  if (since === null) return leads;
  const settled = toInstant(Date.parse(since) - laterAtMostMillis);
  return leads.filter(({ createdAt }) => createdAt < settled);
}

async function trailOf({ audit }: LostPlacementsPorts, lead: StoredLead): Promise<Omit<LostPlacement, 'lead'>> {
  const aggregateId = lead.id;
  const [made] = await audit.list({ aggregateKind: 'lead', aggregateId, eventType: 'lead.created', limit: 1 });
  const [newest] = await audit.list({ aggregateKind: 'placement', aggregateId, limit: 1 });
  const isNewest = newest?.aggregate.version === lead.placementVersion;
  return {
    created: made !== undefined && cameWith(made, lead) ? made : null,
    assigned: newest !== undefined && isNewest ? newest : null,
  };
}

function cameWith(created: AuditRow, { ownerId, placementVersion }: StoredLead): boolean {
  const data = createdData.safeParse(created.changes);
  return placementVersion === 1 && data.success && data.data.ownerId === ownerId;
}

async function restoreOne(
  ports: LostPlacementsPorts,
  unit: Unit,
  lost: LostPlacement & { readonly ownerId: string; readonly owner: User | null },
): Promise<boolean> {
  const { lead, created, assigned, ownerId, owner } = lost;
  const told = created ?? assigned;
  const given = await placeOrRefuse(ports, unit, {
    id: created?.id ?? ports.ids.next<'placement'>(),
    leadId: lead.id,
    ownerId,
    owner,
    isDeleted: false,
    version: lead.placementVersion,
    at: told?.at ?? lead.createdAt,
    by: told?.actor ?? lead.createdBy,
    command,
  });
  if (given.outcome === 'overtaken') return false;
  if (created !== null) await recordOutcome(ports, unit, created.id, given);
  if (given.outcome === 'refused') await ports.events.record(unit, [given.compensation]);
  else if (told === null) {
    const data = { leadId: lead.id, ownerId, team: given.team, previousOwnerId: null };
    const placement = { ...data, placementVersion: lead.placementVersion };
    await ports.events.record(unit, [placementEvent(placement, { actor: placer, command, sealedReason: null })]);
  }
  return true;
}

/** The outcome may have been lost with the placement. */
async function recordOutcome(
  { outcomes, clock }: LostPlacementsPorts,
  unit: Unit,
  eventId: string,
  given: GivenPlacement,
): Promise<void> {
  const [known] = await outcomes.find(unit, newLeadPlacementName, [eventId]);
  if (known !== undefined) return;
  const why = given.outcome === 'refused' ? given : { code: null, reason: null };
  const outcome = given.outcome === 'refused' ? 'refused' : 'done';
  const { code, reason } = why;
  await outcomes.insert(unit, [
    { eventId, step: newLeadPlacementName, outcome, code, reason, at: toInstant(clock.now()) },
  ]);
}
