import type { AccessService } from '../../foundation/access/index.js';
import type { EventReaders, FeedEvent } from '../../foundation/events/index.js';
import { type Actor, type LeadId, LmsError } from '../../foundation/kernel/index.js';
import type { LeadLookup } from './lead-lookup.js';

export interface LeadEventReadersPorts {
  readonly access: AccessService;
  readonly lookup: LeadLookup;
}

/** What events of a lead are about: the lead itself, and who has it. Both go by the lead's id. */
const kindsOfLeads: ReadonlySet<string> = new Set(['lead', 'placement']);

/** Who may read the trail reads every event; everybody else those of the leads that they may see when they look. */
export class LeadEventReaders implements EventReaders {
  readonly #ports: LeadEventReadersPorts;

  constructor(ports: LeadEventReadersPorts) {
    this.#ports = ports;
  }

  async readable(actor: Actor, events: readonly FeedEvent[]): Promise<readonly FeedEvent[]> {
    if (await this.#readsAll(actor)) return events;
    const { access, lookup } = this.#ports;
    const principal = await access.require(actor, 'leads.read');
    const ofLeads = events.filter(({ aggregate }) => kindsOfLeads.has(aggregate.kind));
    const ids = ofLeads.map(({ aggregate }) => aggregate.id as LeadId);
    const visible = await lookup.visible(principal, 'leads.read', ids);
    return ofLeads.filter(({ aggregate }) => visible.has(aggregate.id));
  }

  async #readsAll(actor: Actor): Promise<boolean> {
    try {
      await this.#ports.access.require(actor, 'audit.read');
      return true;
    } catch (error) {
      if (LmsError.isInstance(error) && error.code === 'PERMISSION_DENIED') return false;
      throw error;
    }
  }
}
