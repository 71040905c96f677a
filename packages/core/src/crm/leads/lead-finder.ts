import type { Principal, RowScope } from '../../foundation/access/index.js';
import { type Actor, type LeadId, LmsError } from '../../foundation/kernel/index.js';
import {
  type FieldContext,
  type FieldValue,
  fieldByKey,
  fieldTypeOf,
  indexedFields,
  isSealed,
  type LineSchema,
  lastFourIndex,
  uniqueValues,
  valueForIndex,
} from '../fields/index.js';
import { eachLimited } from './each-limited.js';
import type { HeldKeys } from './held-keys.js';
import { indexHash, uniqueKeyOf } from './lead-keys.js';
import { leadNumber } from './lead-number.js';
import { type LeadSummary, summaryOf } from './lead-reader.js';
import { type ReadingParts, type ReadingPorts, readingParts } from './reading-parts.js';

export interface FinderPorts extends ReadingPorts {
  readonly heldKeys: HeldKeys;
}

/** A lead that was found, and by what: `number`, `id`, a field's key, or `mobile:last4`. */
export interface FoundLead {
  readonly lead: LeadSummary;
  readonly foundBy: string;
}

export interface FindOptions {
  /** 1 to 200; 20 when absent. */
  readonly limit?: number;
}

export interface FoundLeads {
  /** Of each way of finding the newest first. */
  readonly leads: readonly FoundLead[];
  /** Whether there are more than `limit`. */
  readonly hasMore: boolean;
}

interface Hit {
  readonly id: LeadId;
  readonly foundBy: string;
}

interface Search {
  readonly text: string;
  readonly scope: RowScope;
  readonly context: FieldContext;
  /** One more than wanted, to see that there are more. */
  readonly limit: number;
}

const longestText = 320;
const usual = 20;
const most = 200;
const linesAtOnce = 4;

/**
 * Finds leads across product lines by what people have at hand: a lead's number or id, a whole phone, mail address, PAN or other
 * indexed or unique personal value in any spelling, or the last four digits of a phone. Sealed values are found by keyed hash, so
 * never by a part of them; names are found whole, where a line indexes them.
 */
export class LeadFinder {
  readonly #ports: FinderPorts & ReadingParts;

  constructor(ports: FinderPorts) {
    this.#ports = { ...ports, ...readingParts(ports) };
  }

