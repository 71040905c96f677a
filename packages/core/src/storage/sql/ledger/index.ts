import type { PlacementStore } from '../../../crm/assignment/placement-store.js';
import type { ImportRunStore } from '../../../crm/imports/import-run-store.js';
import type { LeadFactsStore, MoveStore } from '../../../crm/leads/lead-facts-store.js';
import type { InboxStore } from '../../../crm/notify/inbox/inbox-store.js';
import type { NotificationStore } from '../../../crm/notify/notices/notification-store.js';
import type { PreferenceStore } from '../../../crm/notify/preferences/preference-store.js';
import type { WebhookStore } from '../../../crm/notify/webhooks/webhook-store.js';
import type { ReportStore } from '../../../crm/reports/report-store.js';
import type { UserStore } from '../../../foundation/access/user-store.js';
import type { AuditChainStore } from '../../../foundation/audit/audit-chain-store.js';
import type { AuditStore } from '../../../foundation/audit/audit-store.js';
import type { CalendarStore } from '../../../foundation/calendars/calendar-store.js';
import type { ConsumerStore } from '../../../foundation/events/consumer-store.js';
import type { EventFeedStore } from '../../../foundation/events/event-feed-store.js';
import type { JobStore } from '../../../foundation/jobs/queue/job-store.js';
import type { ScheduleStore } from '../../../foundation/jobs/schedules/schedule-store.js';
import type { TimerStore } from '../../../foundation/jobs/timers/timer-store.js';
import type { OutboundBudgetStore } from '../../../foundation/outbound/budget-store.js';
import type { ExchangeStore } from '../../../foundation/outbound/exchange-store.js';
import type { Commands, Outbox, StepOutcomes } from '../../../foundation/persistence/index.js';
import type {
  ConsentStore,
  ConsentWordingStore,
  ContactBlockStore,
} from '../../../foundation/privacy/consent/consent-store.js';
import type { SqlContext } from '../sql-unit.js';
import { auditStore } from './audit.js';
import { auditChainStore } from './audit-chain.js';
import { calendarStore } from './calendars.js';
import { commandStore } from './commands.js';
import { consentWordingStore } from './consent-wordings.js';
import { consentStore } from './consents.js';
import { contactBlockStore } from './contact-blocks.js';
import { consumerStore } from './event-consumers.js';
import { eventFeedStore } from './event-feed.js';
import { exchangeStore } from './exchanges.js';
import { importRunStore } from './import-runs.js';
import { inboxStore } from './inbox.js';
import { jobStore } from './jobs.js';
import { leadFactsStore } from './lead-facts.js';
import { moveStore } from './moves.js';
import { preferenceStore } from './notice-preferences.js';
import { notificationStore } from './notifications.js';
import { outboundBudgetStore } from './outbound-budgets.js';
import { outboxStore } from './outbox.js';
import { placementStore } from './placements.js';
import { reportStore } from './reports.js';
import { scheduleStore } from './schedules.js';
import { stepOutcomeStore } from './step-outcomes.js';
import { timerStore } from './timers.js';
import { userStore } from './users.js';
import { webhookStore } from './webhooks.js';

/** The stores of the ledger, and the outbox and command keys of whatever homes the database serves. */
export interface LedgerStores {
  readonly outbox: Outbox;
  readonly commands: Commands;
  readonly facts: LeadFactsStore;
  readonly moves: MoveStore;
  readonly audit: AuditStore;
  readonly auditChain: AuditChainStore;
  readonly eventFeed: EventFeedStore;
  readonly eventConsumers: ConsumerStore;
  readonly users: UserStore;
  readonly placements: PlacementStore;
  readonly importRuns: ImportRunStore;
  readonly reports: ReportStore;
  readonly stepOutcomes: StepOutcomes;
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

export function ledgerStores(context: SqlContext): LedgerStores {
  return {
    outbox: outboxStore(context),
    commands: commandStore(context),
    facts: leadFactsStore(context),
    moves: moveStore(context),
    audit: auditStore(context),
    auditChain: auditChainStore(context),
    eventFeed: eventFeedStore(context),
    eventConsumers: consumerStore(context),
    users: userStore(context),
    placements: placementStore(context),
    importRuns: importRunStore(context),
    reports: reportStore(context),
    stepOutcomes: stepOutcomeStore(context),
    exchanges: exchangeStore(context),
    outboundBudgets: outboundBudgetStore(context),
    consents: consentStore(context),
    contactBlocks: contactBlockStore(context),
    consentWordings: consentWordingStore(context),
    jobs: jobStore(context),
    schedules: scheduleStore(context),
    timers: timerStore(context),
    calendars: calendarStore(context),
    webhooks: webhookStore(context),
    notifications: notificationStore(context),
    inbox: inboxStore(context),
    noticePreferences: preferenceStore(context),
  };
}
