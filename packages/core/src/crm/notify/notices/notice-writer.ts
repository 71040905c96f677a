import type { User, UserStore } from '../../../foundation/access/index.js';
import { type BusinessTime, type ErrorCode, LmsError, systemActor } from '../../../foundation/kernel/index.js';
import type { ConsentGate, LookupHasher } from '../../../foundation/privacy/index.js';
import type { FieldSchemaEngine } from '../../fields/index.js';
import { consentPersonOf, type Lead, type LeadService } from '../../leads/index.js';
import type { PipelineReader } from '../../pipeline/index.js';
import {
  type NoticeBook,
  type NoticeChannel,
  type NoticeRule,
  type NoticeTemplate,
  plainEmail,
  plainPhone,
  templateFor,
} from './notice-book.js';
import type { NoticeMessage } from './notice-message.js';
import type { NotificationStore, StoredNotification } from './notification-store.js';
import { asItIs, forHtml, renderText, type TemplateValues } from './template-text.js';

export interface NoticeWriterPorts {
  readonly notifications: Pick<NotificationStore, 'book'>;
  readonly leads: Pick<LeadService, 'get'>;
  readonly schemas: Pick<FieldSchemaEngine, 'schema'>;
  readonly pipelines: Pick<PipelineReader, 'pipeline'>;
  readonly users: Pick<UserStore, 'get'>;
  readonly consents: ConsentGate;
  readonly hasher: LookupHasher;
  readonly time: BusinessTime;
}

/** What is to be sent, or why nothing is. */
export type WrittenNotice =
  | { readonly kind: 'ready'; readonly message: NoticeMessage; readonly language: string }
  | { readonly kind: 'suppressed'; readonly reason: ErrorCode };

/** Who is told, found. */
interface Addressee {
  readonly name: string | null;
  readonly address: string;
  /** The person behind the lead; its language goes first. */
  readonly isPerson: boolean;
}

/** In whose name leads are read for whoever is no user: it may see all of them, as they are. */
const writer = systemActor('notify');
const ofUsers = 'user:';
/** What users are told who may not read a lead. */
const hidden: ReadonlySet<ErrorCode> = new Set(['LEAD_NOT_FOUND', 'PERMISSION_DENIED', 'ACTOR_UNKNOWN']);
/** Published versions that are kept at hand: those that notifications go by before and after a publication. */
const mostBooks = 2;
const purposes: Readonly<Record<NoticeChannel, string>> = { email: 'contact-by-email', sms: 'contact-by-sms' };

/**
 * Finds whom a notification is for and what it says, from the lead as it is now: neither address nor text is kept anywhere before it is sent.
 * For a user the lead is read as that user sees it: who may not is not told, and who sees it masked is told so.
 */
export class NoticeWriter {
  readonly #ports: NoticeWriterPorts;
  readonly #books = new Map<number, NoticeBook>();

  constructor(ports: NoticeWriterPorts) {
    this.#ports = ports;
  }

  /** @throws LmsError `NOTICE_VARIABLE_MISSING`, `CONSENT_PURPOSE_UNKNOWN`, `STORE_*` */
  async write(notification: StoredNotification): Promise<WrittenNotice> {
    const { book, rule } = await this.#ruleOf(notification);
    const { channel, id, recipient, leadId: about } = notification;
    const user = recipient.startsWith(ofUsers)
      ? await this.#ports.users.get(null, recipient.slice(ofUsers.length))
      : undefined;
    if (user === null || user?.active === false) return { kind: 'suppressed', reason: 'NOTICE_RECIPIENT_GONE' };
    const lead = await this.#lead(about, user);
    if (typeof lead === 'string') return { kind: 'suppressed', reason: lead };
    const addressee = addresseeOf(notification, rule, { lead, user });
    if (typeof addressee === 'string') return { kind: 'suppressed', reason: addressee };
    if (addressee.isPerson) {
      const refusal = await this.#refusal(lead, rule, channel);
      if (refusal !== null) return { kind: 'suppressed', reason: refusal };
    }
    const wanted = addressee.isPerson ? languageOf(lead, rule) : null;
    const template = templateFor(book, rule, { channel, wanted });
    if (template === undefined) throw new LmsError('INTERNAL', { message: `the rule ${rule.name} has no template` });
    const values = await this.#values(notification, lead, addressee);
    const { language } = template;
    const leadId = addressee.isPerson ? lead.id : null;
    return { kind: 'ready', language, message: messageOf(template, values, { id, to: addressee.address, leadId }) };
  }

