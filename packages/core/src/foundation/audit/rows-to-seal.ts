import { type AggregateRef, type Clock, toInstant } from '../kernel/index.js';
import type { Outbox, Unit } from '../persistence/index.js';
import type { AuditChainStore, UnsealedRow } from './audit-chain-store.js';
import { aggregateKey, sealingOrder } from './sealing-order.js';

export interface RowsToSealPorts {
  readonly chain: Pick<AuditChainStore, 'unsealed' | 'unsealedAbout'>;
  readonly outbox: Pick<Outbox, 'waiting'>;
  readonly clock: Clock;
}

/** Rows that may be sealed now. */
export interface RowsToSeal {
  /** In the order of their places. */
  readonly rows: readonly UnsealedRow[];
  /** Whether there may be more once these are sealed. */
  readonly more: boolean;
}

/** Events that wait to be told, so far as they are looked at. */
const mostWaiting = 1_000;
/** How long what followed an event that waits is left unsealed for its sake. */
const longestHeldMillis = 600_000;

/**
 * Rows that wait: some `limit` of them. Whatever was committed of an aggregate before one of them is among them, or is sealed already. Where
 * homes are two, what was committed there and is not told here yet holds up what followed it.
 */
export async function rowsToSeal(ports: RowsToSealPorts, unit: Unit, limit: number): Promise<RowsToSeal> {
  const { chain } = ports;
  const seen = await chain.unsealed(unit, limit);
  if (seen.length === 0) return { rows: seen, more: false };
  const isFull = seen.length >= limit;
  if (unit.bothHomes) return { rows: sealingOrder(await withEarlier(chain, unit, seen, limit), []), more: isFull };
  const waiting = await waitingEvents(ports);
  // What was told while the outbox was read is of interest as far as it came before what was seen.
  const known = new Set(seen.map(({ aggregate }) => aggregateKey(aggregate)));
  const now = await withEarlier(chain, unit, await chain.unsealed(unit, limit), limit);
  const rows = sealingOrder(
    now.filter(({ aggregate }) => known.has(aggregateKey(aggregate))),
    waiting,
  );
  return { rows, more: isFull && rows.length > 0 };
}

/** With rows of a lower version of the same aggregates that lie beyond them: the clocks of their writers were ahead. */
async function withEarlier(
  chain: Pick<AuditChainStore, 'unsealedAbout'>,
  unit: Unit,
  rows: readonly UnsealedRow[],
  limit: number,
): Promise<readonly UnsealedRow[]> {
  const last = rows.at(-1)?.id;
  if (rows.length < limit || last === undefined) return rows;
  const newest = new Map<string, AggregateRef>();
  for (const { aggregate } of rows) {
    const key = aggregateKey(aggregate);
    if (aggregate.version > (newest.get(key)?.version ?? -1)) newest.set(key, aggregate);
  }
  const beyond = await chain.unsealedAbout(unit, [...newest.values()], last, limit);
  const earlier = beyond.filter(
    ({ aggregate }) => aggregate.version < (newest.get(aggregateKey(aggregate))?.version ?? 0),
  );
  return [...rows, ...earlier];
}

/** What the documents know and the trail may not yet. What could not be told for long holds up nothing any more. */
async function waitingEvents({ outbox, clock }: RowsToSealPorts): Promise<readonly AggregateRef[]> {
  const from = toInstant(clock.now() - longestHeldMillis);
  const events = await outbox.waiting('documents', mostWaiting);
  return events.filter(({ at }) => at > from).map(({ aggregate }) => aggregate);
}
