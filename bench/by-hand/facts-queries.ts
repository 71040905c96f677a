import { type Asker, cardsPerColumn, wantedPage } from '../data/big-store-answers.ts';
import { productLine } from '../data/personal-loan.ts';
import type { ListName, Position } from './by-hand.ts';

export type Parameter = string | number;

export interface Query {
  readonly sql: string;
  readonly parameters: readonly Parameter[];
}

/** In what two engines are asked differently. */
export interface Engine {
  /** Behind the name of a table: read it along this index. */
  readonly along: (index: string) => string;
  /** Joins tables in the order in which they are written. */
  readonly joinedInOrder: string;
  /** Whether `(a, b) < (?, ?)` enters an index at that row. */
  readonly seeksRowValues: boolean;
}

export const sqliteEngine: Engine = {
  along: (index) => ` INDEXED BY ${index}`,
  joinedInOrder: 'CROSS JOIN',
  seeksRowValues: true,
};

export const mysqlEngine: Engine = {
  along: (index) => ` FORCE INDEX (${index})`,
  joinedInOrder: 'STRAIGHT_JOIN',
  seeksRowValues: false,
};

/** The city as the index of the read model has it. */
const city = wantedPage.city.toLowerCase();
const live = 'product_line = ? and presence = 0';

/** One more than are shown tells whether there is another page. */
export const rowsRead: number = wantedPage.limit + 1;

/** The leads of a page in order: `lead_id`, `number` and what they are ordered by, as `position`. */
export function pageQuery(engine: Engine, asker: Asker, list: ListName, after: Position | null): Query {
  const { column, index, condition, parameters } = lists[list];
  const seen = seenBy(asker);
  const behind = after === null ? noCondition : beyond(engine, column, after);
  const sql =
    `select lead_id, number, ${column} as position from lead_facts${engine.along(isOneOwner(asker) ? 'lead_facts_of_owner' : index)} ` +
    `where ${live}${condition}${seen.sql}${behind.sql} order by ${column} desc, lead_id desc limit ${rowsRead}`;
  return { sql, parameters: [productLine, ...parameters, ...seen.parameters, ...behind.parameters] };
}

/** The same page with documents and keys, where they are in the same database. */
export function wholePageQuery(engine: Engine, asker: Asker, list: ListName, after: Position | null): Query {
  const { sql, parameters } = pageQuery(engine, asker, list, after);
  const join = engine.joinedInOrder;
  return {
    sql:
      `select page.lead_id, page.number, page.position, leads.document, data_keys.wrapped from (${sql}) as page ` +
      `${join} leads on leads.id = page.lead_id ${join} data_keys on data_keys.kind = 'lead' and data_keys.id = page.lead_id ` +
      'order by page.position desc, page.lead_id desc',
    parameters,
  };
}

/** Document and key of a lead that the asker may see. */
export function leadQuery({ joinedInOrder }: Engine, asker: Asker, id: string): Query {
  const seen = seenBy(asker);
  return {
    sql:
      `select leads.number, leads.document, data_keys.wrapped from leads ${joinedInOrder} data_keys ` +
      `on data_keys.kind = 'lead' and data_keys.id = leads.id where leads.id = ?${seen.sql}`,
    parameters: [id, ...seen.parameters],
  };
}

/** `stage`, `leads` and `amount` of each stage. */
export function totalsQuery(engine: Engine, asker: Asker, stages: readonly string[]): Query {
  const seen = seenBy(asker);
  return {
    sql:
      `select stage, count(*) as leads, cast(sum(amount_paise) as char) as amount from lead_facts${engine.along(boardIndex(asker))} ` +
      `where ${live} and stage in (${marks(stages)})${seen.sql} group by stage`,
    parameters: [productLine, ...stages, ...seen.parameters],
  };
}

/** The first cards of each stage, in one statement: `stage`, `lead_id`, `number` and what else a card shows. */
export function cardsQuery(engine: Engine, asker: Asker, stages: readonly string[]): Query {
  const seen = seenBy(asker);
  const ofStage =
    'select * from (select stage, lead_id, number, amount_paise, tasks_done, tasks_total, stage_entered_at, owner_id, sealed_name ' +
    `from lead_facts${engine.along(boardIndex(asker))} where ${live} and stage = ?${seen.sql} ` +
    `order by stage_entered_at, lead_id limit ${cardsPerColumn})`;
  return {
    sql: stages.map((_, at) => `${ofStage} as cards${at}`).join(' union all '),
    parameters: stages.flatMap((stage) => [productLine, stage, ...seen.parameters]),
  };
}

/** The same with the key of each card's name, where they are in the same database. */
export function wholeCardsQuery(engine: Engine, asker: Asker, stages: readonly string[]): Query {
  const { sql, parameters } = cardsQuery(engine, asker, stages);
  return {
    sql:
      `select cards.*, data_keys.wrapped from (${sql}) as cards ` +
      `${engine.joinedInOrder} data_keys on data_keys.kind = 'lead' and data_keys.id = cards.lead_id`,
    parameters,
  };
}

/** The leads of one owner are few enough to be read alone; those of many are read with all others, along entries that hold all that is asked. */
function boardIndex(asker: Asker): string {
  return isOneOwner(asker) ? 'lead_facts_board_of_owner' : 'lead_facts_by_stage';
}

function isOneOwner({ owners, unowned }: Asker): boolean {
  return owners?.length === 1 && !unowned;
}

interface List {
  readonly column: string;
  readonly index: string;
  readonly condition: string;
  readonly parameters: readonly Parameter[];
}

const lists: Readonly<Record<ListName, List>> = {
  newest: { column: 'created_at', index: 'lead_facts_by_creation', condition: '', parameters: [] },
  filtered: {
    column: 'amount_paise',
    index: 'lead_facts_by_amount',
    condition:
      ' and amount_paise is not null and stage = ? and exists (select 1 from lead_index as cities where cities.lead_id = lead_facts.lead_id ' +
      "and cities.field = 'city' and cities.text_value = ?)",
    parameters: [wantedPage.stage, city],
  },
};

interface Condition {
  /** Begins with ` and `, or is empty. */
  readonly sql: string;
  readonly parameters: readonly Parameter[];
}

const noCondition: Condition = { sql: '', parameters: [] };

function seenBy({ owners, unowned }: Asker): Condition {
  if (owners === null) return noCondition;
  const owned = owners.length === 1 ? 'owner_id = ?' : `owner_id in (${marks(owners)})`;
  return { sql: ` and (${owned}${unowned ? ' or owner_id is null' : ''})`, parameters: owners };
}

function beyond({ seeksRowValues }: Engine, column: string, { value, leadId }: Position): Condition {
  if (seeksRowValues) return { sql: ` and (${column}, lead_id) < (?, ?)`, parameters: [value, leadId] };
  return { sql: ` and ${column} <= ? and (${column} < ? or lead_id < ?)`, parameters: [value, value, leadId] };
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
