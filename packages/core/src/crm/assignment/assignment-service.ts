import type { AccessService, Permission, Principal } from '../../foundation/access/index.js';
import { type Actor, type LeadId, LmsError } from '../../foundation/kernel/index.js';
import { type CommandKey, commandKey } from '../../foundation/persistence/index.js';
import type { DataKeyRing, Vault } from '../../foundation/privacy/index.js';
import type { LeadStore, StoredLead } from '../leads/index.js';
import type {
  AssignItem,
  Assignment,
  AssignOptions,
  AssignOutcome,
  AssignRequest,
  UnassignRequest,
} from './assignment.js';
import { checkAssign, checkUnassign, mostItems } from './assignment-input.js';
import { type AskedHandover, type HandoverPorts, Handovers, leadNotFound } from './handover.js';

/** Finds leads by id or number. @throws LmsError `LEAD_NOT_FOUND` also for leads that the principal may not see */
export interface LeadResolver {
  visibleId(principal: Principal, permission: Permission, reference: string): Promise<LeadId>;
}

export interface AssignmentPorts extends HandoverPorts {
  readonly access: AccessService;
  readonly lookup: LeadResolver;
  readonly leads: LeadStore;
  readonly dataKeys: DataKeyRing;
  readonly vault: Vault;
}

/**
 * Gives leads to users and takes them back. A lead has at most one owner, whatever the number of callers: they take effect
 * one after the other, and those who gave an expected version get `PLACEMENT_CONFLICT` when they come second. The placement
 * lives in the ledger; the owner on the lead and in lists follows from it.
 */
export class AssignmentService {
  readonly #ports: AssignmentPorts;
  readonly #handovers: Handovers;

  constructor(ports: AssignmentPorts) {
    this.#ports = ports;
    this.#handovers = new Handovers(ports);
  }

  /**
   * Places a lead with a user; needs `leads.assign`. Managers assign leads they see to users of their teams. Nothing happens
   * when the lead is with that user already.
   * @param reference id or number of the lead
   * @throws LmsError `PERMISSION_DENIED`, `LEAD_NOT_FOUND`, `LEAD_DELETED`, `USER_NOT_FOUND`, `USER_INACTIVE`, `INPUT_INVALID` (also for
   * a user that works no leads), `PLACEMENT_CONFLICT`, `IDEMPOTENCY_KEY_REUSED`
   */
  async assign(
    actor: Actor,
    reference: string,
    request: AssignRequest,
    options: AssignOptions = {},
  ): Promise<Assignment> {
    const { to, reason } = checkAssign(request);
    const principal = await this.#ports.access.require(actor, 'leads.assign');
    return this.#handOver({ principal, reference, to, reason, command: 'leads.assign', options });
  }

  /**
   * Takes a lead from its owner; then managers and admins see it. Needs `leads.assign`. Nothing happens when nobody has it.
   * @throws LmsError `PERMISSION_DENIED`, `LEAD_NOT_FOUND`, `LEAD_DELETED`, `PLACEMENT_CONFLICT`, `IDEMPOTENCY_KEY_REUSED`
   */
  async unassign(
    actor: Actor,
    reference: string,
    request: UnassignRequest = {},
    options: AssignOptions = {},
  ): Promise<Assignment> {
    const { reason } = checkUnassign(request);
    const principal = await this.#ports.access.require(actor, 'leads.assign');
    return this.#handOver({ principal, reference, to: null, reason, command: 'leads.unassign', options });
  }

