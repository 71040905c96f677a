import type { Gauge } from './foundation/telemetry/index.js';
import type { StoreHealth } from './store-health.js';

type Reading = Omit<Gauge, 'name'>;

function one(value: number): readonly Reading[] {
  return [{ value, attributes: {} }];
}

function byHome({ homes }: StoreHealth, read: (lag: StoreHealth['homes']['ledger']) => number): readonly Reading[] {
  return (['documents', 'ledger'] as const).map((home) => ({ value: read(homes[home]), attributes: { home } }));
}

function seconds(millis: number): number {
  return millis / 1000;
}

const gauges: Readonly<Record<string, (health: StoreHealth) => readonly Reading[]>> = {
  'lms.outbox.waiting': (health) => byHome(health, ({ waiting }) => waiting),
  'lms.outbox.stuck': (health) => byHome(health, ({ stuck }) => stuck),
  'lms.outbox.lag': (health) => byHome(health, ({ lagMillis }) => seconds(lagMillis)),
  'lms.trail.unsealed': ({ trail }) => one(trail.unsealed),
  'lms.trail.broken': ({ trail }) => one(trail.ok ? 0 : 1),
  'lms.jobs.waiting': ({ jobs }) => one(jobs.waiting),
  'lms.jobs.running': ({ jobs }) => one(jobs.running),
  'lms.jobs.dead': ({ jobs }) => one(jobs.dead),
  'lms.jobs.overdue': ({ jobs }) => one(seconds(jobs.overdueMillis)),
  'lms.timers.due': ({ timers }) => one(timers.due),
  'lms.timers.stuck': ({ timers }) => one(timers.stuck),
  'lms.timers.outdated': ({ timers }) => one(timers.behind),
  'lms.timers.overdue': ({ timers }) => one(seconds(timers.overdueMillis)),
  'lms.webhooks.waiting': ({ webhooks }) => one(webhooks.waiting),
  'lms.webhooks.dead': ({ webhooks }) => one(webhooks.dead),
  'lms.webhooks.disabled': ({ webhooks }) => one(webhooks.disabled),
  'lms.webhooks.overdue': ({ webhooks }) => one(seconds(webhooks.overdueMillis)),
  'lms.webhooks.behind': ({ webhooks }) => one(seconds(webhooks.behindMillis)),
  'lms.notifications.waiting': ({ notifications }) => one(notifications.waiting),
  'lms.notifications.failed': ({ notifications }) => one(notifications.failed),
  'lms.notifications.unknown': ({ notifications }) => one(notifications.unknown),
  'lms.consumers.behind': ({ consumers: { consumers } }) =>
    consumers.map(({ name, behindMillis }) => ({ value: seconds(behindMillis), attributes: { consumer: name } })),
  'lms.consumers.failing': ({ consumers: { consumers } }) =>
    consumers.map(({ name, attempts }) => ({ value: attempts, attributes: { consumer: name } })),
  'lms.backup.age': ({ backups: { last } }) => (last === null ? [] : one(seconds(last.ageMillis))),
};

/** What {@link storeGauges} gives; ages and lags are in seconds. */
export const gaugeNames: readonly string[] = Object.keys(gauges);

/** The health of a store in numbers. */
export function storeGauges(health: StoreHealth): readonly Gauge[] {
  return Object.entries(gauges).flatMap(([name, read]) => read(health).map((reading) => ({ name, ...reading })));
}
