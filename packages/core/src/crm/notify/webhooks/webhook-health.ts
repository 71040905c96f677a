import { type Clock, durationText, type Instant } from '../../../foundation/kernel/index.js';
import type { WebhookStore } from './webhook-store.js';

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
  /** False when a delivery has been due for ten minutes, deliveries are dead, or an endpoint was disabled by itself. */
  readonly ok: boolean;
}

const longestOverdueMillis = 600_000;

export async function webhookHealth({
  webhooks,
  clock,
}: {
  readonly webhooks: WebhookStore;
  readonly clock: Clock;
}): Promise<WebhookHealth> {
  const endpoints = (await webhooks.endpoints(null)).filter(({ status }) => status !== 'removed');
  const counts = endpoints.length === 0 ? [] : await webhooks.counts();
  const active = new Set(endpoints.filter(({ status }) => status === 'active').map(({ id }) => id));
  const due = counts.flatMap(({ endpointId, oldestAt }) => (active.has(endpointId) ? (oldestAt ?? []) : [])).sort();
  const [oldestAt = null] = due;
  const overdueMillis = oldestAt === null ? 0 : Math.max(0, clock.now() - Date.parse(oldestAt));
  const disabled = endpoints.filter(({ disabledReason: reason }) => reason !== null && reason !== 'by-hand').length;
  const dead = counts.reduce((sum, each) => sum + each.dead, 0);
  const waiting = counts.reduce((sum, each) => sum + each.waiting, 0);
  const ok = overdueMillis <= longestOverdueMillis && dead === 0 && disabled === 0;
  return { endpoints: endpoints.length, disabled, waiting, dead, oldestAt, overdueMillis, ok };
}

/** {@link WebhookHealth} for people: one line of a health check. */
export function webhooksFinding(health: WebhookHealth): {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
} {
  const { endpoints, disabled, waiting, dead, overdueMillis, ok } = health;
  if (endpoints === 0) return { name: 'webhooks', ok, message: 'there are none' };
  const parts = [`${waiting} waiting`];
  if (dead > 0) parts.push(`${dead} given up: lms webhooks list, then lms webhooks replay`);
  if (disabled > 0) parts.push(`${disabled} disabled for failing: lms webhooks list, then lms webhooks enable`);
  if (overdueMillis > longestOverdueMillis)
    parts.push(`the oldest is due for ${durationText(overdueMillis)}: is lms work running?`);
  return { name: 'webhooks', ok, message: parts.join('; ') };
}
