import type { LeadFilter } from '@lms/core';
import { didYouMean } from '@lms/core/fields';
import { type Instant, LmsError } from '@lms/core/kernel';
import { parseDay } from '../input/day.js';
import { readDecimal } from '../input/decimal.js';
import { parseWhere, type Where, type WhereOperator, whereOf } from '../input/where.js';
import { amountOf, ownerOf, type StorePlace, statusOf } from './filter-values.js';

const flag = '--filter';

/** What a condition on a column says in the SDK's words. */
type Word = (condition: Where, place: StorePlace) => LeadFilter;

/** The columns by which `--filter` finds leads; any other name is an indexed field. */
const words: ReadonlyMap<string, Word> = new Map<string, Word>([
  ['product', oneOf((productLine) => ({ productLine }))],
  ['owner', oneOf((id) => ({ owner: ownerOf(id) }))],
  ['partner', oneOf((partner) => ({ partner }))],
  ['phone', oneOf((phone) => ({ phone }))],
  ['email', oneOf((email) => ({ email }))],
  ['stage', anyOf((stage) => ({ stage }))],
  ['status', anyOf((texts) => ({ status: texts.map((text) => statusOf(text, 'status')) }))],
  ['region', anyOf((region) => ({ region }))],
  ['source', anyOf((source) => ({ source }))],
  ['channel', anyOf((channel) => ({ channel }))],
  ['campaign', anyOf((campaign) => ({ campaign }))],
  [
    'amount',
    within((text, { currency }) => amountOf(text, 'amount', currency), {
      eq: (paise) => ({ amountPaiseMin: paise, amountPaiseMax: paise }),
      gte: (paise) => ({ amountPaiseMin: paise }),
      gt: (paise) => ({ amountPaiseMin: paise + 1 }),
      lte: (paise) => ({ amountPaiseMax: paise }),
      lt: (paise) => ({ amountPaiseMax: paise - 1 }),
    }),
  ],
  [
    'score',
    within(scoreOf, {
      eq: (score) => ({ scoreMin: score, scoreMax: score }),
      gte: (score) => ({ scoreMin: score }),
      gt: (score) => ({ scoreAbove: score }),
      lte: (score) => ({ scoreMax: score }),
      lt: (score) => ({ scoreBelow: score }),
    }),
  ],
  [
    'created',
    within((text, { timeZone }) => dayOf(text, 'created', timeZone), {
      eq: ({ start, end }) => ({ createdFrom: start, createdTo: end }),
      gte: ({ start }) => ({ createdFrom: start }),
      gt: ({ end }) => ({ createdFrom: end }),
      lte: ({ end }) => ({ createdTo: end }),
      lt: ({ start }) => ({ createdTo: start }),
    }),
  ],
  [
    'updated',
    within((text, { timeZone }) => dayOf(text, 'updated', timeZone), {
      eq: ({ start, end }) => ({ updatedFrom: start, updatedTo: end }),
      gte: ({ start }) => ({ updatedFrom: start }),
      gt: ({ end }) => ({ updatedFrom: end }),
      lte: ({ end }) => ({ updatedTo: end }),
      lt: ({ start }) => ({ updatedTo: start }),
    }),
  ],
]);

/**
 * The filter with every `--filter` condition added: `stage=new` is `--stage new`, `amount>=5 lakh` is `--amount-min "5 lakh"`,
 * `city=Pune` is `--where city=Pune`.
 * @throws LmsError `USAGE_INVALID` for what is said twice, or compared in a way that it cannot be
 */
export function withFilters(flags: LeadFilter, texts: readonly string[], place: StorePlace): LeadFilter {
  let filter = flags;
  const fields: string[] = [];
  for (const text of texts) {
    const condition = parseWhere(text, flag);
    const word = words.get(condition.field);
    if (word === undefined) fields.push(condition.field);
    filter = joined(filter, word?.(condition, place) ?? { where: [whereOf(condition)] }, condition);
  }
  if (filter.productLine === undefined) for (const name of fields) refuseField(name);
  return filter;
}

/** Whoever names no product line has no fields to name: what is no column is a slip, or lacks its line. */
function refuseField(name: string): never {
  const guess = didYouMean(name, words.keys());
  throw wrong(`"${name}" is no filter${guess || '; a field of a product line needs product=LINE beside it'}`);
}

function joined(filter: LeadFilter, more: LeadFilter, { field: name }: Where): LeadFilter {
  const { where = [], ...columns } = more;
  const said = new Set(Object.keys(filter));
  if (Object.keys(columns).some((key) => said.has(key))) {
    throw wrong(
      `${name} is said twice${'stage' in more || 'status' in more ? `; write ${name}=a|b for any of them` : ''}`,
    );
  }
  const conditions = [...(filter.where ?? []), ...where];
  return { ...filter, ...columns, ...(conditions.length === 0 ? {} : { where: conditions }) };
}

function oneOf(filterOf: (value: string) => LeadFilter): Word {
  return (condition) => {
    refuseComparison(condition);
    return filterOf(onlyValueOf(condition));
  };
}

function anyOf(filterOf: (values: readonly string[]) => LeadFilter): Word {
  return (condition) => {
    refuseComparison(condition);
    return filterOf(condition.values);
  };
}

type Bound = Exclude<WhereOperator, 'in' | 'ne'>;

function within<Value>(
  read: (text: string, place: StorePlace) => Value,
  bounds: Readonly<Record<Bound, (value: Value) => LeadFilter>>,
): Word {
  return (condition, place) => {
    const { field: name, operator } = condition;
    if (operator === 'ne') throw wrong(`${name} can be =, <, <=, > or >= something; != is for indexed fields`);
    const value = read(onlyValueOf(condition), place);
    return bounds[operator === 'in' ? 'eq' : operator](value);
  };
}

function onlyValueOf({ field: name, values: [value = '', second] }: Where): string {
  if (second !== undefined) throw wrong(`${name} takes one value`);
  return value;
}

function refuseComparison({ field: name, operator }: Where): void {
  if (operator === 'eq' || operator === 'in') return;
  const other = operator === 'ne' ? '!= is for indexed fields' : 'it has no order';
  throw wrong(`${name} can only be equal to something, ${name}=value; ${other}`);
}

function scoreOf(text: string): number {
  const score = readDecimal(text);
  if (score !== null) return score;
  throw wrong(`score: "${text}" is no number such as 70 or 82.5`);
}

/** When a day begins and ends, the end not being part of it. */
function dayOf(text: string, name: string, timeZone: string): { readonly start: Instant; readonly end: Instant } {
  return {
    start: parseDay(text, { flag: name, edge: 'from', timeZone }),
    end: parseDay(text, { flag: name, edge: 'to', timeZone }),
  };
}

function wrong(message: string): LmsError {
  return new LmsError('USAGE_INVALID', { message, path: flag });
}
