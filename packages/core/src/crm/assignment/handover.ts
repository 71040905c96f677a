import {
  type Principal,
  type RowScope,
  rowScopeIncludes,
  type User,
  type UserStore,
} from '../../foundation/access/index.js';
import type { AuditStore } from '../../foundation/audit/index.js';
import { type Clock, type IdSource, type LeadId, LmsError, toInstant } from '../../foundation/kernel/index.js';
import {
  type CommandKey,
  type Commands,
  commandRecord,
  type EventRecorder,
  type Outbox,
  replayOf,
  type Unit,
  type UnitOfWork,
} from '../../foundation/persistence/index.js';
import type { StoredLead } from '../leads/index.js';
import { checkAssignee, teamOf } from './assignee.js';
import type { Assignment, AssignOptions } from './assignment.js';
import { placementEvent } from './assignment-events.js';
import { confirmedPlacement } from './confirmed-placement.js';
import { createdEventId } from './created-event-id.js';
import type { Placement, PlacementStore } from './placement-store.js';

export interface HandoverPorts {
  readonly placements: PlacementStore;
  readonly users: UserStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly commands: Commands;
  readonly outbox: Pick<Outbox, 'due'>;
  readonly audit: Pick<AuditStore, 'list'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Who asks for which change of hands. */
export interface AskedHandover {
  readonly principal: Principal;
  readonly scope: RowScope;
  readonly lead: StoredLead;
  /** null takes the lead from its owner. */
  readonly to: string | null;
}

/** One change of hands, checked as far as it can be before the unit. */
export interface Handover extends AskedHandover {
  readonly sealedReason: string | null;
  readonly command: string;
  readonly key: CommandKey | null;
  readonly options: AssignOptions;
}

/** Where a lead stands in the ledger. */
interface Standing {
  readonly active: Placement | null;
  readonly version: number;
  /** The placement that came with the lead and has not reached the ledger yet; it is `active` then. */
  readonly unwritten: Placement | null;
}

/** Another caller placed the lead between our reading and writing; the unit is undone and begins again. */
class PlacedMeanwhile extends Error {}

const attempts = 10;

/**
 * Changes the placement of one lead in one unit of the ledger: read where it stands, check, release, place, tell. Whoever
 * is overtaken begins again from the new state, or is refused when it expected another.
 */
export class Handovers {
  readonly #ports: HandoverPorts;

  constructor(ports: HandoverPorts) {
    this.#ports = ports;
  }

