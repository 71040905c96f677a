import { LmsError } from '../kernel/index.js';
import { longestMillis } from './consumer-lease.js';
import type { FeedEvent } from './feed-event.js';

export interface EventSettings {
  /** How often a worker seals the trail and looks for events that wait for its consumers; 1,000 when absent. */
  readonly pollMillis?: number;
  /** How long a process that died keeps its consumers; 30,000 when absent, 1,000 to 300,000. Handlers may run longer. */
  readonly leaseMillis?: number;
  readonly onError?: ConsumerErrorListener;
}

/**
 * Hears what a handler of this process threw, and at which events: the store keeps the code alone. For your logs, which are yours to keep
 * clean of personal data; what it throws itself is ignored.
 */
export type ConsumerErrorListener = (
  error: unknown,
  context: { readonly consumer: string; readonly events: readonly FeedEvent[] },
) => void;

export type CheckedEventSettings = Required<Omit<EventSettings, 'onError'>>;

const defaults: CheckedEventSettings = { pollMillis: 1_000, leaseMillis: 30_000 };

/** @throws LmsError `CONFIG_INVALID` */
export function eventSettings({ onError: _onError, ...given }: EventSettings = {}): CheckedEventSettings {
  const settings = { ...defaults, ...given };
  requireBetween('pollMillis', settings.pollMillis, 10, longestMillis);
  requireBetween('leaseMillis', settings.leaseMillis, 1_000, longestMillis);
  return settings;
}

function requireBetween(name: keyof CheckedEventSettings, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const path = `events.${name}`;
  throw new LmsError('CONFIG_INVALID', {
    message: `${path} is ${value}; expected a whole number of milliseconds from ${least} to ${most}`,
    path,
  });
}
