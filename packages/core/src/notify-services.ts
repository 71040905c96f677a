import type { CommonParts } from './common-parts.js';
import type { FieldSchemaEngine } from './crm/fields/index.js';
import type { LeadService } from './crm/leads/index.js';
import {
  EmailSender,
  keepNotices,
  NoticeCourier,
  NoticeFanOut,
  NoticeSenders,
  NoticeWriter,
  NotificationService,
  noticeJobHandler,
  notifySettings,
  SmsSender,
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
  const { notifications, facts, users, eventConsumers: consumers } = storage;
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
  const { consumer } = new NoticeFanOut({ ...parts, notifications, facts, users });
  const writer = new NoticeWriter({ ...parts, notifications, users, consents: parts.consents.gate });
  return {
    notifications: new NotificationService({
      ...parts,
      notifications,
      senders,
      purposes: new Set(parts.consents.purposes.all.map(({ slug }) => slug)),
      register: () => registerConsumer({ ...parts, consumers }, checkedConsumer(consumer)),
    }),
    noticeSenders: senders,
    noticeCourier: new NoticeCourier({ ...parts, notifications, writer, senders }, settings),
    keepNotices: async () => {
      if (options.notify !== undefined) await keepNotices({ ...parts, notifications }, settings);
    },
    noticeConsumers: options.notify === undefined ? [] : [consumer],
  };
}

/** How a process with settings sends notifications; one without leaves that to them. @throws LmsError `CONFIG_INVALID` */
export function noticeHandlers({ notify }: LmsOptions, courier: () => NoticeCourier): readonly JobHandler[] {
  return notify === undefined ? [] : [noticeJobHandler(notifySettings(notify), courier)];
}