  async carryOut(handover: Handover): Promise<Assignment> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#inUnit(handover);
      } catch (error) {
        if (!(error instanceof PlacedMeanwhile)) throw error;
        if (attempt === attempts) throw conflict(handover.lead, 'others keep assigning it; try again');
      }
    }
  }

  /** Refuses what {@link carryOut} would refuse now; writes nothing. */
  async check(asked: AskedHandover): Promise<void> {
    await this.#ports.unitOfWork.run('ledger', async (unit) => {
      refuseOutOfReach(asked, await this.#standing(unit, asked.lead));
      await this.#ownerToBe(unit, asked);
    });
  }

  /**
   * The user, to whom the principal may give leads.
   * @throws LmsError `USER_NOT_FOUND`, `USER_INACTIVE`, `INPUT_INVALID`, `PERMISSION_DENIED`
   */
  async assignee(unit: Unit | null, principal: Principal, to: string): Promise<User> {
    return checkAssignee(principal, to, await this.#ports.users.get(unit, to));
  }

  #inUnit(handover: Handover): Promise<Assignment> {
    const { lead, options, key } = handover;
    return this.#ports.unitOfWork.run(
      'ledger',
      async (unit) => {
        const standing = await this.#standing(unit, lead);
        const unchanged = assignmentOf(lead.id, standing, false);
        if (key !== null && (await this.#done(unit, key))) return unchanged;
        refuseOutOfReach(handover, standing);
        if (options.expectedVersion !== undefined && options.expectedVersion !== standing.version) {
          throw conflict(lead, 'read it again', standing);
        }
        const owner = await this.#ownerToBe(unit, handover);
        const isThere = unchanged.ownerId === handover.to;
        const assignment = isThere ? unchanged : await this.#change(unit, handover, { standing, owner });
        if (key !== null) await this.#remember(unit, key, assignment);
        return assignment;
      },
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }

  /** The lead's own record counts too: a placement that came with the lead may not have reached the ledger yet. */
  async #standing(unit: Unit, lead: StoredLead): Promise<Standing> {
    const placed = await this.#ports.placements.active(unit, [lead.id]);
    const versions = await this.#ports.placements.versions(unit, [lead.id]);
    const version = versions.get(lead.id);
    if (version === undefined && lead.ownerId !== null) {
      const unwritten = await this.#firstPlacement(unit, lead, lead.ownerId);
      return { active: unwritten, version: unwritten.version, unwritten };
    }
    return {
      active: placed.find((placement) => placement.holderKind === 'rep') ?? null,
      version: Math.max(version ?? 0, lead.placementVersion),
      unwritten: null,
    };
  }

  async #firstPlacement(unit: Unit, lead: StoredLead, holderId: string): Promise<Placement> {
    const team = (await this.#ports.users.get(unit, holderId))?.teams[0] ?? null;
    const made = { version: lead.placementVersion, at: lead.createdAt, by: lead.createdBy };
    const id = (await createdEventId(this.#ports, lead.id)) ?? this.#ports.ids.next<'placement'>();
    return confirmedPlacement({ id, leadId: lead.id, holderId, team, ...made });
  }

  async #ownerToBe(unit: Unit, { principal, to }: AskedHandover): Promise<User | null> {
    return to === null ? null : this.assignee(unit, principal, to);
  }

  async #change(
    unit: Unit,
    handover: Handover,
    change: { readonly standing: Standing; readonly owner: User | null },
  ): Promise<Assignment> {
    const { principal, lead, command, sealedReason } = handover;
    const { standing, owner } = change;
    const done = { at: toInstant(this.#ports.clock.now()), by: principal.ref };
    let version = standing.version;
    if (standing.unwritten !== null && !(await this.#ports.placements.insert(unit, standing.unwritten))) {
      throw new PlacedMeanwhile();
    }
    if (standing.active !== null) {
      version += 1;
      const released = await this.#ports.placements.release(unit, standing.active.id, { version, ...done });
      if (!released) throw new PlacedMeanwhile();
    }
    let active: Placement | null = null;
    if (owner !== null) {
      version += 1;
      const id = this.#ports.ids.next<'placement'>();
      const holder = { holderId: owner.id, team: teamOf(principal, owner) };
      active = confirmedPlacement({ id, leadId: lead.id, version, ...holder, ...done });
      if (!(await this.#ports.placements.insert(unit, active))) throw new PlacedMeanwhile();
    }
    const assignment = assignmentOf(lead.id, { active, version }, true);
    const { changed: _changed, ...placement } = assignment;
    const data = { ...placement, previousOwnerId: standing.active?.holderId ?? null };
    await this.#ports.events.record(unit, [placementEvent(data, { actor: principal.actor, command, sealedReason })]);
    return assignment;
  }

  async #done(unit: Unit, key: CommandKey): Promise<boolean> {
    const [record] = await this.#ports.commands.find(unit, 'ledger', key.scope, [key.key]);
    return replayOf(key, record, this.#ports.clock) !== null;
  }

  async #remember(unit: Unit, key: CommandKey, { leadId, placementVersion }: Assignment): Promise<void> {
    const aggregate = { kind: 'placement', id: leadId, version: placementVersion };
    await this.#ports.commands.record(unit, [commandRecord(key, aggregate, this.#ports.clock)]);
  }
}

function refuseOutOfReach({ scope, lead }: AskedHandover, { active }: Standing): void {
  const { collaboratorIds, partner, number } = lead;
  if (rowScopeIncludes(scope, { ownerId: active?.holderId ?? null, collaboratorIds, partner })) return;
  throw leadNotFound(number);
}

function assignmentOf(
  leadId: LeadId,
  { active, version }: Pick<Standing, 'active' | 'version'>,
  changed: boolean,
): Assignment {
  return {
    leadId,
    ownerId: active?.holderId ?? null,
    team: active?.team ?? null,
    placementVersion: version,
    changed,
  };
}

function conflict(lead: StoredLead, advice: string, standing?: Standing): LmsError {
  return new LmsError('PLACEMENT_CONFLICT', {
    message: `${lead.number} was assigned in the meantime; ${advice}`,
    ...(standing === undefined
      ? {}
      : { details: { currentVersion: standing.version, ownerId: standing.active?.holderId ?? null } }),
  });
}

export function leadNotFound(reference: string): LmsError {
  return new LmsError('LEAD_NOT_FOUND', { message: `there is no lead ${reference} that you may assign` });
}
