import type { Finding } from '../kernel/index.js';
import type { Home } from '../persistence/index.js';
import type { DispatcherFailures } from './dispatcher.js';
import { type HomeLag, longestLagMillis, type RelayHealth } from './relay-health.js';

const names: Readonly<Record<Home, string>> = {
  documents: 'read models',
  ledger: 'owners on leads',
};

/** What {@link RelayHealth} says, for people: one line for what follows in each home. */
export function relayFindings(health: RelayHealth, failures: DispatcherFailures): readonly Finding[] {
  return (['documents', 'ledger'] as const).map((home) => {
    const lag = health.homes[home];
    return { name: names[home], ok: lag.ok, message: messageOf(lag, failures) };
  });
}

function messageOf(lag: HomeLag, { count, lastError }: DispatcherFailures): string {
  const { waiting, retrying, stuck, lagMillis } = lag;
  if (waiting === 0 && stuck === 0) return 'up to date';
  const parts: string[] = [];
  if (waiting > 0) parts.push(`${events(waiting)} not told yet, the oldest for ${seconds(lagMillis)} s`);
  if (retrying > 0) parts.push(`${events(retrying)} tried again later`);
  if (stuck > 0) parts.push(`${events(stuck)} stuck: when the cause is mended, lms tick --retry-stuck`);
  if (lag.lastError !== null) parts.push(`failed with ${lag.lastError}`);
  else if (count > 0 && lastError !== null) parts.push(`this process failed with ${lastError}`);
  if (lagMillis > longestLagMillis) parts.push('run lms tick, and see that a server runs it every minute');
  return parts.join('; ');
}

function events(count: number): string {
  return count === 1 ? '1 event' : `${count} events`;
}

function seconds(millis: number): number {
  return Math.round(millis / 1000);
}
