import { type Clock, waitedMillis } from '../kernel/index.js';
import type { Backlog, Home, Outbox } from '../persistence/index.js';

/** How far the projections of one home's events are behind. */
export interface HomeLag extends Backlog {
  /** Age of the oldest event that waits, in milliseconds; 0 when none does. */
  readonly lagMillis: number;
  /** False when the oldest waits longer than a minute, or events are stuck. */
  readonly ok: boolean;
}

/** How far read models, trail and owners lag behind the commands; not at all where one database holds both homes. */
export interface RelayHealth {
  readonly ok: boolean;
  /** By where the events happened. */
  readonly homes: Readonly<Record<Home, HomeLag>>;
}

/** What waits longer than this is not merely under way. */
export const longestLagMillis = 60_000;

export async function relayHealth({ outbox, clock }: { outbox: Outbox; clock: Clock }): Promise<RelayHealth> {
  const [documents, ledger] = await Promise.all([outbox.backlog('documents'), outbox.backlog('ledger')]);
  const now = clock.now();
  const homes = { documents: lagOf(documents, now), ledger: lagOf(ledger, now) };
  return { ok: homes.documents.ok && homes.ledger.ok, homes };
}

function lagOf(backlog: Backlog, now: number): HomeLag {
  const lagMillis = waitedMillis(backlog.oldestAt, now);
  return { ...backlog, lagMillis, ok: lagMillis <= longestLagMillis && backlog.stuck === 0 };
}
