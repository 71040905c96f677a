import { type Compilable, type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type {
  LeadFactsListRow,
  LeadFactsQuery,
  LeadPosition,
  LeadSortKey,
} from '../../../crm/leads/lead-facts-store.js';
import type { Flavour } from '../flavour.js';
import { compilable, runQuery } from '../prepared.js';
import type { SqlContext } from '../sql-unit.js';
import type { FirstLeads } from './first-leads.js';
import {
  type FilterParts,
  filterConditions,
  filterParts,
  filterPartsInAnyOrder,
  followsAnIndex,
  sourceOfFirst,
  whereAll,
} from './lead-facts-filter.js';
import { factsColumns, factsRowOf, type ReadFacts } from './lead-facts-rows.js';

type LeadSort = LeadFactsQuery['sort'];
type SortValue = string | number | null;
type ListedFacts = ReadFacts & { readonly sort_value: SortValue };
type ListedLead = Pick<ListedFacts, 'lead_id' | 'sort_value'>;

interface SortColumn {
  readonly column: Exclude<FirstLeads['order'], 'lead_id'>;
  readonly nullable: boolean;
}

const sortColumns: Readonly<Record<Exclude<LeadSortKey['by'], 'field'>, SortColumn>> = {
  createdAt: { column: 'created_at', nullable: false },
  updatedAt: { column: 'updated_at', nullable: false },
  stageEnteredAt: { column: 'stage_entered_at', nullable: false },
  number: { column: 'number_order', nullable: false },
  amount: { column: 'amount_paise', nullable: true },
  score: { column: 'score', nullable: true },
};

/**
 * One page in total order. Rows without a sort value come last, so a page is at most two ranges: of those with a value, by value and
 * lead, and of those without, by lead.
 */
export async function listFacts(context: SqlContext, query: LeadFactsQuery): Promise<readonly LeadFactsListRow[]> {
  const rows = await listed<ListedFacts>(context, query, factsColumns);
  return rows.map((row) => ({ row: factsRowOf(row), sortValue: row.sort_value }));
}

/** The same page without what only the rows hold: an engine reads it from an index where the filter lets it. */
export async function listPositions(context: SqlContext, query: LeadFactsQuery): Promise<readonly LeadPosition[]> {
  const rows = await listed<ListedLead>(context, query, sql.ref('lead_facts.lead_id'));
  return rows.map((row) => ({ leadId: row.lead_id, sortValue: row.sort_value }));
}

async function listed<Row>(
  context: SqlContext,
  query: LeadFactsQuery,
  columns: RawBuilder<unknown>,
): Promise<readonly Row[]> {
  const { filter, sort, after, limit } = query;
  const reader = sort.by !== 'field' && followsAnIndex(filter) ? context.reader : context.scanner;
  const list = await (sort.by === 'field'
    ? listByField<Row>(context, filter, sort, columns)
    : listByColumn<Row>(context, filter, sort, columns));
  const rows: Row[] = [];
  if (after === null || after.value !== null) {
    const from = after === null ? null : { value: after.value, leadId: after.leadId };
    rows.push(...(await runQuery(reader, list.valued(from, limit))).rows);
  }
  if (list.valueless !== null && rows.length < limit) {
    const from = after !== null && after.value === null ? after.leadId : null;
    rows.push(...(await runQuery(reader, list.valueless(from, limit - rows.length))).rows);
  }
  return rows;
}

/** The two ranges of a list. */
interface ListRanges<Row> {
  readonly valued: (after: Keyset['after'] | null, limit: number) => Compilable<Row>;
  /** Null where every lead has a sort value. */
  readonly valueless: ((afterLead: string | null, limit: number) => Compilable<Row>) | null;
}

/** By creation, as lists are unless said otherwise, an index of each holder has the leads in that order. */
async function listByColumn<Row>(
  context: SqlContext,
  filter: LeadFactsQuery['filter'],
  { by, direction }: Exclude<LeadSort, { readonly by: 'field' }>,
  columns: RawBuilder<unknown>,
): Promise<ListRanges<Row>> {
  const { flavour } = context;
  const isKept = by === 'createdAt';
  const parts = await (isKept ? filterParts(context, filter) : filterPartsInAnyOrder(context, filter));
  const { column, nullable } = sortColumns[by];
  const value = sql.ref(`lead_facts.${column}`);
  const lead = sql.ref('lead_facts.lead_id');
  const range = firstOf<Row>(context, { parts, isKept, direction, columns });
  return {
    valued(after, limit) {
      const conditions = [
        ...(nullable ? [sql<SqlBool>`${value} is not null`] : []),
        ...(after === null ? [] : [beyond(flavour, { value, lead, direction, after })]),
      ];
      return range({ order: column, sortValue: value, conditions, limit });
    },
    valueless: nullable
      ? (afterLead, limit) => {
          const conditions = [sql<SqlBool>`${value} is null`, ...behindLead(afterLead, direction)];
          return range({ order: 'lead_id', sortValue: sql`null`, conditions, limit });
        }
      : null,
  };
}

interface RangeOfFacts {
  readonly order: FirstLeads['order'];
  readonly sortValue: RawBuilder<unknown>;
  readonly conditions: readonly Expression<SqlBool>[];
  readonly limit: number;
}

/** The leads of one range, where those of the scope are looked up or tested. */
function firstOf<Row>(
  context: SqlContext,
  {
    parts,
    columns,
    ...first
  }: Pick<FirstLeads, 'isKept' | 'direction'> & {
    readonly parts: FilterParts;
    readonly columns: RawBuilder<unknown>;
  },
): (range: RangeOfFacts) => Compilable<Row> {
  const towards = sql.raw(first.direction);
  return ({ order, sortValue, conditions: more, limit }) => {
    const { from, conditions } = sourceOfFirst(context, parts, { ...first, order, limit, conditions: more });
    const places = [...new Set([`lead_facts.${order}`, 'lead_facts.lead_id'])].map(
      (place) => sql`${sql.ref(place)} ${towards}`,
    );
    return compilable(
      context.flavour,
      sql<Row>`select ${columns}, ${sortValue} as sort_value from ${from} ${whereAll(conditions)} order by ${sql.join(places)} limit ${limit}`,
    );
  };
}

/** By a field of the line's own, whose values are in `lead_index`. */
async function listByField<Row>(
  context: SqlContext,
  filter: LeadFactsQuery['filter'],
  { field, kind, direction }: Extract<LeadSort, { readonly by: 'field' }>,
  columns: RawBuilder<unknown>,
): Promise<ListRanges<Row>> {
  const { flavour } = context;
  const conditions = await filterConditions(context, filter);
  const column = kind === 'number' ? 'number_value' : 'text_value';
  const order = sql.raw(direction);
  const value = sql.ref(`sorted.${column}`);
  const lead = sql.ref('sorted.lead_id');
  return {
    valued(after, limit) {
      const all: Expression<unknown>[] = [
        ...conditions,
        sql`${value} is not null`,
        sql`sorted.lead_id = lead_facts.lead_id`,
        sql`sorted.field = ${field}`,
        sql`sorted.ordinal = 0`,
        ...(filter.productLine === undefined ? [] : [sql`sorted.product_line = ${filter.productLine}`]),
        ...(after === null ? [] : [beyond(flavour, { value, lead, direction, after })]),
      ];
      return compilable(
        flavour,
        sql<Row>`select ${columns}, ${value} as sort_value from lead_facts, lead_index as sorted where ${sql.join(all, sql` and `)} order by ${value} ${order}, ${lead} ${order} limit ${limit}`,
      );
    },
    valueless(afterLead, limit) {
      const all: Expression<unknown>[] = [
        ...conditions,
        sql`not exists (select 1 from lead_index as valued where valued.lead_id = lead_facts.lead_id and valued.field = ${field} and valued.ordinal = 0 and ${sql.ref(`valued.${column}`)} is not null)`,
        ...behindLead(afterLead, direction),
      ];
      return compilable(
        flavour,
        sql<Row>`select ${columns}, null as sort_value from lead_facts where ${sql.join(all, sql` and `)} order by lead_facts.lead_id ${order} limit ${limit}`,
      );
    },
  };
}

interface Keyset {
  readonly value: Expression<unknown>;
  readonly lead: Expression<unknown>;
  readonly direction: LeadSort['direction'];
  readonly after: { readonly value: SortValue; readonly leadId: string };
}

/** Strictly after a row, written so that the engine enters its index at that row. */
function beyond(flavour: Flavour, { value, lead, direction, after }: Keyset): Expression<SqlBool> {
  const strict = sql.raw(direction === 'asc' ? '>' : '<');
  if (flavour.seeksRowValues) return sql<SqlBool>`(${value}, ${lead}) ${strict} (${after.value}, ${after.leadId})`;
  const loose = sql.raw(direction === 'asc' ? '>=' : '<=');
  return sql<SqlBool>`(${value} ${loose} ${after.value} and (${value} ${strict} ${after.value} or ${lead} ${strict} ${after.leadId}))`;
}

function behindLead(after: string | null, direction: LeadSort['direction']): readonly Expression<SqlBool>[] {
  if (after === null) return [];
  return [sql<SqlBool>`lead_facts.lead_id ${sql.raw(direction === 'asc' ? '>' : '<')} ${after}`];
}
