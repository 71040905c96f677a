import type { Transporter } from 'nodemailer';
import type { SecretReference, SecretSource } from '../../../foundation/outbound/index.js';
import type { EmailMessage, NoticeSender, SendResult } from './notice-message.js';
import type { CheckedEmailSettings } from './notify-settings.js';

/** What nodemailer tells of a failure. */
interface MailFailure {
  /** `EAUTH`, `ETIMEDOUT`... */
  readonly code: string | null;
  /** Of SMTP, such as 550. */
  readonly status: number | null;
  /** The command that was answered so. */
  readonly command: string | null;
}

/** What nodemailer says of those that waited for a connection of others that failed. */
const poolClosed = 'Connection pool was closed';
/** What nodemailer says where a try was stopped; its connection is closed already. */
const stopped = 'EABORT';
/** Commands whose refusal says something of the message or whom it is for. */
const commandsOfMessage: ReadonlySet<string> = new Set(['RCPT TO', 'DATA']);

/**
 * Gives emails to a mail server by SMTP; connections are kept for the next. Every try of one has the same Message-ID: where a process dies
 * after the server has taken an email and before that is written, it comes twice, and can be told by that.
 */
export class EmailSender implements NoticeSender<EmailMessage> {
  readonly #settings: CheckedEmailSettings;
  readonly #secrets: SecretSource;
  #transporter: Promise<Transporter> | null = null;

  constructor(settings: CheckedEmailSettings, secrets: SecretSource) {
    this.#settings = settings;
    this.#secrets = secrets;
  }

  /** @throws LmsError `SECRET_MISSING` */
  async send(message: EmailMessage, signal: AbortSignal): Promise<SendResult> {
    const { from, fromName = '', replyTo, timeoutMillis } = this.#settings;
    const domain = from.slice(from.lastIndexOf('@') + 1);
    this.#transporter ??= this.#open();
    const opened = this.#transporter;
    try {
      const transporter = await opened;
      const { response } = await transporter.sendMail({
        messageId: `<${message.id}@${domain}>`,
        from: { name: fromName, address: from },
        to: { name: '', address: message.to },
        ...(replyTo === undefined ? {} : { replyTo: { name: '', address: replyTo } }),
        subject: message.subject,
        text: message.text,
        ...(message.html === null ? {} : { html: message.html }),
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
        // A server that sends a byte now and then keeps no try for ever: the connection of one that takes too long is closed.
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMillis)]),
      });
      return { kind: 'sent', answer: `SMTP ${/^\d{3}/.exec(response ?? '')?.[0] ?? '250'}` };
    } catch (error) {
      const failure = failureOf(error);
      // What went wrong may lie in a connection that is kept, or in a password that was changed: the next try begins anew.
      if (failure === null || !(isOfMessage(failure) || failure.code === stopped)) this.#leave(opened);
      if (failure === null) throw error;
      return resultOf(failure);
    }
  }

  async close(): Promise<void> {
    const opened = this.#transporter;
    this.#transporter = null;
    await opened?.then(
      (transporter) => transporter.close(),
      () => undefined,
    );
  }

  /** What is under way with it goes on. */
  #leave(opened: Promise<Transporter>): void {
    if (this.#transporter === opened) this.#transporter = null;
    void opened.then(
      (transporter) => transporter.close(),
      () => undefined,
    );
  }

  async #open(): Promise<Transporter> {
    const { host, port, secure, user, password, authorities, connections, timeoutMillis } = this.#settings;
    const { allowInsecure = false } = this.#settings;
    const read = async (reference: SecretReference | undefined): Promise<string | undefined> =>
      reference === undefined ? undefined : this.#secrets.read(reference);
    const [pass, ca] = await Promise.all([read(password), read(authorities)]);
    const { default: nodemailer } = await import('nodemailer');
    const stepMillis = Math.min(10_000, timeoutMillis);
    return nodemailer.createTransport({
      ...{ pool: true, maxConnections: connections, host, port, secure },
      requireTLS: !allowInsecure,
      ignoreTLS: allowInsecure && !secure,
      ...(user === undefined || pass === undefined ? {} : { auth: { user, pass } }),
      tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
      ...{ dnsTimeout: stepMillis, connectionTimeout: stepMillis, greetingTimeout: stepMillis },
      socketTimeout: timeoutMillis,
    });
  }
}

/** Null for what no mail server has to do with. */
function failureOf(error: unknown): MailFailure | null {
  if (!(error instanceof Error)) return null;
  if (error.message === poolClosed) return { code: 'ECLOSED', status: null, command: null };
  if (!('code' in error) || !/^E[A-Z0-9_]+$/.test(String(error.code))) return null;
  const status = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null;
  const command = 'command' in error && typeof error.command === 'string' ? error.command : null;
  return { code: String(error.code), status, command };
}

/** Whether the server says something of the message or whom it is for, and not of itself. */
function isOfMessage({ status, command }: MailFailure): boolean {
  return status !== null && command !== null && commandsOfMessage.has(command);
}

/**
 * What the server says of the message is its last word where it begins with 5. Whatever else goes wrong, its login among it, may be mended
 * by somebody, and an email that comes twice does little harm.
 */
function resultOf({ code, status, command }: MailFailure): SendResult {
  const answer = status !== null ? `SMTP ${status}` : code === stopped ? 'ETIMEDOUT' : code;
  const isLast = status !== null && status >= 500 && isOfMessage({ code, status, command });
  return isLast ? { kind: 'refused', code: 'NOTICE_REFUSED', answer } : { kind: 'again', answer };
}
