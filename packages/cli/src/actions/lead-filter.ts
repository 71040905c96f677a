import type { LeadFilter, LeadQuery } from '@lms/core';
import type { Instant } from '@lms/core/kernel';
import { type DayEdge, parseDay } from '../input/day.js';
import { parseWhere, whereOf } from '../input/where.js';
import type { Session } from '../session.js';
import type { FilterOptions, LeadListOptions } from './filter-options.js';
import { amountOf, ownerOf, type StorePlace, statusOf } from './filter-values.js';
import { withFilters } from './filter-words.js';

export type { FilterOptions, LeadListOptions, StorePlace };

/** The filters of a command line, as the SDK takes them. @throws LmsError `USAGE_INVALID` */
export function leadFilterOf({ filter = [], ...flags }: FilterOptions, place: StorePlace): LeadFilter {
  return withFilters(filterOfFlags(flags, place), filter, place);
}

/**
 * {@link leadFilterOf} whose stages are there: a slip of the finger finds no lead, which looks like an answer.
 * @throws LmsError `USAGE_INVALID`, `STAGE_NOT_FOUND` with the one that was meant, `LINE_NOT_FOUND`
 */
export async function checkedFilterOf(
  said: FilterOptions,
  { me, ...place }: StorePlace & Pick<Session, 'me'>,
): Promise<LeadFilter> {
  const filter = leadFilterOf(said, place);
  const { stage = [], productLine = null } = filter;
  const stages = typeof stage === 'string' ? [stage] : stage;
  if (stages.length > 0) await me.stages.refuseUnknown(productLine, stages);
  return filter;
}

function filterOfFlags(options: Omit<FilterOptions, 'filter'>, { timeZone, currency }: StorePlace): LeadFilter {
  const day = (text: string | undefined, flag: string, edge: DayEdge): Instant | undefined =>
    text === undefined ? undefined : parseDay(text, { flag, edge, timeZone });
  const amount = (text: string | undefined, flag: string): number | undefined =>
    text === undefined ? undefined : amountOf(text, flag, currency);
  return withoutAbsent({
    productLine: options.product,
    stage: options.stage,
    status: options.status?.map((text) => statusOf(text, '--status')),
    owner: options.owner === undefined ? undefined : ownerOf(options.owner),
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
    where: options.where?.map((text) => whereOf(parseWhere(text))),
    deleted: options.deleted,
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

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function withoutAbsent<T extends object>(object: T): Present<T>;
function withoutAbsent(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
