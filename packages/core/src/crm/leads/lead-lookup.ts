import {
  type AccessService,
  type Permission,
  type Principal,
  type RowScope,
  rowScopeIncludes,
} from '../../foundation/access/index.js';
import { isId, type LeadId, LmsError } from '../../foundation/kernel/index.js';
import type { LeadFactsStore } from './lead-facts-store.js';
import { isLeadNumber } from './lead-number.js';
import type { LeadStore } from './lead-store.js';

export interface LookupPorts {
  readonly access: AccessService;
  readonly leads: LeadStore;
  readonly facts: LeadFactsStore;
}

/** As {@link LeadStore.get} takes them. */
const mostIdsACall = 1000;

/** Finds leads by id or number, as far as an actor may see them. */
export class LeadLookup {
  readonly #ports: LookupPorts;

  constructor(ports: LookupPorts) {
    this.#ports = ports;
  }

  /** @throws LmsError `LEAD_NOT_FOUND` also for leads that the actor may not see */
  async visibleId(principal: Principal, permission: Permission, reference: string): Promise<LeadId> {
    const id = await this.#idOf(reference);
    if (id === undefined) throw notFound(reference);
    await this.#requireVisible(principal, permission, { id, reference });
    return id;
  }

  /**
   * What `read` finds of a lead that is visible. It is begun before that is known, since each question may be a round trip: it must do
   * nothing but read, and what it answers or throws is told to nobody who may not see the lead.
   * @throws LmsError `LEAD_NOT_FOUND` as {@link visibleId}
   */
  async readVisible<Found>(
    principal: Principal,
    permission: Permission,
    { reference, read }: { readonly reference: string; readonly read: (id: LeadId) => Promise<Found> },
  ): Promise<Found> {
    const id = await this.#idOf(reference);
    if (id === undefined) throw notFound(reference);
    const [visible, found] = await Promise.allSettled([
      this.#requireVisible(principal, permission, { id, reference }),
      read(id),
    ]);
    if (visible.status === 'rejected') throw visible.reason;
    if (found.status === 'rejected') throw found.reason;
    return found.value;
  }

  /**
   * Those of the leads that the principal may see. Asks nothing of the store for who sees all, and of each lead once: there may be
   * thousands.
   */
  async visible(principal: Principal, permission: Permission, ids: readonly LeadId[]): Promise<ReadonlySet<string>> {
    const scope = await this.#ports.access.rowScope(principal, permission);
    if (scope.everything || ids.length === 0) return new Set(ids);
    const visible = new Set<string>();
    const distinct = [...new Set(ids)];
    for (let start = 0; start < distinct.length; start += mostIdsACall) {
      for (const id of await this.#inScope(scope, distinct.slice(start, start + mostIdsACall))) visible.add(id);
    }
    return visible;
  }

  /** Those of the numbers whose leads the principal may see; as {@link visible} in what it asks. */
  async visibleNumbers(
    principal: Principal,
    permission: Permission,
    numbers: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const scope = await this.#ports.access.rowScope(principal, permission);
    if (scope.everything || numbers.length === 0) return new Set(numbers);
    const seen = new Set<string>();
    const distinct = [...new Set(numbers)];
    for (let start = 0; start < distinct.length; start += mostIdsACall) {
      const ids = await this.#ports.leads.idsByNumber(null, distinct.slice(start, start + mostIdsACall));
      const visible = await this.visible(principal, permission, [...ids.values()]);
      for (const [number, id] of ids) if (visible.has(id)) seen.add(number);
    }
    return seen;
  }

  async #requireVisible(
    principal: Principal,
    permission: Permission,
    { id, reference }: { readonly id: LeadId; readonly reference: string },
  ): Promise<void> {
    if (!(await this.visible(principal, permission, [id])).has(id)) throw notFound(reference);
  }

  async #idOf(reference: string): Promise<LeadId | undefined> {
    const text = typeof reference === 'string' ? reference.trim() : '';
    if (isId(text.toLowerCase())) return text.toLowerCase() as LeadId;
    if (!isLeadNumber(text)) {
      throw new LmsError('LEAD_NOT_FOUND', {
        message: `"${text.slice(0, 60)}" is neither a lead id nor a lead number such as LEAD-202601-00001`,
      });
    }
    const number = text.toUpperCase();
    return (await this.#ports.leads.idsByNumber(null, [number])).get(number);
  }

  async #inScope(scope: RowScope, ids: readonly LeadId[]): Promise<readonly LeadId[]> {
    // The ledger knows who has a lead; what the lead says of it may lag.
    const placed = new Map((await this.#ports.facts.placed(ids)).map((lead) => [lead.leadId, lead]));
    const nobodysCollaborator: readonly string[] = [];
    const isTheirs = (id: LeadId): boolean => {
      const lead = placed.get(id);
      return lead !== undefined && rowScopeIncludes(scope, { ...lead, collaboratorIds: nobodysCollaborator });
    };
    const others = ids.filter((id) => !isTheirs(id));
    const leads = others.length === 0 ? [] : await this.#ports.leads.get(null, others);
    const shared = leads.filter(({ id, ownerId, partner, collaboratorIds }) =>
      rowScopeIncludes(scope, { ...(placed.get(id) ?? { ownerId, partner }), collaboratorIds }),
    );
    return [...ids.filter(isTheirs), ...shared.map(({ id }) => id)];
  }
}

function notFound(reference: string): LmsError {
  return new LmsError('LEAD_NOT_FOUND', { message: `there is no lead ${reference} that you may see` });
}
