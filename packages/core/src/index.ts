/**
 * LMS: leads, product lines, pipelines, imports. Start with {@link createLms} and a storage from
 * `@lms/core/storage/sqlite` or `@lms/core/storage/hybrid`.
 *
 * @packageDocumentation
 */
export type { ActorLeads, AnyLines, LeadOf, LineTypes, NewLeadOf } from './actor-leads.js';
export type { ActorConsents, ActorEvents, ActorImports, ActorServices } from './actor-services.js';
export type { ActorBound } from './bind-actor.js';
export * from './crm/assignment/index.js';
export * from './crm/exports/index.js';
export * from './crm/fields/index.js';
export * from './crm/imports/index.js';
export * from './crm/leads/index.js';
export type * from './crm/notify/index.js';
export { noticeBookShape, notifySettingsShape, webhookSettingsShape } from './crm/notify/index.js';
export * from './crm/pipeline/index.js';
export * from './crm/reports/index.js';
export * from './foundation/access/index.js';
export { type RoleName, roleNames } from './foundation/access/index.js';
export * from './foundation/audit/index.js';
export * from './foundation/backup/index.js';
export type { ForgetListener, Invalidations } from './foundation/cache/index.js';
export type {
  BetweenAnswer,
  BetweenQuestion,
  Calendar,
  CalendarBody,
  CalendarDefinition,
  CalendarListQuery,
  CalendarPage,
  CalendarStore,
  CalendarVersionPage,
  CalendarVersionQuery,
  DueAnswer,
  DueQuestion,
  Holiday,
  PublishCalendarOptions,
  SpecialDay,
  StoredCalendar,
} from './foundation/calendars/index.js';
export { readCalendar } from './foundation/calendars/index.js';
export type {
  BatchHandler,
  Consumer,
  ConsumerContext,
  ConsumerErrorListener,
  ConsumerHealth,
  ConsumerListQuery,
  ConsumerOptions,
  ConsumerPage,
  ConsumerQuery,
  ConsumerRunReport,
  ConsumerStart,
  ConsumerState,
  ConsumerStatus,
  ConsumerStore,
  EventFeedStore,
  EventHandler,
  EventRoundOptions,
  EventSettings,
  EventTypes,
  FeedEvent,
  FeedPage,
  FeedQuery,
  FeedWindow,
  ReplayRequest,
  StoredConsumer,
  WatchItem,
  WatchOptions,
} from './foundation/events/index.js';
export type {
  FireReport,
  HomeLag,
  Job,
  JobAddOptions,
  JobBackoff,
  JobContext,
  JobDraft,
  JobHandler,
  JobHealth,
  JobListQuery,
  JobPage,
  JobPriority,
  JobSchedule,
  JobSettings,
  JobStatus,
  JobStore,
  OwnTimerDraft,
  RelayHealth,
  RoundOptions,
  Schedule,
  ScheduleListQuery,
  SchedulePage,
  ScheduleStore,
  StopOptions,
  Timer,
  TimerHealth,
  TimerListQuery,
  TimerPage,
  TimerStore,
  WakeListener,
  Wakeup,
  WorkerOptions,
  WorkerReport,
  WorkingMoment,
  WorkingSpan,
} from './foundation/jobs/index.js';
export * from './foundation/kernel/index.js';
export * from './foundation/outbound/index.js';
export * from './foundation/persistence/index.js';
export * from './foundation/privacy/index.js';
export {
  type Gauge,
  type Logger,
  type LogOptions,
  logTo,
  type MaskedLogging,
  maskedLogging,
  maskText,
  type Operation,
  type OperationKind,
  type Telemetry,
} from './foundation/telemetry/index.js';
export { createLms, Lms, type LmsWorker, type TickOptions, type TickReport } from './lms.js';
export type { ConsumerHandle, LmsEvents } from './lms-events.js';
export type { LmsOptions } from './lms-options.js';
export { definePlugin, type Plugin, type PluginGuard } from './plugin.js';
export type { StoreRestoreRequest } from './restore-store.js';
export type {
  Layout,
  MigratePolicy,
  MigrationKind,
  MigrationProgress,
  MigrationReport,
  MigrationRunOptions,
  MigrationStatus,
  PendingMigration,
  PlannedOperation,
  StorageMigrations,
  StorePart,
} from './storage/migrations-port.js';
export type { Storage, StorageShape } from './storage/storage.js';
export type { StoreHealth } from './store-health.js';