  async #ruleOf({
    bookVersion,
    rule: name,
  }: StoredNotification): Promise<{ readonly book: NoticeBook; readonly rule: NoticeRule }> {
    const book = await this.#book(bookVersion);
    const rule = book?.rules.find((each) => each.name === name);
    if (book === undefined || rule === undefined) {
      throw new LmsError('STORE_CORRUPT', { message: `version ${bookVersion} of the notices has no rule ${name}` });
    }
    return { book, rule };
  }

  /** A published version never changes. */
  async #book(version: number): Promise<NoticeBook | undefined> {
    const known = this.#books.get(version);
    if (known !== undefined) return known;
    const stored = await this.#ports.notifications.book(null, version);
    if (stored === null) return undefined;
    const [oldest] = this.#books.keys();
    if (oldest !== undefined && this.#books.size >= mostBooks) this.#books.delete(oldest);
    this.#books.set(version, stored.book);
    return stored.book;
  }

  /** The lead as a user sees it, or as it is; why not where nothing of it can be told. */
  async #lead(id: string, user: User | undefined): Promise<Lead | ErrorCode> {
    try {
      const lead = await this.#ports.leads.get(user === undefined ? writer : { kind: 'user', id: user.id }, id);
      return lead.erasedAt === null ? lead : 'NOTICE_RECIPIENT_GONE';
    } catch (error) {
      if (!LmsError.isInstance(error) || !hidden.has(error.code)) throw error;
      return user === undefined ? 'NOTICE_RECIPIENT_GONE' : error.code;
    }
  }

  /** Why the lead's person is not to be told; null when it may be. */
  async #refusal(lead: Lead, rule: NoticeRule, channel: NoticeChannel): Promise<ErrorCode | null> {
    const { schemas, hasher, consents } = this.#ports;
    const schema = await schemas.schema(lead.productLine, lead.schemaVersion);
    const person = consentPersonOf(lead, schema, hasher);
    const byChannel = await consents.check(person, { purpose: purposes[channel] });
    if (rule.purpose === undefined) return byChannel.allowed ? null : byChannel.code;
    // A block of the channel counts whatever the purpose is.
    if (!byChannel.allowed && byChannel.code === 'CONTACT_BLOCKED') return byChannel.code;
    const byPurpose = await consents.check(person, { purpose: rule.purpose });
    return byPurpose.allowed ? null : byPurpose.code;
  }

  async #values({ details }: StoredNotification, lead: Lead, { name, isPerson }: Addressee): Promise<TemplateValues> {
    const owner = lead.ownerId === null ? null : await this.#ports.users.get(null, lead.ownerId);
    const stageName = await this.#stageNames(lead);
    return new Map<string, string | null>([
      ['lead.id', lead.id],
      ['lead.number', lead.number],
      ['lead.line', lead.productLine],
      ['lead.stage', stageName(lead.stage)],
      ['person.name', lead.name],
      ['owner.name', owner?.name ?? null],
      ['recipient.name', isPerson ? lead.name : name],
      ['event.date', this.#ports.time.localDate(Date.parse(details.at))],
      ['stage.from', stageName(details.from)],
      ['stage.to', stageName(details.to)],
    ]);
  }

  /** As people call stages; one that the pipeline has no longer goes by its slug. */
  async #stageNames({ productLine }: Lead): Promise<(slug: string | undefined) => string | null> {
    const { stages } = await this.#ports.pipelines.pipeline(productLine);
    return (slug) => (slug === undefined ? null : (stages.find((stage) => stage.slug === slug)?.name ?? slug));
  }
}

/**
 * The message of a template.
 * @throws LmsError `NOTICE_VARIABLE_MISSING`
 */
export function messageOf(
  template: NoticeTemplate,
  values: TemplateValues,
  { id, to, leadId }: { readonly id: string; readonly to: string; readonly leadId: string | null },
): NoticeMessage {
  const text = renderText(template.text, values, asItIs);
  if (template.channel === 'sms') return { channel: 'sms', id, to, text, dlt: template.dlt, leadId };
  const { subject, html } = template;
  return {
    channel: 'email',
    ...{ id, to, text },
    subject: renderText(subject, values, asItIs),
    html: html === undefined ? null : renderText(html, values, forHtml),
  };
}

/** Whether something can be sent there: addresses in plain forms alone. */
export function isReachable(channel: NoticeChannel, address: string | null | undefined): address is string {
  if (address === null || address === undefined || address.length > 254) return false;
  return (channel === 'email' ? plainEmail : plainPhone).test(address);
}

/** Where it goes to, or why it cannot. */
function addresseeOf(
  { recipient, channel }: StoredNotification,
  { to }: NoticeRule,
  { lead, user }: { readonly lead: Lead; readonly user: User | undefined },
): Addressee | ErrorCode {
  const reached = (address: string | null | undefined, rest: Omit<Addressee, 'address'>): Addressee | ErrorCode =>
    isReachable(channel, address) ? { ...rest, address } : 'NOTICE_ADDRESS_MISSING';
  if (user !== undefined) return reached(channel === 'email' ? user.email : null, { name: user.name, isPerson: false });
  if (recipient === 'person') {
    if (lead.deletedAt !== null) return 'NOTICE_RECIPIENT_GONE';
    return reached(channel === 'email' ? lead.email : lead.phone, { name: lead.name, isPerson: true });
  }
  if (to.kind !== 'address') return 'NOTICE_RECIPIENT_GONE';
  return reached(channel === 'email' ? to.email : to.phone, { name: null, isPerson: false });
}

/** What the field of the rule says; null where it says no language. */
function languageOf({ values }: Lead, { languageField }: NoticeRule): string | null {
  const value = languageField === undefined ? undefined : values[languageField];
  return typeof value === 'string' ? value : null;
}
