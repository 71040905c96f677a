import type { AccessService, Permission, Principal } from '../../foundation/access/index.js';
import { type Actor, type Clock, type LeadId, LmsError } from '../../foundation/kernel/index.js';
import {
  type DataKey,
  type DataKeyRing,
  type ErasedKey,
  isErased,
  type LookupHasher,
} from '../../foundation/privacy/index.js';
import type { LineSchema } from '../fields/index.js';
import type { Lead, LeadActivity } from './lead.js';
import type { LeadCodec } from './lead-codec.js';
import type { LeadFactsStore } from './lead-facts-store.js';
import type { LeadLookup } from './lead-lookup.js';
import { checkQuery, factsFilter, factsSort, type LeadQuery, type QueryTools, queryHash } from './lead-query.js';
import type { LeadSettings } from './lead-settings.js';
import { refuseErased } from './lead-shell.js';
import type { LeadState, OpenLead } from './lead-state.js';
import type { LeadStore, StoredLead } from './lead-store.js';
import { viewActivity, viewLead } from './lead-view.js';
import type { LineReader } from './line-reader.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';

/** A page of a list. `nextCursor` is null on the last one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** 1 to 200; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** A lead as a list shows it. */
export type LeadSummary = Omit<Lead, 'activities' | 'history' | 'entered'>;

/** A lead, and the schema by which its values were checked. */
export interface ViewedLead {
  readonly lead: Lead;
  readonly schema: LineSchema;
}

export interface ReaderPorts {
  readonly access: AccessService;
  readonly leads: LeadStore;
  readonly facts: LeadFactsStore;
  readonly dataKeys: DataKeyRing;
  readonly lines: LineReader;
  readonly lookup: LeadLookup;
  readonly codec: LeadCodec;
  readonly hasher: LookupHasher;
  readonly settings: LeadSettings;
  readonly clock: Clock;
}

const mostItems = 200;
const defaultItems = 50;

interface LoadedLead {
  readonly stored: StoredLead;
  readonly key: DataKey | ErasedKey;
  readonly schema: LineSchema;
  readonly principal: Principal;
}

/** Reads leads for people: only what they may see, masked where they may not see it in full. */
export class LeadReader {
  readonly #ports: ReaderPorts;

  constructor(ports: ReaderPorts) {
    this.#ports = ports;
  }

  async get(actor: Actor, reference: string): Promise<Lead> {
    const { stored, key, schema, principal } = await this.#load(actor, 'leads.read', reference);
    return this.view(stored, key, schema, principal.masked);
  }

  /** The lead as commands work on it, for checks that write nothing. @throws LmsError `KEY_DESTROYED` when it was erased */
  async open(actor: Actor, permission: Permission, reference: string): Promise<LeadState> {
    const { stored, key, schema } = await this.#load(actor, permission, reference);
    refuseErased(stored, key);
    return this.#ports.codec.open(stored, schema, key);
  }

