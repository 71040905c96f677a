import type { UserStore } from '../../../foundation/access/index.js';
import { maskedRoles } from '../../../foundation/access/index.js';
import { type BusinessTime, type ErrorCode, hasCode, LmsError, systemActor } from '../../../foundation/kernel/index.js';
import { type ConsentGate, type LookupHasher, maskName } from '../../../foundation/privacy/index.js';
import type { FieldSchemaEngine } from '../../fields/index.js';
import { consentPersonOf, type Lead, type LeadService } from '../../leads/index.js';
import type { PipelineReader } from '../../pipeline/index.js';
import {
  type NoticeBook,
  type NoticeChannel,
  type NoticeRule,
  type NoticeTemplate,
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
  /** Sees personal data masked. */
  readonly masked: boolean;
}

/** In whose name leads are read: it may see all of them, as they are. */
const writer = systemActor('notify');
const purposes: Readonly<Record<NoticeChannel, string>> = { email: 'contact-by-email', sms: 'contact-by-sms' };
/** Quoted and other odd forms of addresses have let mail go elsewhere than it was checked for. */
const plainEmail = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;
const plainPhone = /^\+[1-9]\d{6,14}$/;

/**
 * Finds whom a notification is for and what it says, from the lead as it is now: neither address nor text is kept anywhere before it is sent.
 */
export class NoticeWriter {
  readonly #ports: NoticeWriterPorts;

  constructor(ports: NoticeWriterPorts) {
    this.#ports = ports;
  }

  /** @throws LmsError `NOTICE_VARIABLE_MISSING`, `CONSENT_PURPOSE_UNKNOWN`, `STORE_*` */
  async write(notification: StoredNotification): Promise<WrittenNotice> {
    const { book, rule } = await this.#ruleOf(notification);
    const lead = await this.#lead(notification.leadId);
    if (lead === null) return { kind: 'suppressed', reason: 'NOTICE_RECIPIENT_GONE' };
    const addressee = await this.#addressee(notification, rule, lead);
    if (!isAddressee(addressee)) return { kind: 'suppressed', reason: addressee };
    const { channel, id } = notification;
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
    const stored = await this.#ports.notifications.book(null, bookVersion);
    const rule = stored?.book.rules.find((each) => each.name === name);
    if (stored === null || rule === undefined) {
      throw new LmsError('STORE_CORRUPT', { message: `version ${bookVersion} of the notices has no rule ${name}` });
    }
    return { book: stored.book, rule };
  }

  /** Null where nothing is left that could be told of it. */
  async #lead(id: string): Promise<Lead | null> {
    try {
      const lead = await this.#ports.leads.get(writer, id);
      return lead.erasedAt === null ? lead : null;
    } catch (error) {
      if (hasCode(error, 'LEAD_NOT_FOUND')) return null;
      throw error;
    }
  }

  async #addressee(
    { recipient, channel }: StoredNotification,
    { to }: NoticeRule,
    lead: Lead,
  ): Promise<Addressee | ErrorCode> {
    const reached = (address: string | null | undefined, rest: Omit<Addressee, 'address'>): Addressee | ErrorCode =>
      isReachable(channel, address) ? { ...rest, address } : 'NOTICE_ADDRESS_MISSING';
    if (recipient === 'person') {
      if (lead.deletedAt !== null) return 'NOTICE_RECIPIENT_GONE';
      const address = channel === 'email' ? lead.email : lead.phone;
      return reached(address, { name: lead.name, isPerson: true, masked: false });
    }
    if (recipient === 'address') {
      if (to.kind !== 'address') return 'NOTICE_RECIPIENT_GONE';
      const address = channel === 'email' ? to.email : to.phone;
      return reached(address, { name: null, isPerson: false, masked: false });
    }
    const user = await this.#ports.users.get(null, recipient.slice('user:'.length));
    if (user?.active !== true) return 'NOTICE_RECIPIENT_GONE';
    const masked = user.roles.every((role) => maskedRoles.has(role));
    return reached(channel === 'email' ? user.email : null, { name: user.name, isPerson: false, masked });
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

  async #values(
    { details }: StoredNotification,
    lead: Lead,
    { name, isPerson, masked }: Addressee,
  ): Promise<TemplateValues> {
    const owner = lead.ownerId === null ? null : await this.#ports.users.get(null, lead.ownerId);
    const stageName = await this.#stageNames(lead);
    const personName = lead.name !== null && masked ? maskName(lead.name) : lead.name;
    return new Map<string, string | null>([
      ['lead.id', lead.id],
      ['lead.number', lead.number],
      ['lead.line', lead.productLine],
      ['lead.stage', stageName(lead.stage)],
      ['person.name', personName],
      ['owner.name', owner?.name ?? null],
      ['recipient.name', isPerson ? personName : name],
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

function isAddressee(found: Addressee | ErrorCode): found is Addressee {
  return typeof found !== 'string';
}

/** What the field of the rule says; null where it says no language. */
function languageOf({ values }: Lead, { languageField }: NoticeRule): string | null {
  const value = languageField === undefined ? undefined : values[languageField];
  return typeof value === 'string' ? value : null;
}
