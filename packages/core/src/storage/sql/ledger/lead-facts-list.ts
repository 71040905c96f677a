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
import { filterConditions, filterParts, followsAnIndex, sourceOfFirst, whereAll } from './lead-facts-filter.js';
import { factsColumns, factsRowOf, type ReadFacts } from './lead-facts-rows.js';

type SortValue = string | number | null;
type ListedFacts = ReadFacts & { readonly sort_value: SortValue };
type ListedLead = Pick<ListedFacts, 'lead_id' | 'sort_value'>;

interface SortColumn {
  readonly column: string;
  readonly nullable: boolean;
  /** The field whose `lead_index` rows hold the value; null when it is a column of the facts. */
  readonly field: string | null;
}

const sortColumns: Readonly<Record<Exclude<LeadSortKey['by'], 'field'>, SortColumn>> = {
  createdAt: { column: 'created_at', nullable: false, field: null },
  updatedAt: { column: 'updated_at', nullable: false, field: null },
  stageEnteredAt: { column: 'stage_entered_at', nullable: false, field: null },
  number: { column: 'number_order', nullable: false, field: null },
  amount: { column: 'amount_paise', nullable: true, field: null },
  score: { column: 'score', nullable: true, field: null },
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
  const { sort, after, limit } = query;
  const isShort = sort.by !== 'field' && followsAnIndex(query.filter);
  const reader = isShort ? context.reader : context.scanner;
  if (sort.by === 'createdAt') return (await runQuery(reader, await byCreation<Row>(context, query, columns))).rows;
  const column = sortColumnOf(sort);
  const conditions = await filterConditions(context, query.filter);
  const part: ListPart = { column, direction: sort.direction, conditions, filter: query.filter, columns };

  const rows: Row[] = [];
  if (after === null || after.value !== null) {
    const from = after === null ? null : { value: after.value, leadId: after.leadId };
    rows.push(...(await runQuery(reader, valuedPart<Row>(context.flavour, part, from, limit))).rows);
  }
  if (column.nullable && rows.length < limit) {
    const from = after !== null && after.value === null ? after.leadId : null;
    rows.push(...(await runQuery(reader, valuelessPart<Row>(context.flavour, part, from, limit - rows.length))).rows);
  }
  return rows;
}

/** As lists are unless said otherwise: the leads of a page are looked up where an index of their holders has them in that order. */
async function byCreation<Row>(
  context: SqlContext,
  { filter, sort, after, limit }: LeadFactsQuery,
  columns: RawBuilder<unknown>,
): Promise<Compilable<Row>> {
  const { flavour } = context;
  const { direction } = sort;
  const order = 'created_at';
  const [value, lead] = [sql.ref(`lead_facts.${order}`), sql.ref('lead_facts.lead_id')];
  const first = {
    order,
    direction,
    limit,
    conditions: after === null ? [] : [beyond(flavour, { value, lead, direction, after })],
  } as const;
  const { from, conditions } = sourceOfFirst(context, await filterParts(context, filter), first);
  const towards = sql.raw(direction);
  return compilable(
    flavour,
    sql<Row>`select ${columns}, ${value} as sort_value from ${from} ${whereAll(conditions)} order by ${value} ${towards}, ${lead} ${towards} limit ${limit}`,
  );
}

interface ListPart {
  readonly column: SortColumn;
  readonly direction: 'asc' | 'desc';
  readonly conditions: readonly Expression<SqlBool>[];
  readonly filter: LeadFactsQuery['filter'];
  /** What is selected beside the sort value. */
  readonly columns: RawBuilder<unknown>;
}

function sortColumnOf(sort: LeadSortKey): SortColumn {
  if (sort.by !== 'field') return sortColumns[sort.by];
  return { column: sort.kind === 'number' ? 'number_value' : 'text_value', nullable: true, field: sort.field };
}

function valuedPart<Row>(
  flavour: Flavour,
  { column, direction, conditions, filter, columns }: ListPart,
  after: { readonly value: SortValue; readonly leadId: string } | null,
  limit: number,
): Compilable<Row> {
  const table = column.field === null ? 'lead_facts' : 'sorted';
  const value = sql.ref(`${table}.${column.column}`);
  const lead = sql.ref(`${table}.lead_id`);
  const all: Expression<unknown>[] = [...conditions];
  if (column.nullable) all.push(sql`${value} is not null`);
  if (column.field !== null) {
    all.push(sql`sorted.lead_id = lead_facts.lead_id`, sql`sorted.field = ${column.field}`, sql`sorted.ordinal = 0`);
    if (filter.productLine !== undefined) all.push(sql`sorted.product_line = ${filter.productLine}`);
  }
  if (after !== null) all.push(beyond(flavour, { value, lead, direction, after }));
  const from = column.field === null ? sql`lead_facts` : sql`lead_facts, lead_index as sorted`;
  const order = sql.raw(direction);
  return compilable(
    flavour,
    sql<Row>`select ${columns}, ${value} as sort_value from ${from} where ${sql.join(all, sql` and `)} order by ${value} ${order}, ${lead} ${order} limit ${limit}`,
  );
}

function valuelessPart<Row>(
  flavour: Flavour,
  { column, direction, conditions, columns }: ListPart,
  afterLead: string | null,
  limit: number,
): Compilable<Row> {
  const all: Expression<unknown>[] = [...conditions];
  if (column.field === null) all.push(sql`${sql.ref(`lead_facts.${column.column}`)} is null`);
  else {
    const value = sql.ref(`valued.${column.column}`);
    all.push(
      sql`not exists (select 1 from lead_index as valued where valued.lead_id = lead_facts.lead_id and valued.field = ${column.field} and valued.ordinal = 0 and ${value} is not null)`,
    );
  }
  const comparison = sql.raw(direction === 'asc' ? '>' : '<');
  if (afterLead !== null) all.push(sql`lead_facts.lead_id ${comparison} ${afterLead}`);
  return compilable(
    flavour,
    sql<Row>`select ${columns}, null as sort_value from lead_facts where ${sql.join(all, sql` and `)} order by lead_facts.lead_id ${sql.raw(direction)} limit ${limit}`,
  );
}

interface Keyset {
  readonly value: Expression<unknown>;
  readonly lead: Expression<unknown>;
  readonly direction: 'asc' | 'desc';
  readonly after: { readonly value: SortValue; readonly leadId: string };
}

/** Strictly after a row, written so that the engine enters its index at that row. */
function beyond(flavour: Flavour, { value, lead, direction, after }: Keyset): Expression<SqlBool> {
  const strict = sql.raw(direction === 'asc' ? '>' : '<');
  if (flavour.seeksRowValues) return sql<SqlBool>`(${value}, ${lead}) ${strict} (${after.value}, ${after.leadId})`;
  const loose = sql.raw(direction === 'asc' ? '>=' : '<=');
  return sql<SqlBool>`(${value} ${loose} ${after.value} and (${value} ${strict} ${after.value} or ${lead} ${strict} ${after.leadId}))`;
}
