import {
  type AccessService,
  type Permission,
  type Principal,
  rowScopeIncludes,
} from '../../foundation/access/index.js';
import { isId, type LeadId, LmsError } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import type { LineSchema } from '../fields/index.js';
import type { DuplicateHolder, HeldValue } from './create-outcome.js';
import type { LeadFactsStore } from './lead-facts-store.js';
import { isLeadNumber } from './lead-number.js';
import type { LeadStore } from './lead-store.js';

export interface LookupPorts {
  readonly access: AccessService;
  readonly leads: LeadStore;
  readonly facts: LeadFactsStore;
}

/** Finds leads by id or number, as far as an actor may see them. */
export class LeadLookup {
  readonly #ports: LookupPorts;

  constructor(ports: LookupPorts) {
    this.#ports = ports;
  }

  /** @throws LmsError `LEAD_NOT_FOUND` also for leads that the actor may not see */
  async visibleId(principal: Principal, permission: Permission, reference: string): Promise<LeadId> {
    const id = await this.#idOf(reference);
    if (id === undefined || !(await this.#visible(principal, permission, id))) throw notFound(reference);
    return id;
  }

  /** Who the holders are, by number. */
  async named(unit: Unit | null, held: readonly HeldValue[], schema: LineSchema): Promise<readonly DuplicateHolder[]> {
    const ids = [...new Set(held.map(({ holderId }) => holderId))] as LeadId[];
    const leads = ids.length === 0 ? [] : await this.#ports.leads.get(unit, ids);
    const numberOf = new Map<string, string>(leads.map((lead) => [lead.id, lead.number]));
    return held.map(({ rule, holderId }) => ({
      rule,
      fields: schema.unique.find((one) => one.name === rule)?.fields ?? [],
      leadId: holderId as LeadId,
      number: numberOf.get(holderId) ?? null,
      reference: null,
    }));
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

  async #visible(principal: Principal, permission: Permission, id: LeadId): Promise<boolean> {
    const scope = await this.#ports.access.rowScope(principal, permission);
    if (scope.everything) return true;
    const row = await this.#ports.facts.row(id);
    const [lead] = await this.#ports.leads.get(null, [id]);
    if (lead === undefined) return false;
    return rowScopeIncludes(scope, {
      // The ledger knows who has the lead; what the lead says of it may lag.
      ownerId: row === null ? lead.ownerId : row.ownerId,
      partner: row === null ? lead.partner : row.partner,
      collaboratorIds: lead.collaboratorIds,
    });
  }
}

function notFound(reference: string): LmsError {
  return new LmsError('LEAD_NOT_FOUND', { message: `there is no lead ${reference} that you may see` });
}
