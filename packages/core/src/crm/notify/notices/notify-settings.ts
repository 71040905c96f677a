import { z } from 'zod';
import { LmsError } from '../../../foundation/kernel/index.js';
import { isHeaderName, type SecretReference } from '../../../foundation/outbound/index.js';
import { hasStrayBraces, placeholdersOf } from './template-text.js';

/** The mail server that emails are given to. */
export interface EmailSettings {
  readonly host: string;
  /** 465 with TLS from the start, else 587. */
  readonly port?: number;
  /** TLS from the start (465) instead of by STARTTLS; true on port 465 when absent. */
  readonly secure?: boolean;
  /** Sends without any TLS: for a server on this machine. */
  readonly allowInsecure?: boolean;
  readonly user?: string;
  readonly password?: SecretReference;
  /** PEM of the authorities that are trusted instead of the machine's. */
  readonly authorities?: SecretReference;
  /** `no-reply@acme.example` */
  readonly from: string;
  readonly fromName?: string;
  readonly replyTo?: string;
  /** Connections at once in a process; 5. */
  readonly connections?: number;
  /** How long one try may take; 30,000. */
  readonly timeoutMillis?: number;
}

/**
 * How an SMS is given to a provider: a request to an outbound target, which has its address and its secrets. `query` and `body` may have `{{to}}`
 * (`+919000000001`), `{{toDigits}}`, `{{text}}`, `{{id}}`, `{{entityId}}`, `{{templateId}}`, `{{senderId}}` and `{{encoding}}` (`gsm-7` or
 * `ucs-2`).
 */
export interface SmsSettings {
  /** Name of the outbound target. */
  readonly target: string;
  /** Under its base URL. */
  readonly path: string;
  /** POST when absent. */
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How values are escaped in the body; `json` when absent. */
  readonly bodyKind?: 'json' | 'form';
  /** The provider knows a repeat by its idempotency key, so that one whose outcome is unknown may be sent again. */
  readonly knowsRepeats?: boolean;
  /** Of the principal entity (DLT), for templates that name none. */
  readonly entityId?: string;
  /** Messages that one text may be; 6. */
  readonly mostParts?: number;
}

/** By what people are told. What is left out is off. */
export interface NotifySettings {
  readonly email?: EmailSettings;
  readonly sms?: SmsSettings;
  /** Tries under way at once in a worker; 5. */
  readonly concurrency?: number;
  /** Tries before a notification has failed; 12. */
  readonly maxAttempts?: number;
  /** How long is remembered what was told to whom; 180. */
  readonly keptDays?: number;
  /** How long notices stay in inboxes, read or not; 90. */
  readonly inboxKeptDays?: number;
}

export type CheckedEmailSettings = EmailSettings &
  Required<Pick<EmailSettings, 'port' | 'secure' | 'connections' | 'timeoutMillis'>>;
export type CheckedSmsSettings = SmsSettings & Required<Pick<SmsSettings, 'method' | 'bodyKind' | 'mostParts'>>;

export interface CheckedNotifySettings extends Required<Omit<NotifySettings, 'email' | 'sms'>> {
  readonly email: CheckedEmailSettings | null;
  readonly sms: CheckedSmsSettings | null;
}

/** What the texts of {@link SmsSettings} may have in braces. */
const smsVariables = ['to', 'toDigits', 'text', 'id', 'entityId', 'templateId', 'senderId', 'encoding'] as const;

const secret: z.ZodType<SecretReference> = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);
/** Plain addresses: quoted forms have let mail go elsewhere than checked. */
const address = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$/, { error: 'expected an email address' });
const line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, { error: 'expected one line' });
const smsText = z
  .string()
  .max(10_000)
  .refine(hasKnownVariables, {
    error: `expected no other words in braces than ${smsVariables.join(', ')}`,
  });

