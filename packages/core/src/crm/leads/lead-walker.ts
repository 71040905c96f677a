import type { Permission } from '../../foundation/access/index.js';
import type { Actor, LeadId } from '../../foundation/kernel/index.js';
import type { LineSchema } from '../fields/index.js';
import type { LeadFactsQuery, LeadPosition } from './lead-facts-store.js';
import { checkFilter, factsFilter, type LeadFilter } from './lead-query.js';
import type { LeadReader, ViewedLead } from './lead-reader.js';
import type { LineReader } from './line-reader.js';
import { madeUntil } from './made-until.js';
import { type ReadingPorts, readingParts } from './reading-parts.js';

export interface WalkRequest {
  readonly actor: Actor;
  /** Its reach bounds the rows; `leads.read` is needed beside it. */
  readonly permission: Permission;
  readonly filter: LeadFilter;
  /** Masks personal values also for those who may see them. */
  readonly masked: boolean;
}

/** How many leads there are, counted up to a cap. */
export interface LeadCount {
  readonly leads: number;
  /** False when there may be more: counting stopped at the cap. */
  readonly isWhole: boolean;
}

/** Ids that are asked for at once. */
const rowsAtOnce = 1000;
/** Reading and opening so many leads takes some 5 ms, in which nobody else has a turn; more would also outlive the young generation. */
const leadsAPage = 50;
const mostCounted = 1_048_576;

/**
 * Goes through all leads of a filter, oldest first, a page at a time. The order is that of creation, then id, neither of which
 * ever changes: a lead that changes on the way comes once, or not at all when it left the filter. Leads created after the
 * walk began, deleted ones and those whose personal data was erased are left out.
 */
export class LeadWalker {
  readonly #ports: ReadingPorts;
  readonly #reader: LeadReader;
  readonly #lines: LineReader;

  constructor(ports: ReadingPorts) {
    this.#ports = ports;
    const { lines, reader } = readingParts(ports);
    this.#lines = lines;
    this.#reader = reader;
  }

  /** The fields of a product line as they stand. @throws LmsError `LINE_NOT_FOUND` */
  async schema(productLine: string): Promise<LineSchema> {
    return (await this.#lines.current(productLine)).schema;
  }

  /** How many leads of the filter the actor may see; needs `leads.read`. @throws LmsError `INPUT_INVALID`, `FIELD_UNKNOWN` */
  async count(actor: Actor, input: LeadFilter = {}): Promise<LeadCount> {
    return this.#count(await this.#filterFor({ actor, permission: 'leads.read', filter: input }));
  }

  /** How many leads {@link pages} would go through, were it begun now. */
  async countFor(request: Omit<WalkRequest, 'masked'>): Promise<LeadCount> {
    return this.#count(await this.#filterFor(request));
  }

  /**
   * Pages of at most 50 leads. Who loses the permission on the way gets no further page.
   * @throws LmsError `PERMISSION_DENIED`, `INPUT_INVALID`, `FIELD_UNKNOWN`, `SEARCH_UNSUPPORTED`
   */
  async *pages(request: WalkRequest): AsyncGenerator<readonly ViewedLead[]> {
    const bounded = { ...request, filter: madeUntil(request.filter, this.#ports.clock.now()) };
    let rows = await this.#rows(bounded, null);
    while (rows.length > 0) {
      const last = rows.at(-1);
      // The next page is asked for while this one is opened and used.
      const next = last === undefined || rows.length < rowsAtOnce ? [] : this.#rows(bounded, after(last));
      if (next instanceof Promise) next.catch(() => undefined);
      const ids = rows.map(({ leadId }) => leadId);
      for (let start = 0; start < ids.length; start += leadsAPage) {
        yield await this.#open(request, ids.slice(start, start + leadsAPage));
      }
      rows = await next;
    }
  }

  async #open({ actor, permission, masked }: WalkRequest, ids: readonly LeadId[]): Promise<readonly ViewedLead[]> {
    const { access } = this.#ports;
    const [read, allowed] = await Promise.all([access.require(actor, 'leads.read'), access.require(actor, permission)]);
    const viewed = await this.#reader.views(ids, masked || read.masked || allowed.masked);
    // The read model may lag behind the leads.
    return viewed.filter(({ lead }) => lead.deletedAt === null && lead.erasedAt === null);
  }

  async #rows(request: WalkRequest, from: LeadFactsQuery['after']): Promise<readonly LeadPosition[]> {
    return this.#ports.facts.positions({
      filter: await this.#filterFor(request),
      sort: { by: 'createdAt', direction: 'asc' },
      after: from,
      limit: rowsAtOnce,
    });
  }

  async #count(filter: LeadFactsQuery['filter']): Promise<LeadCount> {
    const leads = await this.#ports.facts.count(filter, mostCounted);
    return { leads, isWhole: leads < mostCounted };
  }

  async #filterFor(request: Omit<WalkRequest, 'masked'>): Promise<LeadFactsQuery['filter']> {
    const { access } = this.#ports;
    const { actor, permission } = request;
    const filter = checkFilter(request.filter);
    const principal = await access.require(actor, permission);
    await access.require(actor, 'leads.read');
    return factsFilter(filter, await this.#reader.tools(principal, filter.productLine, permission));
  }
}

function after({ leadId, sortValue }: LeadPosition): LeadFactsQuery['after'] {
  return { value: sortValue, leadId };
}
