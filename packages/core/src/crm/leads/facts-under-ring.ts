import type { LookupKeys, LookupRing } from '../../foundation/privacy/index.js';
import type { IndexFilter, LeadFactsFilter, LeadFactsStore } from './lead-facts-store.js';

/** Read models that are asked for a hash under each look-up key that there ever was, in one statement. */
export function factsUnderRing(facts: LeadFactsStore, keys: LookupKeys): LeadFactsStore {
  return {
    ...facts,
    list: (query) => askedUnderRing(keys, query.filter, (filter) => facts.list({ ...query, filter })),
    positions: (query) => askedUnderRing(keys, query.filter, (filter) => facts.positions({ ...query, filter })),
    count: (given, cap) => askedUnderRing(keys, given, (filter) => facts.count(filter, cap)),
    board: (query) => askedUnderRing(keys, query.filter, (filter) => facts.board({ ...query, filter })),
  };
}

/** Asks with a filter of hashes under the first look-up key, which are kept under any. */
export function askedUnderRing<Filter extends LeadFactsFilter, Answer>(
  keys: LookupKeys,
  filter: Filter,
  ask: (filter: Filter) => Promise<Answer>,
): Promise<Answer> {
  const { index } = filter;
  if (index === undefined || !index.some(hasHash)) return ask(filter);
  return keys.asking(null, (ring) => ask({ ...filter, index: index.map((condition) => underRing(condition, ring)) }));
}

function hasHash({ values }: IndexFilter): boolean {
  return values.some((value) => 'hash' in value);
}

function underRing(condition: IndexFilter, ring: LookupRing): IndexFilter {
  const { operator, values } = condition;
  if (ring.generation === 1 || !hasHash(condition)) return condition;
  const every = values.flatMap((value): IndexFilter['values'] =>
    'hash' in value ? ring.everyOf(value.hash).map((hash) => ({ hash })) : [value],
  );
  return { ...condition, operator: operator === 'eq' ? 'in' : operator, values: every };
}