  /**
   * Leads that the actor may see and that are not deleted; needs `leads.read`.
   * @throws LmsError `INPUT_INVALID` for an empty text or limit, `PERMISSION_DENIED`
   */
  async find(actor: Actor, input: string, options: FindOptions = {}): Promise<FoundLeads> {
    const { access, settings, clock, reader } = this.#ports;
    const principal = await access.require(actor, 'leads.read');
    const text = checkText(input);
    const limit = checkFindLimit(options.limit);
    const scope = await access.rowScope(principal);
    const search: Search = { text, scope, context: settings.fieldContext(clock.now()), limit: limit + 1 };
    const hits = [...(await this.#byName(principal, text)), ...(await this.#inAllLines(principal, search))];
    const byId = new Map(hits.toReversed().map((hit) => [hit.id, hit]));
    const wanted = [...new Set(hits.map(({ id }) => id))];
    const viewed = await reader.views(wanted.slice(0, limit), principal.masked);
    return {
      leads: viewed
        .filter(({ lead }) => lead.deletedAt === null)
        .map(({ lead }) => ({ lead: summaryOf(lead), foundBy: byId.get(lead.id)?.foundBy ?? 'id' })),
      hasMore: wanted.length > limit,
    };
  }

  /** By id, or by number, with or without `LEAD-` and the zeros. */
  async #byName(principal: Principal, text: string): Promise<readonly Hit[]> {
    const [, month, sequence] = /^(?:LEAD-)?(\d{6})-(\d{1,12})$/i.exec(text) ?? [];
    const isNumber = month !== undefined && sequence !== undefined;
    const reference = isNumber ? leadNumber(month, Number(sequence)) : text;
    try {
      const id = await this.#ports.lookup.visibleId(principal, 'leads.read', reference);
      return [{ id, foundBy: isNumber ? 'number' : 'id' }];
    } catch (error) {
      if (LmsError.isInstance(error) && error.code === 'LEAD_NOT_FOUND') return [];
      throw error;
    }
  }

  async #inAllLines(principal: Principal, search: Search): Promise<readonly Hit[]> {
    const heads = await this.#ports.schemas.lines();
    const found = await eachLimited(heads, linesAtOnce, async ({ slug }) => {
      const { schema } = await this.#ports.lines.current(slug);
      return [...(await this.#byIndex(schema, search)), ...(await this.#byUniqueValue(schema, principal, search))];
    });
    return found.flat();
  }

  async #byIndex(schema: LineSchema, search: Search): Promise<readonly Hit[]> {
    const hits: Hit[] = [];
    for (const { name, text } of soughtIn(schema, search)) {
      const rows = await this.#ports.facts.list({
        filter: {
          scope: search.scope,
          productLine: schema.productLine,
          index: [{ field: name, operator: 'eq', values: [{ hash: indexHash(this.#ports.hasher, name, text) }] }],
        },
        sort: { by: 'createdAt', direction: 'desc' },
        after: null,
        limit: search.limit,
      });
      hits.push(...rows.map(({ row }) => ({ id: row.leadId, foundBy: name })));
    }
    return hits;
  }

  /** A unique value, such as a PAN, may not be indexed; whoever holds it is known all the same. */
  async #byUniqueValue(schema: LineSchema, principal: Principal, search: Search): Promise<readonly Hit[]> {
    const { heldKeys, hasher, leads, lookup } = this.#ports;
    const indexed = new Set(indexedFields(schema));
    const sought = schema.unique.flatMap((rule) => {
      const [key, second] = rule.fields;
      if (key === undefined || second !== undefined || indexed.has(key)) return [];
      const value = sealedValue(schema, key, search);
      return value === null ? [] : uniqueValues({ ...schema, unique: [rule] }, { [key]: value });
    });
    if (sought.length === 0) return [];
    const held = await heldKeys.holders(
      null,
      sought.map((value) => uniqueKeyOf(schema, value, hasher)),
    );
    const hits: Hit[] = [];
    for (const { holderId, rule } of held) {
      const [lead] = await leads.get(null, [holderId as LeadId]);
      if (lead === undefined) continue;
      const visible = await lookup.visibleId(principal, 'leads.read', lead.id).catch(nobody);
      const foundBy = sought.find((one) => one.rule === rule)?.fields[0] ?? rule;
      if (visible !== null) hits.push({ id: visible, foundBy });
    }
    return hits;
  }
}

/** Index names of a line under which the text may be found, with the text as they hold it. */
function soughtIn(schema: LineSchema, search: Search): readonly { readonly name: string; readonly text: string }[] {
  return indexedFields(schema).flatMap((key) => {
    const field = fieldByKey(schema, key);
    if (field === undefined || !isSealed(schema, field) || fieldTypeOf(field).missing !== undefined) return [];
    if (/^\d{4}$/.test(search.text)) {
      return fieldTypeOf(field).name === 'phone' ? [{ name: lastFourIndex(key), text: search.text }] : [];
    }
    const sought = valueForIndex(schema, key, search.text, search.context);
    return 'problem' in sought || sought.kind !== 'hash' ? [] : [{ name: key, text: sought.text }];
  });
}

function sealedValue(schema: LineSchema, key: string, { text, context }: Search): FieldValue | null {
  const field = fieldByKey(schema, key);
  // Of a plugin that is not here nothing can be looked for; the rest can.
  if (field === undefined || !isSealed(schema, field) || fieldTypeOf(field).missing !== undefined) return null;
  const read = fieldTypeOf(field).parse(text, field, context);
  return read.ok && 'value' in read ? read.value : null;
}

function nobody(error: unknown): null {
  if (LmsError.isInstance(error) && error.code === 'LEAD_NOT_FOUND') return null;
  throw error;
}

function checkText(input: string): string {
  const text = typeof input === 'string' ? input.trim() : '';
  if (text !== '' && text.length <= longestText) return text;
  throw new LmsError('INPUT_INVALID', {
    message: `say what to look for, in at most ${longestText} characters: a number, phone, mail address, PAN or the last four digits of a phone`,
    path: 'text',
  });
}

function checkFindLimit(limit: number = usual): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw new LmsError('INPUT_INVALID', { message: `limit is a whole number from 1 to ${most}`, path: 'limit' });
}
