import type { ImportSettings } from './crm/imports/index.js';
import type { ErasureHold } from './crm/leads/index.js';
import type { NotifySettings, WebhookSettings } from './crm/notify/index.js';
import type { MoveGuard } from './crm/pipeline/index.js';
import type { BackupSettings } from './foundation/backup/index.js';
import type { Invalidations } from './foundation/cache/index.js';
import type { Consumer, EventSettings } from './foundation/events/index.js';
import type { JobSettings } from './foundation/jobs/index.js';
import type { Clock, RandomSource } from './foundation/kernel/index.js';
import type { OutboundSettings } from './foundation/outbound/index.js';
import type { ConsentSettings, KeySource } from './foundation/privacy/index.js';
import type { Telemetry } from './foundation/telemetry/index.js';
import type { Plugin } from './plugin.js';
import type { Storage } from './storage/storage.js';

/** What a store is made of. Only `storage` is needed; everything else has a default. */
export interface LmsOptions {
  readonly storage: Storage;
  /**
   * Where the master key comes from: `keyFile(path)`, `keyFromEnvironmentValue(text)` or a port of your own. An embedded
   * store has `<file>.key` as its default, made (mode 600) together with the store; every other shape requires it. Of several
   * the first wraps, and all open: so a store goes from one key to another, and restores backups of the one before.
   */
  readonly key?: KeySource | readonly KeySource[];
  /** IANA zone of lead numbers, dates and working hours; `Asia/Kolkata` when absent. */
  readonly businessTimeZone?: string;
  /** ISO 4217 code of the store's one currency; `INR` when absent. */
  readonly currency?: string;
  /** Asked before each move; may refuse, does no I/O. */
  readonly guards?: readonly MoveGuard[];
  /** Asked before the personal data of a lead is erased; may refuse, does no I/O. */
  readonly erasureHolds?: readonly ErasureHold[];
  readonly imports?: ImportSettings;
  readonly backups?: BackupSettings;
  /** Other systems that are called, each with its policy; none when absent. */
  readonly outbound?: OutboundSettings;
  /** For what people's data may be used when they consent, besides what every store knows. */
  readonly consents?: ConsentSettings;
  /**
   * Tells other processes what they must no longer remember, such as `redisInvalidations` of `@lms/core/cache/redis`; when absent they find out by
   * themselves, within two seconds.
   */
  readonly invalidations?: Invalidations;
  /** Handlers of your own jobs, and how workers go about them. */
  readonly jobs?: JobSettings;
  /** Where receivers outside may be that are told of events, and how they are told. */
  readonly webhooks?: WebhookSettings;
  /** By what people are told; a process without it tells nobody. */
  readonly notify?: NotifySettings;
  /** Who is told of what happens, in the processes that have these options; see `lms.events.consume`. */
  readonly consumers?: readonly Consumer[];
  /** Guards, consumers and handlers of jobs, each plugin in one piece. */
  readonly plugins?: readonly Plugin[];
  /** How a worker goes about events. */
  readonly events?: EventSettings;
  /** Who hears what is done: `openTelemetry()` of `@lms/core/telemetry/opentelemetry`, `logTo(logger)`, or both. */
  readonly telemetry?: Telemetry | readonly Telemetry[];
  readonly clock?: Clock;
  /** Must be a cryptographic generator outside tests. */
  readonly random?: RandomSource;
}
