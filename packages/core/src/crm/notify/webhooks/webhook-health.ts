import type { EventFeed } from '../../../foundation/events/index.js';
import {
  type Clock,
  durationText,
  type Finding,
  type Instant,
  longestOverdueMillis,
  waitedMillis,
} from '../../../foundation/kernel/index.js';
import { typesOf } from './event-filter.js';
import type { StoredEndpoint, WebhookStore } from './webhook-store.js';

/** How outgoing webhooks fare. */
export interface WebhookHealth {
  readonly endpoints: number;
  /** Endpoints that were disabled because they failed or said so, not by hand. */
  readonly disabled: number;
  readonly waiting: number;
  readonly dead: number;
  /** Of the deliveries that wait for an active endpoint, the earliest time at which one is due; null when none waits. */
  readonly oldestAt: Instant | null;
  /** How long that one has been due, in milliseconds; 0 when none is. */
  readonly overdueMillis: number;
  /** How long ago the next event happened that is to be handed to endpoints, in milliseconds; 0 when none is. */
  readonly behindMillis: number;
  /**
   * False when a delivery has been due, or an event not been handed out, for ten minutes, deliveries are dead, or an endpoint was disabled by
   * itself.
   */
  readonly ok: boolean;
}

export interface WebhookHealthPorts {
  readonly webhooks: WebhookStore;
  readonly feed: Pick<EventFeed, 'page'>;
  readonly clock: Clock;
}

export async function webhookHealth(ports: WebhookHealthPorts): Promise<WebhookHealth> {
  const { webhooks, clock } = ports;
  const endpoints = (await webhooks.endpoints(null)).filter(({ status }) => status !== 'removed');
  const counts = endpoints.length === 0 ? [] : await webhooks.counts();
  const told = endpoints.filter(({ status }) => status === 'active');
  const active = new Set(told.map(({ id }) => id));
  const due = counts.flatMap(({ endpointId, oldestAt }) => (active.has(endpointId) ? (oldestAt ?? []) : [])).sort();
  const [oldestAt = null] = due;
  const overdueMillis = waitedMillis(oldestAt, clock.now());
  const disabled = endpoints.filter(({ disabledReason: reason }) => reason !== null && reason !== 'by-hand').length;
  const dead = counts.reduce((sum, each) => sum + each.dead, 0);
  const waiting = counts.reduce((sum, each) => sum + each.waiting, 0);
  const behindMillis = await behindMillisOf(ports, told);
  const isLate = overdueMillis > longestOverdueMillis || behindMillis > longestOverdueMillis;
  const ok = !isLate && dead === 0 && disabled === 0;
  return { endpoints: endpoints.length, disabled, waiting, dead, oldestAt, overdueMillis, behindMillis, ok };
}

async function behindMillisOf(
  { webhooks, feed, clock }: WebhookHealthPorts,
  told: readonly StoredEndpoint[],
): Promise<number> {
  const position = told.length === 0 ? null : await webhooks.position();
  if (position === null) return 0;
  const types = typesOf(told);
  const { events } = await feed.page({ after: position, limit: 1, ...(types === null ? {} : { types }) });
  const [next] = events;
  return waitedMillis(next?.at, clock.now());
}

/** {@link WebhookHealth} for people: one line of a health check. */
export function webhooksFinding(health: WebhookHealth): Finding {
  const { endpoints, disabled, waiting, dead, overdueMillis, behindMillis, ok } = health;
  if (endpoints === 0) return { name: 'webhooks', ok, message: 'there are none' };
  const parts = [`${waiting} waiting`];
  if (dead > 0) parts.push(`${dead} given up: lms webhooks list, then lms webhooks replay or dismiss`);
  if (disabled > 0) parts.push(`${disabled} disabled for failing: lms webhooks list, then lms webhooks enable`);
  const late = [];
  if (overdueMillis > longestOverdueMillis) late.push(`the oldest is due for ${durationText(overdueMillis)}`);
  if (behindMillis > longestOverdueMillis)
    late.push(`nobody was told of what happened ${durationText(behindMillis)} ago`);
  if (late.length > 0) parts.push(`${late.join('; ')}: is lms work running?`);
  return { name: 'webhooks', ok, message: parts.join('; ') };
}
