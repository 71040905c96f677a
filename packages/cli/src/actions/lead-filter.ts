import type { FieldFilter, LeadFilter, LeadQuery, LeadStatus } from '@lms/core';
import { type CurrencyCode, type Instant, LmsError, readAmount } from '@lms/core/kernel';
import { type DayEdge, parseDay } from '../input/day.js';
import { parseWhere } from '../input/where.js';
import type { FilterOptions, LeadListOptions } from './filter-options.js';
import { withFilters } from './filter-words.js';

export type { FilterOptions, LeadListOptions };

/** What amounts and days of a command line are read by. */
export interface StorePlace {
  readonly timeZone: string;
  readonly currency: CurrencyCode;
}

/** The filters of a command line, as the SDK takes them. @throws LmsError `USAGE_INVALID` */
export function leadFilterOf(said: FilterOptions, { timeZone, currency }: StorePlace): LeadFilter {
  const options = withFilters(said);
  const day = (text: string | undefined, flag: string, edge: DayEdge): Instant | undefined =>
    text === undefined ? undefined : parseDay(text, { flag, edge, timeZone });
  const amount = (text: string | undefined, flag: string): number | undefined =>
    text === undefined ? undefined : amountOf(text, flag, currency);
  return withoutAbsent({
    productLine: options.product,
    stage: options.stage,
    status: options.status?.map(statusOf),
    owner: options.owner === 'none' ? null : options.owner,
    partner: options.partner,
    region: options.region,
    source: options.source,
    channel: options.channel,
    campaign: options.campaign,
    phone: options.phone,
    email: options.email,
    scoreMin: options.scoreMin,
    scoreMax: options.scoreMax,
    amountPaiseMin: amount(options.amountMin, '--amount-min'),
    amountPaiseMax: amount(options.amountMax, '--amount-max'),
    createdFrom: day(options.createdFrom, '--created-from', 'from'),
    createdTo: day(options.createdTo, '--created-to', 'to'),
    updatedFrom: day(options.updatedFrom, '--updated-from', 'from'),
    updatedTo: day(options.updatedTo, '--updated-to', 'to'),
    where: options.where?.map(whereOf),
    deleted: options.deleted,
  });
}

function amountOf(text: string, flag: string, currency: CurrencyCode): number {
  const reading = readAmount(text, { currency, allowNegative: true });
  if (reading.ok) return reading.amount;
  throw new LmsError('USAGE_INVALID', {
    message: `${flag}: "${text}" ${reading.reason}; write 500000 or "5 lakh"`,
    path: flag,
  });
}

const sortKeys: ReadonlyMap<string, string> = new Map([
  ['created', 'createdAt'],
  ['updated', 'updatedAt'],
  ['stage', 'stageEnteredAt'],
]);

/** `created` is the oldest first, `-created` the newest; other words are columns or indexed fields. */
export function leadSortOf(text: string): NonNullable<LeadQuery['sort']> {
  const key = text.replace(/^-/, '');
  return { by: sortKeys.get(key) ?? key, direction: text.startsWith('-') ? 'desc' : 'asc' };
}

const statuses: readonly LeadStatus[] = ['pending', 'in_progress', 'won', 'lost', 'converted'];

function statusOf(text: string): LeadStatus {
  const status = statuses.find((each) => each === text.replace('-', '_'));
  if (status !== undefined) return status;
  const message = `--status is ${statuses.join(', ')}, not "${text}"`;
  throw new LmsError('USAGE_INVALID', { message, path: '--status' });
}

function whereOf(text: string): FieldFilter {
  const { field, operator, values } = parseWhere(text);
  return { field, operator, value: values.length > 1 ? values : (values[0] ?? '') };
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function withoutAbsent<T extends object>(object: T): Present<T>;
function withoutAbsent(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
