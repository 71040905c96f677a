import type { AggregateRef } from '../kernel/index.js';
import type { UnsealedRow } from './audit-chain-store.js';

/**
 * The rows in the order in which they get their places: by id, but those of one aggregate by its version, however the clocks of their
 * writers differ. Rows that tell of an aggregate what came after an event that still waits to be told are left for later.
 */
export function sealingOrder(rows: readonly UnsealedRow[], waiting: readonly AggregateRef[]): readonly UnsealedRow[] {
  const heldAfter = new Map<string, number>();
  for (const event of waiting) {
    const key = aggregateKey(event);
    heldAfter.set(key, Math.min(event.version, heldAfter.get(key) ?? Number.POSITIVE_INFINITY));
  }
  const free = rows
    .filter(
      ({ aggregate }) => aggregate.version <= (heldAfter.get(aggregateKey(aggregate)) ?? Number.POSITIVE_INFINITY),
    )
    .sort(byId);
  const next = new Map<string, Iterator<UnsealedRow>>();
  for (const [key, own] of byAggregate(free)) {
    next.set(key, own.toSorted((one, other) => one.aggregate.version - other.aggregate.version)[Symbol.iterator]());
  }
  // Each aggregate keeps the places that its ids have among the others.
  return free.map((row) => next.get(aggregateKey(row.aggregate))?.next().value ?? row);
}

/** Rows of each aggregate, in their order. */
export function byAggregate(rows: readonly UnsealedRow[]): ReadonlyMap<string, readonly UnsealedRow[]> {
  const groups = new Map<string, UnsealedRow[]>();
  for (const row of rows) {
    const key = aggregateKey(row.aggregate);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

export function aggregateKey({ kind, id }: Pick<AggregateRef, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}

function byId(one: UnsealedRow, other: UnsealedRow): number {
  return one.id < other.id ? -1 : 1;
}
