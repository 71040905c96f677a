import { type NotificationHealth, notificationHealth, type WebhookHealth, webhookHealth } from './crm/notify/index.js';
import type { TrailHealth, TrailSealer } from './foundation/audit/index.js';
import { type BackupHealth, backupHealth } from './foundation/backup/index.js';
import { type ConsumerHealth, consumerHealth, EventFeed } from './foundation/events/index.js';
import {
  type JobHealth,
  jobHealth,
  type RelayHealth,
  relayHealth,
  type TimerHealth,
  timerHealth,
} from './foundation/jobs/index.js';
import type { Clock } from './foundation/kernel/index.js';
import type { Storage } from './storage/storage.js';

/**
 * How a store fares. `ok` is that of what follows from commands alone, so that a late backup or a dead job takes no server out of
 * service: `backups`, `jobs`, `timers` and `webhooks` have their own.
 */
export interface StoreHealth extends RelayHealth {
  readonly backups: BackupHealth;
  /** How far the trail is sealed, and whether its head is this store's own. */
  readonly trail: TrailHealth;
  readonly jobs: JobHealth;
  readonly timers: TimerHealth;
  readonly webhooks: WebhookHealth;
  readonly notifications: NotificationHealth;
  readonly consumers: ConsumerHealth;
}

export async function storeHealth({
  storage,
  sealer,
  clock,
  warnAfterMillis,
}: {
  readonly storage: Storage;
  readonly sealer: TrailSealer;
  readonly clock: Clock;
  readonly warnAfterMillis: number | null;
}): Promise<StoreHealth> {
  const relay = await relayHealth({ outbox: storage.outbox, clock });
  const backups = await backupHealth({ audit: storage.audit, clock, warnAfterMillis });
  const feed = new EventFeed(storage);
  return {
    ...relay,
    backups,
    trail: await sealer.health(),
    jobs: await jobHealth({ jobs: storage.jobs, clock }),
    timers: await timerHealth({ timers: storage.timers, calendars: storage.calendars, clock }),
    webhooks: await webhookHealth({ webhooks: storage.webhooks, feed, clock }),
    notifications: await notificationHealth({ notifications: storage.notifications, clock }),
    consumers: await consumerHealth({ consumers: storage.eventConsumers, feed, clock }),
  };
}
