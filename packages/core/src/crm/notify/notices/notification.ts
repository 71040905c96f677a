import type { Actor, Instant } from '../../../foundation/kernel/index.js';
import type { EventDraft } from '../../../foundation/persistence/index.js';
import type { NoticeChannel } from './notice-book.js';
import type { NotificationStatus, StoredNotification } from './notification-store.js';

/** Somebody who was told of an event by one channel, or is to be. */
export interface Notification {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly leadId: string;
  readonly rule: string;
  /** `person`: the lead's; `user:asha`; `address`: that of the rule. */
  readonly recipient: string;
  readonly channel: NoticeChannel;
  readonly status: NotificationStatus;
  /** Code of what it was suppressed for, or last failed with. */
  readonly reason: string | null;
  /** What the provider last answered, such as `SMTP 550`. */
  readonly answer: string | null;
  /** Of the template it was sent with. */
  readonly language: string | null;
  /** The version of templates and rules that it goes by. */
  readonly bookVersion: number;
  readonly attempts: number;
  /** It waits for the end of quiet hours; null when it does not. */
  readonly heldUntil: Instant | null;
  /** One more with each change. */
  readonly version: number;
  readonly madeAt: Instant;
  readonly updatedAt: Instant;
}

export function notificationShown({
  details: _details,
  edition: _edition,
  ...shown
}: StoredNotification): Notification {
  return shown;
}

/** What is told of a notification in the trail, as it is by what was done; who it is for by its id alone. */
export function notificationEvent(
  notification: StoredNotification,
  done: { readonly type: string; readonly actor: Actor; readonly command: string },
): EventDraft {
  const { id, version, leadId, eventType, rule, recipient, channel, reason, answer } = notification;
  const { type, actor, command } = done;
  return {
    ...{ type, typeVersion: 1, actor, command },
    aggregate: { kind: 'notification', id, version },
    data: { leadId, eventType, rule, recipient, channel, reason, answer },
    sealed: null,
  };
}
