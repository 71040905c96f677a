import type { DltRegistration } from './notice-book.js';

/** An email as it is sent. */
export interface EmailMessage {
  readonly channel: 'email';
  /** Of the notification: the same in every try. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
}

/** An SMS as it is sent. */
export interface SmsMessage {
  readonly channel: 'sms';
  readonly id: string;
  /** E.164 */
  readonly to: string;
  readonly text: string;
  readonly dlt: DltRegistration | null;
  /** By which a provider that knows repeats knows one: the same in every try. */
  readonly key: string;
  /** Whose data it is: the record of the call is sealed under its key. Null for what goes to nobody's own number. */
  readonly leadId: string | null;
}

export type NoticeMessage = EmailMessage | SmsMessage;

/** How a try to send ended. */
export type SendResult =
  /** The provider has taken it. */
  | { readonly kind: 'sent'; readonly answer: string | null }
  /** It may be tried again: nothing was sent, or sending it twice does no harm. */
  | { readonly kind: 'again'; readonly answer: string | null }
  /** It will not be taken. */
  | { readonly kind: 'refused'; readonly code: string; readonly answer: string | null }
  /** It may have been taken, and another try could send it twice. */
  | { readonly kind: 'unknown'; readonly answer: string | null };

/** One way to send. */
export interface NoticeSender<Message> {
  /** Never throws what a provider did; an {@link SendResult} says it. */
  send(message: Message, signal: AbortSignal): Promise<SendResult>;
  close(): Promise<void>;
}