  /**
   * {@link assign} for up to 1,000 leads, in order, each on its own: one that is refused leaves the others as they are. When
   * the store is gone, or the caller stops, the rest are not tried and have that outcome.
   * @throws LmsError `PERMISSION_DENIED`, `LIMIT_EXCEEDED`; all else is the outcome of an item
   */
  async assignMany(
    actor: Actor,
    items: readonly AssignItem[],
    options: Pick<AssignOptions, 'signal'> = {},
  ): Promise<readonly AssignOutcome[]> {
    if (items.length > mostItems) {
      throw new LmsError('LIMIT_EXCEEDED', {
        message: `${items.length} leads are too many for one call; at most ${mostItems}`,
      });
    }
    await this.#ports.access.require(actor, 'leads.assign');
    const outcomes: AssignOutcome[] = [];
    let stopped: LmsError | null = null;
    for (const { lead, expectedVersion, ...request } of items) {
      if (stopped !== null) {
        outcomes.push({ ok: false, lead, error: stopped });
        continue;
      }
      const expected = expectedVersion === undefined ? {} : { expectedVersion };
      try {
        const assignment = await this.assign(actor, lead, request, { ...options, ...expected });
        outcomes.push({ ok: true, lead, assignment });
      } catch (error) {
        if (!LmsError.isInstance(error)) throw error;
        if (endsTheBatch(error)) stopped = error;
        outcomes.push({ ok: false, lead, error });
      }
    }
    return outcomes;
  }

  /**
   * Whether the actor may give leads to a user, whichever leads: what {@link assign} asks too. Writes nothing.
   * @param to null asks whether it may take leads from their owners
   * @throws LmsError `PERMISSION_DENIED`, `USER_NOT_FOUND`, `USER_INACTIVE`, `INPUT_INVALID` (also for a user that works no leads)
   */
  async checkAssignee(actor: Actor, to: string | null, reason?: string): Promise<void> {
    checkAsked(to, reason);
    const principal = await this.#ports.access.require(actor, 'leads.assign');
    if (to !== null) await this.#handovers.assignee(null, principal, to);
  }

  /**
   * Refuses what {@link assign} (with `to` null {@link unassign}) would refuse now. Writes nothing; by the time of the assignment
   * others may have changed the lead or the user.
   * @throws LmsError as they do
   */
  async checkAssign(actor: Actor, reference: string, to: string | null, reason?: string): Promise<void> {
    checkAsked(to, reason);
    const principal = await this.#ports.access.require(actor, 'leads.assign');
    await this.#handovers.check(await this.#asked(principal, reference, to));
  }

  async #asked(principal: Principal, reference: string, to: string | null): Promise<AskedHandover> {
    const leadId = await this.#ports.lookup.visibleId(principal, 'leads.assign', reference);
    const scope = await this.#ports.access.rowScope(principal, 'leads.assign');
    return { principal, scope, lead: await this.#leadInUse(leadId), to };
  }

  async #handOver(asked: {
    principal: Principal;
    reference: string;
    to: string | null;
    reason: string | undefined;
    command: string;
    options: AssignOptions;
  }): Promise<Assignment> {
    const { principal, reference, to, reason, command, options } = asked;
    const checked = await this.#asked(principal, reference, to);
    const { id } = checked.lead;
    return this.#handovers.carryOut({
      ...checked,
      sealedReason: reason === undefined ? null : await this.#seal(id, reason),
      command,
      key: keyOf(principal, `${command} ${id}`, { to, reason: reason ?? null }, options),
      options,
    });
  }

  async #leadInUse(leadId: LeadId): Promise<StoredLead> {
    const [lead] = await this.#ports.leads.get(null, [leadId]);
    if (lead === undefined) throw leadNotFound(leadId);
    if (lead.deletedAt !== null) {
      throw new LmsError('LEAD_DELETED', { message: `${lead.number} is deleted; restore it first` });
    }
    return lead;
  }

  async #seal(leadId: LeadId, reason: string): Promise<string> {
    return this.#ports.vault.seal(await this.#ports.dataKeys.keyFor(null, 'lead', leadId), reason);
  }
}

function checkAsked(to: string | null, reason: string | undefined): void {
  const why = reason === undefined ? {} : { reason };
  if (to === null) checkUnassign(why);
  else checkAssign({ to, ...why });
}

/** What the next item would meet too, after waiting as long. */
function endsTheBatch({ code, category }: LmsError): boolean {
  return (
    code === 'COMMAND_ABORTED' || category === 'storage' || (category === 'unavailable' && code !== 'STORE_CONFLICT')
  );
}

function keyOf(
  principal: Principal,
  operation: string,
  request: { readonly to: string | null; readonly reason: string | null },
  options: AssignOptions,
): CommandKey | null {
  if (options.idempotencyKey === undefined) return null;
  return commandKey(principal.ref, operation, options.idempotencyKey, request);
}