const emailShape: z.ZodType<EmailSettings> = z
  .strictObject({
    host: z.string().min(1).max(253),
    port: z.int().min(1).max(65_535).exactOptional(),
    secure: z.boolean().exactOptional().describe('TLS from the start instead of by STARTTLS'),
    allowInsecure: z.boolean().exactOptional().describe('Sends without any TLS: for a server on this machine'),
    user: line.exactOptional(),
    password: secret.exactOptional(),
    authorities: secret.exactOptional().describe("PEM of the authorities that are trusted instead of the machine's"),
    from: address,
    fromName: line.exactOptional(),
    replyTo: address.exactOptional(),
    connections: z.int().min(1).max(50).exactOptional().describe('At once in a process; default 5'),
    timeoutMillis: z.int().min(100).max(120_000).exactOptional().describe('How long one try may take; default 30000'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    error: 'expected user and password together',
  });

const smsShape: z.ZodType<SmsSettings> = z
  .strictObject({
    target: z.string().min(1).max(64).describe('Name of an outbound target'),
    path: z
      .string()
      .regex(/^\/[^?#\\{}\p{Cc}]*$/u, { error: 'expected a path that begins with a slash and has no braces' }),
    method: z.enum(['GET', 'POST', 'PUT']).exactOptional(),
    query: z.record(z.string().min(1).max(100), smsText).exactOptional(),
    headers: z
      .record(
        z.string().refine(isHeaderName, { error: 'expected the name of a header in lower case that callers may set' }),
        z
          .string()
          .regex(/^[\x20-\x7e]*$/, { error: 'expected printable ASCII' })
          .refine((value) => !value.includes('{{'), {
            error: 'expected no words in braces: headers are sent as they are',
          }),
      )
      .exactOptional(),
    body: smsText.exactOptional(),
    bodyKind: z.enum(['json', 'form']).exactOptional(),
    knowsRepeats: z.boolean().exactOptional(),
    entityId: z
      .string()
      .regex(/^\d{6,25}$/)
      .exactOptional(),
    mostParts: z.int().min(1).max(20).exactOptional(),
  })
  .refine(({ method, body }) => method !== 'GET' || body === undefined, { error: 'GET has no body', path: ['body'] });

/** What settings may say, for configuration files and `createLms`. */
export const notifySettingsShape: z.ZodType<NotifySettings> = z.strictObject({
  email: emailShape.exactOptional().describe('The mail server that emails are given to'),
  sms: smsShape.exactOptional().describe('How an SMS is given to a provider'),
  concurrency: z.int().min(1).max(100).exactOptional().describe('Tries at once in a worker; default 5'),
  maxAttempts: z.int().min(1).max(50).exactOptional().describe('Tries before one has failed; default 12'),
  keptDays: z.int().min(1).max(3_650).exactOptional().describe('How long outcomes are remembered; default 180'),
  inboxKeptDays: z.int().min(1).max(3_650).exactOptional().describe('How long notices stay in inboxes; default 90'),
});

const defaults = { concurrency: 5, maxAttempts: 12, keptDays: 180, inboxKeptDays: 90 };
const startTlsPort = 587;
const tlsPort = 465;

/** @throws LmsError `CONFIG_INVALID`, which names each wrong place */
export function notifySettings(given: NotifySettings): CheckedNotifySettings {
  const checked = notifySettingsShape.safeParse(given);
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, code, message }) => ({
      path: ['notify', ...path.map(String)].join('.'),
      rule: code,
      message,
    }));
    throw LmsError.ofProblems('CONFIG_INVALID', 'the settings of notifications are wrong', problems);
  }
  const { email, sms, ...rest } = checked.data;
  return {
    ...defaults,
    ...rest,
    email: email === undefined ? null : checkedEmail(email),
    sms: sms === undefined ? null : { method: 'POST', bodyKind: 'json', mostParts: 6, ...sms },
  };
}

function checkedEmail(email: EmailSettings): CheckedEmailSettings {
  const port = email.port ?? (email.secure === true ? tlsPort : startTlsPort);
  const { secure = port === tlsPort, connections = 5, timeoutMillis = 30_000 } = email;
  return { ...email, port, secure, connections, timeoutMillis };
}

function hasKnownVariables(text: string): boolean {
  const known: ReadonlySet<string> = new Set(smsVariables);
  return (
    !hasStrayBraces(text) && placeholdersOf(text).every(({ name, fallback }) => known.has(name) && fallback === null)
  );
}
