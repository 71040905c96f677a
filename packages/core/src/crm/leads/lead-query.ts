import { z } from 'zod';
import type { RowScope } from '../../foundation/access/index.js';
import { checkInput, type Instant, LmsError } from '../../foundation/kernel/index.js';
import type { LookupHasher } from '../../foundation/privacy/index.js';
import {
  didYouMean,
  type FieldContext,
  fieldByKey,
  fieldTypeOf,
  indexedFields,
  isSealed,
  type LineSchema,
  valueForIndex,
} from '../fields/index.js';
import type { LeadStatus } from './lead.js';
import type { IndexFilter, LeadFactsFilter, LeadFactsQuery, LeadSortKey } from './lead-facts-store.js';
import { indexHash } from './lead-keys.js';
import { hashedRequest, requestJson } from './request-json.js';

export type IndexOperator = IndexFilter['operator'];

/** A condition on an indexed field; values as a person types them. */
export interface FieldFilter {
  readonly field: string;
  /**
   * `eq` when absent. `ne` finds leads that have none of the values, also those without any. Personal fields know `eq`, `in` and
   * `ne` only.
   */
  readonly operator?: IndexOperator;
  readonly value: string | number | boolean | readonly (string | number)[];
}

/** Which leads. All conditions hold at once; several values of one condition are alternatives. */
export interface LeadFilter {
  readonly productLine?: string;
  readonly status?: LeadStatus | readonly LeadStatus[];
  readonly stage?: string | readonly string[];
  /** A user's id; null finds leads that nobody owns. */
  readonly owner?: string | null;
  readonly partner?: string;
  readonly region?: string | readonly string[];
  readonly source?: string | readonly string[];
  readonly channel?: string | readonly string[];
  readonly campaign?: string | readonly string[];
  /** Exactly this phone, in any spelling. Needs `productLine`. */
  readonly phone?: string;
  /** Exactly this mail address. Needs `productLine`. */
  readonly email?: string;
  readonly scoreMin?: number;
  readonly scoreMax?: number;
  /** Exclusive. */
  readonly scoreAbove?: number;
  readonly scoreBelow?: number;
  readonly amountPaiseMin?: number;
  readonly amountPaiseMax?: number;
  /** Instants; from inclusive, to exclusive. */
  readonly createdFrom?: Instant;
  readonly createdTo?: Instant;
  readonly updatedFrom?: Instant;
  readonly updatedTo?: Instant;
  /** Conditions on fields that the line indexes. Needs `productLine`. */
  readonly where?: readonly FieldFilter[];
  /** Only deleted leads. */
  readonly deleted?: boolean;
}

export type LeadSortField = 'createdAt' | 'updatedAt' | 'stageEnteredAt' | 'number' | 'amount' | 'score';

export interface LeadQuery extends LeadFilter {
  readonly sort?: {
    /** One of the fixed columns, or the key of an indexed field (needs `productLine`). */
    readonly by: LeadSortField | (string & {});
    readonly direction?: 'asc' | 'desc';
  };
}

const words = z.union([z.string().max(200), z.array(z.string().max(200)).max(200)]).exactOptional();
const statusWord = z.enum(['pending', 'in_progress', 'won', 'lost', 'converted']);
const instant = z.iso.datetime({ precision: 3, error: 'expected an instant such as 2026-01-31T09:30:00.000Z' });
const amount = z.number().int();

const filterFields = {
  productLine: z.string().max(64).exactOptional(),
  status: z.union([statusWord, z.array(statusWord).max(5)]).exactOptional(),
  stage: words,
  owner: z.string().max(100).nullable().exactOptional(),
  partner: z.string().max(100).exactOptional(),
  region: words,
  source: words,
  channel: words,
  campaign: words,
  phone: z.string().max(40).exactOptional(),
  email: z.string().max(320).exactOptional(),
  scoreMin: z.number().exactOptional(),
  scoreMax: z.number().exactOptional(),
  scoreAbove: z.number().exactOptional(),
  scoreBelow: z.number().exactOptional(),
  amountPaiseMin: amount.exactOptional(),
  amountPaiseMax: amount.exactOptional(),
  createdFrom: instant.exactOptional(),
  createdTo: instant.exactOptional(),
  updatedFrom: instant.exactOptional(),
  updatedTo: instant.exactOptional(),
  where: z
    .array(
      z.strictObject({
        field: z.string().max(64),
        operator: z.enum(['eq', 'in', 'ne', 'lt', 'lte', 'gt', 'gte']).exactOptional(),
        value: z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()])).max(200)]),
      }),
    )
    .max(12)
    .exactOptional(),
  deleted: z.boolean().exactOptional(),
};

const filterShape: z.ZodType<LeadFilter> = z.strictObject(filterFields);
const queryShape: z.ZodType<LeadQuery> = z.strictObject({
  ...filterFields,
  sort: z.strictObject({ by: z.string().max(64), direction: z.enum(['asc', 'desc']).exactOptional() }).exactOptional(),
});

export interface QueryTools {
  readonly scope: RowScope;
  /** The current schema of the query's product line; null when it names none. */
  readonly schema: LineSchema | null;
  readonly hasher: LookupHasher;
  readonly context: FieldContext;
}

/** @throws LmsError `INPUT_INVALID` naming each wrong place */
export function checkFilter(input: unknown): LeadFilter {
  return checkInput(filterShape, input, 'the filter cannot be used');
}

/** @throws LmsError `INPUT_INVALID` naming each wrong place */
export function checkQuery(input: unknown): LeadQuery {
  return checkInput(queryShape, input, 'the list cannot be made');
}

