import type { PlacementStore } from '../crm/assignment/placement-store.js';
import type { DefinitionStore } from '../crm/fields/definition-store.js';
import type { ImportRunStore } from '../crm/imports/import-run-store.js';
import type { SavedMappingStore } from '../crm/imports/mappings/saved-mapping-store.js';
import type { ImportReceiptStore } from '../crm/imports/receipts/import-receipt-store.js';
import type { LeadFactsStore, MoveStore } from '../crm/leads/lead-facts-store.js';
import type { LeadStore } from '../crm/leads/lead-store.js';
import type { InboxStore } from '../crm/notify/inbox/inbox-store.js';
import type { NotificationStore } from '../crm/notify/notices/notification-store.js';
import type { PreferenceStore } from '../crm/notify/preferences/preference-store.js';
import type { WebhookStore } from '../crm/notify/webhooks/webhook-store.js';
import type { ReportStore } from '../crm/reports/report-store.js';
import type { UserStore } from '../foundation/access/user-store.js';
import type { AuditChainStore } from '../foundation/audit/audit-chain-store.js';
import type { AuditStore } from '../foundation/audit/audit-store.js';
import type { SnapshotStore } from '../foundation/backup/snapshot-store.js';
import type { CalendarStore } from '../foundation/calendars/calendar-store.js';
import type { ConsumerStore } from '../foundation/events/consumer-store.js';
import type { EventFeedStore } from '../foundation/events/event-feed-store.js';
import type { JobStore } from '../foundation/jobs/queue/job-store.js';
import type { ScheduleStore } from '../foundation/jobs/schedules/schedule-store.js';
import type { TimerStore } from '../foundation/jobs/timers/timer-store.js';
import type { Finding } from '../foundation/kernel/index.js';
import type { OutboundBudgetStore } from '../foundation/outbound/budget-store.js';
import type { ExchangeStore } from '../foundation/outbound/exchange-store.js';
import type {
  Commands,
  Numbers,
  Outbox,
  StepOutcomes,
  Turns,
  UniqueKeys,
  UnitOfWork,
} from '../foundation/persistence/index.js';
import type {
  ConsentStore,
  ConsentWordingStore,
  ContactBlockStore,
} from '../foundation/privacy/consent/consent-store.js';
import type { DataKeyStore, StoreKeyStore } from '../foundation/privacy/data-key-store.js';
import type { StorageMigrations } from './migrations-port.js';

export type StorageShape = 'sqlite' | 'mysql' | 'hybrid';

/**
 * A store in one of the three shapes. Making one connects to nothing; `open` does, makes missing tables, and checks what
 * the guarantees need.
 */
export interface Storage {
  readonly shape: StorageShape;
  /** For people: the file, or the servers without credentials. */
  readonly label: string;
  /** Where a new embedded store keeps its master key when none is given; null for the other shapes. */
  readonly defaultKeyFile: string | null;

  /**
   * Connects once, however many callers. @throws LmsError `STORE_UNAVAILABLE`, `STORE_MISCONFIGURED`, `STORE_TOO_NEW`, `STORE_OUTDATED`,
   * `STORE_CORRUPT`, `DRIVER_MISSING`
   */
  open(): Promise<void>;
  /** Waits for running units, then lets go of files and connections. Later calls fail with `STORE_CLOSED`. */
  close(): Promise<void>;
  /** What `lms doctor` prints. */
  check(): Promise<readonly Finding[]>;
  /** Brings the store to the layout of this release; works without, before and beside {@link Storage.open}. */
  readonly migrations: StorageMigrations;

  /** Copies of the whole store, out of it and into an empty one. */
  readonly snapshots: SnapshotStore;

  readonly unitOfWork: UnitOfWork;
  readonly uniqueKeys: UniqueKeys;
  readonly outbox: Outbox;
  readonly stepOutcomes: StepOutcomes;
  readonly turns: Turns;
  readonly commands: Commands;
  readonly numbers: Numbers;
  readonly dataKeys: DataKeyStore;
  readonly storeKeys: StoreKeyStore;
  readonly definitions: DefinitionStore;
  readonly leads: LeadStore;
  readonly facts: LeadFactsStore;
  readonly moves: MoveStore;
  readonly audit: AuditStore;
  readonly auditChain: AuditChainStore;
  readonly eventFeed: EventFeedStore;
  readonly eventConsumers: ConsumerStore;
  readonly users: UserStore;
  readonly placements: PlacementStore;
  readonly importReceipts: ImportReceiptStore;
  readonly savedMappings: SavedMappingStore;
  readonly importRuns: ImportRunStore;
  readonly reports: ReportStore;
  readonly exchanges: ExchangeStore;
  readonly outboundBudgets: OutboundBudgetStore;
  readonly consents: ConsentStore;
  readonly contactBlocks: ContactBlockStore;
  readonly consentWordings: ConsentWordingStore;
  readonly jobs: JobStore;
  readonly schedules: ScheduleStore;
  readonly timers: TimerStore;
  readonly calendars: CalendarStore;
  readonly webhooks: WebhookStore;
  readonly notifications: NotificationStore;
  readonly inbox: InboxStore;
  readonly noticePreferences: PreferenceStore;
}
