import type { DeliveryClaim } from './webhook-store.js';

/** An endpoint that has something due. */
export interface DueEndpoint {
  readonly id: string;
  /** Tries that are under way. */
  readonly inHand: number;
  /** How many more may begin; less than 1: none. */
  readonly places: number;
}

/**
 * What may be claimed of whom: an equal part of the free places for each. Where these are fewer than the endpoints it is one for each, first
 * for those with the fewest tries under way, and among them in turn, so that none waits for ever behind others.
 * @param after the endpoint that had the last turn
 */
export function deliveryShares(
  due: readonly DueEndpoint[],
  { free, after }: { readonly free: number; readonly after: string },
): readonly DeliveryClaim[] {
  const taking = due.filter(({ places }) => places >= 1);
  const share = Math.max(1, Math.floor(free / Math.max(1, taking.length)));
  const turnOf = ({ id }: DueEndpoint): string => `${id > after ? 0 : 1} ${id}`;
  return taking
    .toSorted((one, other) => one.inHand - other.inHand || (turnOf(one) < turnOf(other) ? -1 : 1))
    .slice(0, Math.max(0, free))
    .map(({ id, places }) => ({ endpointId: id, limit: Math.min(places, share) }));
}
