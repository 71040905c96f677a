import { type Clock, durationText, type Finding, waitedMillis } from '../kernel/index.js';
import type { ConsumerStatus, ConsumerStore, StoredConsumer } from './consumer-store.js';
import type { EventFeed } from './event-feed.js';

/** How a consumer fares. */
export interface ConsumerState {
  readonly name: string;
  readonly status: ConsumerStatus;
  /** Everything up to this position was handled, or is none of its types. */
  readonly position: number;
  /** Positions that it has not come to yet. */
  readonly lag: number;
  /** How long ago the next event it comes to happened, in milliseconds; 0 when none waits. */
  readonly behindMillis: number;
  /** Tries of the next event that failed in a row. */
  readonly attempts: number;
  /** Code of the error with which it last failed. */
  readonly lastError: string | null;
  /** The event that failed; null when none did. */
  readonly failedPosition: number | null;
  /** When it is tried next; null where it is tried at once, or not by itself. */
  readonly retryAt: string | null;
  /** Whether a process handles its events now. */
  readonly held: boolean;
}

export interface ConsumerHealth {
  /** By name; of more than 100 those that are not well before the others, and 100 of them. */
  readonly consumers: readonly ConsumerState[];
  /** False when one has stopped, or is ten minutes behind; one that was paused is as it should be. */
  readonly ok: boolean;
}

export interface ConsumerHealthPorts {
  readonly consumers: ConsumerStore;
  readonly feed: EventFeed;
  readonly clock: Clock;
}

const longestBehindMillis = 600_000;
const mostShown = 100;

export async function consumerHealth(ports: ConsumerHealthPorts): Promise<ConsumerHealth> {
  const consumers: ConsumerState[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: readonly StoredConsumer[] = await ports.consumers.list({ after, limit: mostShown });
    consumers.push(...(await consumerStates(ports, page)));
    after = page.length < mostShown ? undefined : page.at(-1)?.name;
  }
  const unwell = consumers.filter((consumer) => !isWell(consumer));
  const ok = unwell.length === 0;
  if (consumers.length <= mostShown) return { consumers, ok };
  return { consumers: [...unwell, ...consumers.filter(isWell)].slice(0, mostShown), ok };
}

/** The consumers as they are shown. */
export async function consumerStates(
  { feed, clock }: Pick<ConsumerHealthPorts, 'feed' | 'clock'>,
  stored: readonly StoredConsumer[],
): Promise<readonly ConsumerState[]> {
  if (stored.length === 0) return [];
  const head = await feed.head();
  const states: ConsumerState[] = [];
  for (const consumer of stored) {
    const { name, status, position, attempts, lastError, failedPosition, retryAt, holder, leaseUntil } = consumer;
    const lag = Math.max(0, head - position);
    const [next] = lag === 0 ? [] : (await feed.page({ after: position, limit: 1 })).events;
    states.push({
      name,
      status,
      position,
      lag,
      behindMillis: waitedMillis(next?.at, clock.now()),
      attempts,
      lastError,
      failedPosition,
      retryAt,
      held: holder !== null && leaseUntil !== null && Date.parse(leaseUntil) > clock.now(),
    });
  }
  return states;
}

function isWell({ status, behindMillis }: ConsumerState): boolean {
  return status === 'paused' || (status === 'running' && behindMillis <= longestBehindMillis);
}

/** {@link ConsumerHealth} for people: one line of a health check. */
export function consumersFinding({ consumers, ok }: ConsumerHealth): Finding {
  if (consumers.length === 0) return { name: 'consumers', ok, message: 'there are none' };
  return { name: 'consumers', ok, message: consumers.map(stateText).join('; ') };
}

function stateText(state: ConsumerState): string {
  const { name, status, lag, behindMillis, lastError, failedPosition } = state;
  if (status === 'stopped') {
    return `${name} has stopped at event ${failedPosition} with ${lastError}: lms events retry ${name}, or lms events skip ${name}`;
  }
  const behind = lag === 0 ? 'has everything' : `${lag} events behind, for ${durationText(behindMillis)}`;
  const failed = lastError === null ? '' : `, event ${failedPosition} fails with ${lastError}`;
  const paused = status === 'paused' ? ' (paused)' : '';
  const advice = isWell(state) || lastError !== null ? '' : ': does its process run?';
  return `${name}${paused} ${behind}${failed}${advice}`;
}