  /** A lead that the actor has just made: nothing needs to be read or opened for it. */
  async viewMade(actor: Actor, { state, schema, key }: OpenLead): Promise<Lead> {
    const { masked } = await this.#ports.access.require(actor, 'leads.read');
    return viewLead(state, { schema, key, codec: this.#ports.codec, masked });
  }

  view(stored: StoredLead, key: DataKey | ErasedKey, schema: LineSchema, masked: boolean): Lead {
    const { codec } = this.#ports;
    return viewLead(codec.open(stored, schema, key), { schema, key, codec, masked });
  }

  /** Activities, newest first: those inside the lead, then the older ones kept beside it. */
  async activities(actor: Actor, reference: string, request: PageRequest): Promise<Page<LeadActivity>> {
    const principal = await this.#ports.access.require(actor, 'leads.read');
    const id = await this.#ports.lookup.visibleId(principal, 'leads.read', reference);
    const limit = checkLimit(request.limit);
    const key = await this.#ports.dataKeys.keptKey(null, 'lead', id);
    const before = request.cursor === undefined ? null : decodeCursor(request.cursor, id).leadId;
    const [stored] = await this.#ports.leads.get(null, [id]);
    const inside = (stored?.activities ?? []).filter((one) => before === null || one.id < before).toReversed();
    const older = await this.#ports.leads.olderActivities(id, before, limit + 1);
    const merged = [...new Map([...inside, ...older.activities].map((one) => [one.id, one])).values()]
      .sort((left, right) => (left.id < right.id ? 1 : -1))
      .slice(0, limit + 1);
    const shown = merged.slice(0, limit);
    const last = shown.at(-1);
    const reading = { key, codec: this.#ports.codec, masked: principal.masked };
    return {
      items: shown.map((activity) => viewActivity(activity, reading)),
      nextCursor:
        merged.length > limit && last !== undefined ? encodeCursor({ value: null, leadId: last.id }, id) : null,
    };
  }

  async page(actor: Actor, input: LeadQuery, request: PageRequest): Promise<Page<LeadSummary>> {
    const principal = await this.#ports.access.require(actor, 'leads.read');
    const query = checkQuery(input);
    const limit = checkLimit(request.limit);
    const hash = queryHash(query, this.#ports.hasher);
    const tools = await this.tools(principal, query.productLine);
    const rows = await this.#ports.facts.list({
      filter: factsFilter(query, tools),
      sort: factsSort(query, tools),
      after: request.cursor === undefined ? null : decodeCursor(request.cursor, hash),
      limit: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: await this.#summaries(
        shown.map(({ row }) => row.leadId),
        principal,
      ),
      nextCursor:
        rows.length > limit && last !== undefined
          ? encodeCursor({ value: last.sortValue, leadId: last.row.leadId }, hash)
          : null,
    };
  }

  /** What turns a query into the read model's terms, for the rows that the principal reaches with the permission. */
  async tools(
    principal: Principal,
    productLine: string | undefined,
    permission: Permission = 'leads.read',
  ): Promise<QueryTools> {
    const { access, lines, hasher, settings, clock } = this.#ports;
    return {
      scope: await access.rowScope(principal, permission),
      schema: productLine === undefined ? null : (await lines.current(productLine)).schema,
      hasher,
      context: settings.fieldContext(clock.now()),
    };
  }

  async #summaries(ids: readonly LeadId[], principal: Principal): Promise<readonly LeadSummary[]> {
    const viewed = await this.views(ids, principal.masked);
    return viewed.map(({ lead }) => summaryOf(lead));
  }

  /**
   * Leads without their activities and history, in the order of the ids; of those that were erased the shell is left.
   * At most 1,000 ids a call.
   */
  async views(ids: readonly LeadId[], masked: boolean): Promise<readonly ViewedLead[]> {
    const [leads, keys] = await Promise.all([
      this.#ports.leads.get(null, ids),
      this.#ports.dataKeys.keptKeys(null, 'lead', ids),
    ]);
    const leadOf = new Map<string, StoredLead>(leads.map((lead) => [lead.id, lead]));
    const viewed: ViewedLead[] = [];
    for (const id of ids) {
      const stored = leadOf.get(id);
      const key = stored === undefined ? undefined : await this.#keyBeside(stored, keys);
      if (stored === undefined || key === undefined) continue;
      const schema = await this.#schemaOf(stored);
      viewed.push({ lead: this.view({ ...stored, activities: [], history: [] }, key, schema, masked), schema });
    }
    return viewed;
  }

  async #load(actor: Actor, permission: Permission, reference: string): Promise<LoadedLead> {
    const principal = await this.#ports.access.require(actor, permission);
    const read = async (id: LeadId) => {
      const [[stored], keys] = await Promise.all([
        this.#ports.leads.get(null, [id]),
        this.#ports.dataKeys.keptKeys(null, 'lead', [id]),
      ]);
      if (stored === undefined) throw new LmsError('LEAD_NOT_FOUND', { message: `there is no lead ${reference}` });
      // A lead that came between the two questions has its key by now.
      const key = (await this.#keyBeside(stored, keys)) ?? (await this.#ports.dataKeys.keptKey(null, 'lead', id));
      return { stored, key, schema: await this.#schemaOf(stored) };
    };
    return { ...(await this.#ports.lookup.readVisible(principal, permission, { reference, read })), principal };
  }

  /** The key that was read beside the lead and not after it; of a lead that was erased between the two, what is left of it by now. */
  async #keyBeside(
    { id, erasedAt }: StoredLead,
    keys: ReadonlyMap<string, DataKey | ErasedKey>,
  ): Promise<DataKey | ErasedKey | undefined> {
    const key = keys.get(id);
    if (key === undefined || isErased(key) || erasedAt === undefined) return key;
    return this.#ports.dataKeys.keptKey(null, 'lead', id);
  }

  #schemaOf(stored: StoredLead): Promise<LineSchema> {
    return this.#ports.lines.schema(stored.productLine, stored.schemaVersion);
  }
}

/** What a list shows of a lead. */
export function summaryOf({
  activities: _activities,
  history: _history,
  entered: _entered,
  ...summary
}: Lead): LeadSummary {
  return summary;
}

/** @throws LmsError `INPUT_INVALID` for a page size outside 1 to 200 */
export function checkLimit(limit: number | undefined): number {
  if (limit === undefined) return defaultItems;
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostItems) return limit;
  throw new LmsError('INPUT_INVALID', {
    message: `a page holds 1 to ${mostItems} items, not ${limit}`,
    path: 'limit',
  });
}
