import type { CommonParts } from './common-parts.js';
import type { FieldSchemaEngine } from './crm/fields/index.js';
import type { LeadService } from './crm/leads/index.js';
import {
  EmailSender,
  InboxService,
  keepNotices,
  NoticeBooks,
  NoticeCourier,
  NoticeFanOut,
  NoticeSenders,
  NoticeWriter,
  NotificationRetry,
  NotificationService,
  noticeEventTypes,
  noticeJobHandler,
  notifySettings,
  PreferenceService,
  SmsSender,
  ToldLead,
  toldInApp,
} from './crm/notify/index.js';
import type { PipelineReader } from './crm/pipeline/index.js';
import { type Consumer, checkedConsumer, type EventFeed, registerConsumer } from './foundation/events/index.js';
import type { JobHandler, JobQueue } from './foundation/jobs/index.js';
import { type BusinessTime, LmsError, quoted } from './foundation/kernel/index.js';
import { type OutboundClient, secretSource } from './foundation/outbound/index.js';
import type { ConsentRules, LookupHasher } from './foundation/privacy/index.js';
import type { LmsOptions } from './lms-options.js';

export interface NotifyParts extends CommonParts {
  readonly time: BusinessTime;
  readonly queue: JobQueue;
  readonly outbound: OutboundClient;
  readonly consents: ConsentRules;
  readonly hasher: LookupHasher;
  readonly leads: LeadService;
  readonly schemas: FieldSchemaEngine;
  readonly pipelines: PipelineReader;
  readonly feed: EventFeed;
  /** Gives what has just happened its place in the feed. */
  readonly seal: () => Promise<number>;
}

/** Notifications of an open store. */
export interface NotifyServices {
  readonly notifications: NotificationService;
  readonly notificationRetry: NotificationRetry;
  readonly inbox: InboxService;
  readonly noticePreferences: PreferenceService;
  readonly noticeSenders: NoticeSenders;
  readonly noticeCourier: NoticeCourier;
  /** What is done from time to time, in processes that have settings. */
  readonly keepNotices: () => Promise<void>;
  /** Told of events in processes that have settings; the others leave that to them. */
  readonly noticeConsumers: readonly Consumer[];
}

/** @throws LmsError `CONFIG_INVALID` */
export function notifyServices(options: LmsOptions, parts: NotifyParts): NotifyServices {
  const { storage, outbound } = options;
  const { notifications, inbox, noticePreferences: preferences, facts, users, eventConsumers: consumers } = storage;
  const settings = notifySettings(options.notify ?? {});
  const { email, sms } = settings;
  if (sms !== null && !Object.hasOwn(outbound?.targets ?? {}, sms.target)) {
    throw new LmsError('CONFIG_INVALID', {
      message: `notify.sms.target: there is no outbound target ${quoted(sms.target)}`,
    });
  }
  const senders = new NoticeSenders({
    email: email === null ? null : new EmailSender(email, outbound?.secrets ?? secretSource({})),
    sms: sms === null ? null : new SmsSender(sms, parts.outbound),
  });
  // Who has a lead is asked of the store, without opening what is sealed of it.
  const handing = { ...parts, notifications, inbox, preferences, facts, users, leads: storage.leads };
  const { consumer } = new NoticeFanOut(handing);
  const books = new NoticeBooks(notifications);
  const told = new ToldLead({ ...parts, users });
  const writer = new NoticeWriter({ ...parts, books, told, users, preferences, consents: parts.consents.gate });
  return {
    notifications: new NotificationService({
      ...parts,
      notifications,
      senders,
      purposes: new Set(parts.consents.purposes.all.map(({ slug }) => slug)),
      register: () => registerConsumer({ ...parts, consumers }, checkedConsumer(consumer)),
    }),
    notificationRetry: new NotificationRetry(handing),
    inbox: new InboxService({
      ...parts,
      inbox,
      words: (user, notices) => toldInApp({ books, told, preferences }, user, notices),
    }),
    noticePreferences: new PreferenceService({
      ...parts,
      users,
      preferences,
      subjects: async () => {
        const published = await notifications.book(null, 'newest');
        return new Set([...noticeEventTypes, ...(published?.book.rules.map(({ name }) => name) ?? [])]);
      },
    }),
    noticeSenders: senders,
    noticeCourier: new NoticeCourier({ ...parts, notifications, writer, senders }, settings),
    keepNotices: async () => {
      if (options.notify !== undefined) await keepNotices({ ...parts, notifications, inbox }, settings);
    },
    noticeConsumers: options.notify === undefined ? [] : [consumer],
  };
}

/** How a process with settings sends notifications; one without leaves that to them. @throws LmsError `CONFIG_INVALID` */
export function noticeHandlers({ notify }: LmsOptions, courier: () => NoticeCourier): readonly JobHandler[] {
  return notify === undefined ? [] : [noticeJobHandler(notifySettings(notify), courier)];
}
