import { toInstant } from '../../foundation/kernel/index.js';
import type { LeadFilter } from './lead-query.js';

/**
 * The filter for leads that are there now: going through many of them, oldest first, does not chase those that are made meanwhile.
 * @param now epoch milliseconds; leads made in this very millisecond are among them
 */
export function madeUntil(filter: LeadFilter, now: number): LeadFilter {
  const end = toInstant(now + 1);
  return { ...filter, createdTo: filter.createdTo !== undefined && filter.createdTo < end ? filter.createdTo : end };
}