/**
 * A short hash of a query; a cursor is good only for its own. Keyed, as cursors travel in addresses and logs and a query may
 * name a phone.
 */
export function queryHash(query: LeadQuery, hasher: LookupHasher): string {
  return hashedRequest(requestJson(query), hasher).slice(0, 16);
}

/** @throws LmsError `INPUT_INVALID`, `FIELD_UNKNOWN`, `SEARCH_UNSUPPORTED` */
export function factsFilter(filter: LeadFilter, tools: QueryTools): LeadFactsFilter {
  const { owner, status, stage, region, source, channel, campaign, phone, email, where, ...plain } = filter;
  const index = [
    ...roleFilters({ phone, email }, tools),
    ...(where ?? []).map((condition, at) => toFilter(condition, `where[${at}]`, tools)),
  ];
  return {
    ...plain,
    scope: tools.scope,
    ...(owner === undefined ? {} : { ownerId: owner }),
    ...(status === undefined ? {} : { status: listOf(status) }),
    ...(stage === undefined ? {} : { stage: listOf(stage) }),
    ...(region === undefined ? {} : { region: listOf(region) }),
    ...(source === undefined ? {} : { source: listOf(source) }),
    ...(channel === undefined ? {} : { channel: listOf(channel) }),
    ...(campaign === undefined ? {} : { campaign: listOf(campaign) }),
    ...(index.length === 0 ? {} : { index }),
  };
}

const fixedSorts: readonly LeadSortField[] = ['createdAt', 'updatedAt', 'stageEnteredAt', 'number', 'amount', 'score'];

/** Newest first unless the query says otherwise. @throws LmsError `SEARCH_UNSUPPORTED`, `FIELD_UNKNOWN` */
export function factsSort(query: LeadQuery, tools: QueryTools): LeadFactsQuery['sort'] {
  const by = query.sort?.by ?? 'createdAt';
  const direction = query.sort?.direction ?? 'desc';
  const fixed = fixedSorts.find((one) => one === by);
  return { ...(fixed === undefined ? fieldSort(by, tools) : { by: fixed }), direction };
}

function fieldSort(key: string, tools: QueryTools): LeadSortKey {
  const schema = requireLine(tools, 'sort.by');
  const field = fieldByKey(schema, key);
  const sealed = field === undefined || isSealed(schema, field);
  if (field === undefined || !sealed) requireIndexed(schema, key, 'sort.by');
  const kind = field === undefined || sealed ? 'hash' : fieldTypeOf(field).indexKind;
  if (kind === 'hash') {
    throw new LmsError('SEARCH_UNSUPPORTED', {
      message: `"${key}" is personal and sealed; leads cannot be sorted by it (try ${fixedSorts.join(', ')})`,
      path: 'sort.by',
    });
  }
  return { by: 'field', field: key, kind };
}

function roleFilters(
  wanted: { readonly phone: string | undefined; readonly email: string | undefined },
  tools: QueryTools,
): readonly IndexFilter[] {
  return (['phone', 'email'] as const).flatMap((role) => {
    const value = wanted[role];
    if (value === undefined) return [];
    const field = requireLine(tools, role).roles[role];
    if (field === undefined) {
      throw new LmsError('FIELD_UNKNOWN', {
        message: `the product line has no field with the role ${role}`,
        path: role,
      });
    }
    return [toFilter({ field, value }, role, tools)];
  });
}

/** What can be asked of a hash. */
const isExact: ReadonlySet<IndexOperator> = new Set(['eq', 'in', 'ne']);

function toFilter(condition: FieldFilter, path: string, tools: QueryTools): IndexFilter {
  const schema = requireLine(tools, path);
  const { field } = condition;
  requireIndexed(schema, field, path);
  const operator = condition.operator ?? (Array.isArray(condition.value) ? 'in' : 'eq');
  const inputs: readonly unknown[] = Array.isArray(condition.value) ? condition.value : [condition.value];
  const values = inputs.map((input) => {
    const sought = valueForIndex(schema, field, input, tools.context);
    if ('problem' in sought) {
      throw LmsError.ofProblems('INPUT_INVALID', 'the filter cannot be used', [{ path, ...sought.problem }]);
    }
    if (sought.kind === 'number') return { number: sought.number };
    if (sought.kind === 'text') return { text: sought.text };
    if (isExact.has(operator)) return { hash: indexHash(tools.hasher, field, sought.text) };
    throw new LmsError('SEARCH_UNSUPPORTED', {
      message: `"${field}" is personal and sealed; it can only be found by its exact value`,
      path,
    });
  });
  return { field, operator, values };
}

function requireIndexed(schema: LineSchema, key: string, path: string): void {
  const indexed = indexedFields(schema);
  if (indexed.includes(key)) return;
  const advice = didYouMean(key, indexed) || `; its indexed fields are ${indexed.join(', ')}`;
  throw new LmsError('FIELD_UNKNOWN', {
    message: `lists of ${schema.productLine} cannot use "${key.slice(0, 64)}"${advice}`,
    path,
  });
}

function requireLine(tools: QueryTools, path: string): LineSchema {
  if (tools.schema !== null) return tools.schema;
  throw new LmsError('INPUT_INVALID', {
    message: `${path} reads the fields of a product line; say which with productLine`,
    path: 'productLine',
  });
}

function listOf<Item extends string>(items: Item | readonly Item[]): readonly Item[] {
  return typeof items === 'string' ? [items] : items;
}
