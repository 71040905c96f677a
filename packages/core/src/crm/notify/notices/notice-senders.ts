import { LmsError } from '../../../foundation/kernel/index.js';
import type { SentChannel } from './notice-book.js';
import type { EmailMessage, NoticeMessage, NoticeSender, SendResult, SmsMessage } from './notice-message.js';

export interface NoticeSendersByChannel {
  readonly email: NoticeSender<EmailMessage> | null;
  readonly sms: NoticeSender<SmsMessage> | null;
}

/** The ways to send that this process has. */
export class NoticeSenders {
  readonly #senders: NoticeSendersByChannel;

  constructor(senders: NoticeSendersByChannel) {
    this.#senders = senders;
  }

  /**
   * Tries once.
   * @throws LmsError `NOTICE_CHANNEL_OFF`, `NOTICE_DLT_MISSING`, `NOTICE_TOO_LONG`, `SECRET_MISSING`
   */
  async send(message: NoticeMessage, signal: AbortSignal): Promise<SendResult> {
    const { email, sms } = this.#senders;
    if (message.channel === 'email') {
      if (email === null) throw off(message.channel);
      return email.send(message, signal);
    }
    if (sms === null) throw off(message.channel);
    return sms.send(message, signal);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#senders).map((sender) => sender?.close()));
  }
}

function off(channel: SentChannel): LmsError {
  return new LmsError('NOTICE_CHANNEL_OFF', {
    message: `nothing says how notices go by ${channel}: the settings need notify.${channel}`,
  });
}
