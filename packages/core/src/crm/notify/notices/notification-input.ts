import { z } from 'zod';
import { isId } from '../../../foundation/kernel/index.js';
import { type SentChannel, sentChannels } from './notice-book.js';
import { type NotificationStatus, notificationStatuses } from './notification-store.js';

export interface PublishNoticesOptions {
  /** The version that is to be replaced; 0 for the first. */
  readonly expectedVersion?: number;
}

export interface NotificationListQuery {
  readonly status?: NotificationStatus;
  /** Of one lead, by its id. */
  readonly leadId?: string;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 200; 50 when absent. */
  readonly limit?: number;
}

/** A template to be sent to somebody who looks at it. */
export interface NoticeTest {
  readonly channel: SentChannel;
  /** An email address, or a number such as `+919000000001`. */
  readonly to: string;
  /** Name of the template. */
  readonly template: string;
  /** The first of the templates when absent. */
  readonly language?: string;
}

export const publishOptionsShape: z.ZodType<PublishNoticesOptions> = z.strictObject({
  expectedVersion: z.int().min(0).exactOptional(),
});

export const notificationQueryShape: z.ZodType<NotificationListQuery> = z.strictObject({
  status: z.enum(notificationStatuses).exactOptional(),
  leadId: z.string().refine(isId, { error: 'expected the id of a lead' }).exactOptional(),
  after: z.string().min(1).max(100).exactOptional(),
  limit: z.int().min(1).max(200).exactOptional(),
});

export const noticeTestShape: z.ZodType<NoticeTest> = z.strictObject({
  channel: z.enum(sentChannels),
  to: z.string().min(1).max(254),
  template: z.string().min(1).max(64),
  language: z.string().min(2).max(20).exactOptional(),
});
