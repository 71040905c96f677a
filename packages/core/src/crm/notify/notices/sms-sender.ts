import { type ErrorCode, LmsError, systemActor } from '../../../foundation/kernel/index.js';
import type { OutboundClient, OutboundRequest } from '../../../foundation/outbound/index.js';
import type { NoticeSender, SendResult, SmsMessage } from './notice-message.js';
import type { CheckedSmsSettings } from './notify-settings.js';
import { smsLength } from './sms-length.js';
import { asItIs, type Escape, forForm, forJson, renderText } from './template-text.js';

/** Errors that somebody mends, of settings and certificates. */
const mendable: ReadonlySet<ErrorCode> = new Set(['OUTBOUND_UNTRUSTED', 'OUTBOUND_REFUSED']);
/** Answers that say that nothing was done, and that it may be done later: after a token was renewed, or when there is less to do. */
const passingStatuses: ReadonlySet<number> = new Set([401, 403, 408, 425, 429, 503]);
const indian = '+91';

/** Gives an SMS to a provider by HTTP, through the outbound client: with its policy, and a sealed record of each call. */
export class SmsSender implements NoticeSender<SmsMessage> {
  readonly #settings: CheckedSmsSettings;
  readonly #outbound: Pick<OutboundClient, 'call'>;

  constructor(settings: CheckedSmsSettings, outbound: Pick<OutboundClient, 'call'>) {
    this.#settings = settings;
    this.#outbound = outbound;
  }

  /** @throws LmsError `NOTICE_DLT_MISSING`, `NOTICE_TOO_LONG`, `SECRET_MISSING`, `OUTBOUND_TARGET_UNKNOWN`, `STORE_*` before anything was sent */
  async send(message: SmsMessage, signal: AbortSignal): Promise<SendResult> {
    this.#requireRegistration(message);
    this.#requireShort(message);
    try {
      const { status } = await this.#outbound.call(systemActor('notify'), this.#requestOf(message, signal));
      return this.#resultOf(status);
    } catch (error) {
      if (!LmsError.isInstance(error)) throw error;
      const { code, category, retryable, details } = error;
      if (details['ambiguous'] === true)
        return { kind: this.#settings.knowsRepeats === true ? 'again' : 'unknown', answer: code };
      if (category === 'config' || category === 'storage') throw error;
      if (retryable || signal.aborted || mendable.has(code)) return { kind: 'again', answer: code };
      return { kind: 'refused', code, answer: null };
    }
  }

  /** The outbound client is closed by whoever opened it. */
  async close(): Promise<void> {
    return Promise.resolve();
  }

  #requireRegistration({ to, dlt }: SmsMessage): void {
    if (!to.startsWith(indian)) return;
    if (dlt !== null && (dlt.entityId ?? this.#settings.entityId) !== undefined) return;
    throw new LmsError('NOTICE_DLT_MISSING', {
      message:
        dlt === null
          ? 'the template says dlt: null, so it goes to no number of India'
          : 'neither the template nor the settings of SMS have an entityId, without which no SMS goes to a number of India',
    });
  }

  #requireShort({ text }: SmsMessage): void {
    const { parts } = smsLength(text);
    const { mostParts } = this.#settings;
    if (parts <= mostParts) return;
    throw new LmsError('NOTICE_TOO_LONG', {
      message: `the text is ${parts} messages long; at most ${mostParts} are allowed`,
      details: { parts, mostParts },
    });
  }

  #requestOf(message: SmsMessage, signal: AbortSignal): OutboundRequest {
    const { target, path, method, query = {}, headers = {}, body, bodyKind, knowsRepeats } = this.#settings;
    const { id, key, to, text, dlt, leadId } = message;
    // What is not there is an empty text to the provider.
    const filled = (given: string, escaping: Escape): string =>
      renderText(given.replace(/\{\{([^{}|]*)\}\}/g, '{{$1|}}'), values, escaping);
    const values = new Map<string, string | null>([
      ['to', to],
      ['toDigits', to.replace(/\D/g, '')],
      ['id', id],
      ['entityId', dlt?.entityId ?? this.#settings.entityId ?? null],
      ['templateId', dlt?.templateId ?? null],
      ['senderId', dlt?.senderId ?? null],
      ['encoding', smsLength(text).encoding],
    ]);
    // The text has lines, which values of templates have not.
    const withText = (given: string, escaping: Escape): string =>
      given
        .split(/\{\{\s*text\s*\}\}/)
        .map((part) => filled(part, escaping))
        .join(escaping(text));
    const kind = bodyKind === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
    return {
      ...{ target, path, method, purpose: 'sms', correlationId: id, signal },
      query: Object.fromEntries(Object.entries(query).map(([name, given]) => [name, withText(given, asItIs)])),
      headers: { ...(body === undefined ? {} : { 'content-type': kind }), ...headers },
      ...(body === undefined ? {} : { body: withText(body, bodyKind === 'json' ? forJson : forForm) }),
      // Whatever the method: a GET that sends is no question.
      ...(knowsRepeats === true ? { idempotencyKey: key } : { repeatable: false }),
      ...(leadId === null ? {} : { subject: { kind: 'lead', id: leadId } }),
    };
  }

  /** 5xx other than 503 leave open whether it was done. */
  #resultOf(status: number): SendResult {
    const answer = `HTTP ${status}`;
    if (status >= 200 && status < 300) return { kind: 'sent', answer };
    if (passingStatuses.has(status)) return { kind: 'again', answer };
    if (status >= 500) return { kind: this.#settings.knowsRepeats === true ? 'again' : 'unknown', answer };
    return { kind: 'refused', code: 'NOTICE_REFUSED', answer };
  }
}
