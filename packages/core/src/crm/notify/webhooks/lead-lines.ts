import type { FeedEvent } from '../../../foundation/events/index.js';

/** Finds the product line of a lead; null where there is no such lead. */
export type LineOfLead = (leadId: string) => Promise<string | null>;

const mostKept = 10_000;

/** The product lines of the leads that events are about. A lead keeps its line, so each is looked up once. */
export class LeadLines {
  readonly #lineOf: LineOfLead;
  readonly #known = new Map<string, string>();

  constructor(lineOf: LineOfLead) {
    this.#lineOf = lineOf;
  }

  async of(event: FeedEvent): Promise<string | null> {
    const leadId = leadOf(event.aggregate);
    if (leadId === null) return null;
    const known = this.#known.get(leadId);
    if (known !== undefined) return known;
    const found = await this.#lineOf(leadId);
    // One that is not projected yet may be there soon.
    if (found !== null) this.#keep(leadId, found);
    return found;
  }

  #keep(leadId: string, line: string): void {
    this.#known.set(leadId, line);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKept && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** The lead that an aggregate is, or belongs to. */
export function leadOf({ kind, id }: { readonly kind: string; readonly id: string }): string | null {
  // A placement has the id of its lead.
  return kind === 'lead' || kind === 'placement' ? id : null;
}
