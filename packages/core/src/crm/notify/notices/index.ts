export { EmailSender } from './email-sender.js';
export {
  type ChannelQuietHours,
  type DltRegistration,
  type EmailTemplate,
  type InAppTemplate,
  type NoticeBook,
  type NoticeChannel,
  type NoticeRecipient,
  type NoticeRule,
  type NoticeTemplate,
  noticeBookShape,
  type SentChannel,
  type SmsTemplate,
} from './notice-book.js';
export { NoticeBooks } from './notice-books.js';
export { NoticeCourier, noticeJobHandler } from './notice-courier.js';
export { type NoticeEventType, noticeEventTypes } from './notice-events.js';
export { NoticeFanOut } from './notice-fan-out.js';
export { noticeJobKind } from './notice-job.js';
export { NoticeSenders } from './notice-senders.js';
export type { NoticeTested } from './notice-tester.js';
export { NoticeWriter } from './notice-writer.js';
export type { Notification } from './notification.js';
export { type NotificationHealth, notificationHealth, notificationsFinding } from './notification-health.js';
export { keepNotices } from './notification-housekeeping.js';
export type { NoticeTest, NotificationListQuery, PublishNoticesOptions } from './notification-input.js';
export { NotificationRetry } from './notification-retry.js';
export {
  type NotificationPage,
  NotificationService,
  type PublishedNotices,
} from './notification-service.js';
export type { NotificationStatus, NotificationStore } from './notification-store.js';
export {
  type CheckedNotifySettings,
  type EmailSettings,
  type NotifySettings,
  notifySettings,
  notifySettingsShape,
  type SmsSettings,
} from './notify-settings.js';
export type { SmsLength } from './sms-length.js';
export { SmsSender } from './sms-sender.js';
export { toldInApp } from './told-in-app.js';
export { ToldLead } from './told-lead.js';
