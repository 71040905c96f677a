import { createHash } from 'node:crypto';

/** What makes a notification one and the same. */
export interface NotificationIdentity {
  readonly eventId: string;
  readonly rule: string;
  readonly recipient: string;
  readonly channel: string;
}

/** The id of a notification, as a UUID of version 8 (RFC 9562 §5.8): an event that is told twice makes no second one. */
export function notificationId({ eventId, rule, recipient, channel }: NotificationIdentity): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([eventId, rule, recipient, channel]))
    .digest('hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
