import type { User, UserStore } from '../../../foundation/access/index.js';
import {
  type BusinessTime,
  businessTime,
  type Clock,
  type ErrorCode,
  type Instant,
  LmsError,
  toInstant,
} from '../../../foundation/kernel/index.js';
import type { ConsentGate, LookupHasher } from '../../../foundation/privacy/index.js';
import type { FieldSchemaEngine } from '../../fields/index.js';
import { consentPersonOf, type Lead } from '../../leads/index.js';
import { isOff, type NoticePreferences, type PreferenceStore, quietUntil } from '../preferences/index.js';
import { type NoticeRule, quietHoursOf, type SentChannel, templateFor } from './notice-book.js';
import type { NoticeBooks, PublishedRule } from './notice-books.js';
import type { NoticeMessage } from './notice-message.js';
import { isReachable, messageOf } from './notice-text.js';
import type { StoredNotification } from './notification-store.js';
import type { ToldLead } from './told-lead.js';

export interface NoticeWriterPorts {
  readonly books: NoticeBooks;
  readonly told: ToldLead;
  readonly schemas: Pick<FieldSchemaEngine, 'schema'>;
  readonly users: Pick<UserStore, 'get'>;
  readonly preferences: Pick<PreferenceStore, 'get'>;
  readonly consents: ConsentGate;
  readonly hasher: LookupHasher;
  readonly time: BusinessTime;
  readonly clock: Clock;
}

/** What is to be sent, or why nothing is, or until when not. */
export type WrittenNotice =
  | { readonly kind: 'ready'; readonly message: NoticeMessage; readonly language: string }
  | { readonly kind: 'suppressed'; readonly reason: ErrorCode }
  | { readonly kind: 'held'; readonly until: Instant };

/** Who is told, found. */
interface Addressee {
  readonly name: string | null;
  readonly address: string;
  /** The person behind the lead; its language goes first. */
  readonly isPerson: boolean;
}

const ofUsers = 'user:';
/** Zones that are kept at hand. */
const mostZones = 50;
const purposes: Readonly<Record<SentChannel, string>> = { email: 'contact-by-email', sms: 'contact-by-sms' };

/**
 * Finds whom a notification is for and what it says, from the lead as it is now: neither address nor text is kept anywhere before it is sent.
 */
export class NoticeWriter {
  readonly #ports: NoticeWriterPorts;
  readonly #zones = new Map<string, BusinessTime>();

  constructor(ports: NoticeWriterPorts) {
    this.#ports = ports;
  }

  /** @throws LmsError `NOTICE_VARIABLE_MISSING`, `CONSENT_PURPOSE_UNKNOWN`, `TIME_ZONE_UNKNOWN`, `STORE_*` */
  async write(notification: StoredNotification): Promise<WrittenNotice> {
    const published = await this.#ports.books.ruleOf(notification);
    const { recipient } = notification;
    const user = recipient.startsWith(ofUsers)
      ? await this.#ports.users.get(null, recipient.slice(ofUsers.length))
      : undefined;
    if (user === null || user?.active === false) return { kind: 'suppressed', reason: 'NOTICE_RECIPIENT_GONE' };
    const preferences = user === undefined ? null : await this.#ports.preferences.get(null, user.id);
    if (preferences !== null && isSilenced(notification, published.rule, preferences)) {
      return { kind: 'suppressed', reason: 'NOTICE_PREFERENCE_OFF' };
    }
    const channel = sentBy(notification);
    const until = this.#heldUntil(channel, published, preferences);
    if (until !== null) return { kind: 'held', until };
    return this.#written(notification, published, { channel, user, preferences });
  }

  async #written(
    notification: StoredNotification,
    { book, rule }: PublishedRule,
    {
      channel,
      user,
      preferences,
    }: {
      readonly channel: SentChannel;
      readonly user: User | undefined;
      readonly preferences: NoticePreferences | null;
    },
  ): Promise<WrittenNotice> {
    const { told } = this.#ports;
    const { id, edition, leadId: about, details } = notification;
    const lead = await told.lead(about, user ?? null);
    if (typeof lead === 'string') return { kind: 'suppressed', reason: lead };
    const addressee = addresseeOf(notification, rule, { lead, user, channel });
    if (typeof addressee === 'string') return { kind: 'suppressed', reason: addressee };
    const { isPerson, address, name } = addressee;
    if (isPerson) {
      const refusal = await this.#refusal(lead, rule, channel);
      if (refusal !== null) return { kind: 'suppressed', reason: refusal };
    }
    const wanted = isPerson ? languageOf(lead, rule) : (preferences?.language ?? null);
    const template = templateFor(book, rule, { channel, wanted });
    if (template === undefined) throw new LmsError('INTERNAL', { message: `the rule ${rule.name} has no template` });
    const values = await told.values(lead, details, isPerson ? lead.name : name);
    const { language } = template;
    const key = edition === 1 ? id : `${id}-${edition}`;
    const message = messageOf(template, values, { id, key, to: address, leadId: isPerson ? lead.id : null });
    return { kind: 'ready', language, message };
  }

  /** A user's own quiet hours come before those that were published. */
  #heldUntil(
    channel: SentChannel,
    { book, rule }: PublishedRule,
    preferences: NoticePreferences | null,
  ): Instant | null {
    if (rule.urgent === true) return null;
    const hours = preferences?.quietHours ?? quietHoursOf(book, rule, channel);
    if (hours === undefined || hours === 'none') return null;
    const until = quietUntil(hours, this.#zone(hours.timeZone), this.#ports.clock.now());
    return until === null ? null : toInstant(until);
  }

  #zone(name: string | undefined): BusinessTime {
    if (name === undefined) return this.#ports.time;
    const known = this.#zones.get(name);
    if (known !== undefined) return known;
    const time = businessTime(name);
    if (this.#zones.size >= mostZones) this.#zones.clear();
    this.#zones.set(name, time);
    return time;
  }

  /** Why the lead's person is not to be told; null when it may be. */
  async #refusal(lead: Lead, rule: NoticeRule, channel: SentChannel): Promise<ErrorCode | null> {
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
}

/** Whether a user does not want to be told, and need not be. */
export function isSilenced(
  { channel, eventType }: Pick<StoredNotification, 'channel' | 'eventType'>,
  { name, mandatory }: NoticeRule,
  preferences: NoticePreferences,
): boolean {
  // Users have no phone.
  return mandatory !== true && channel !== 'sms' && isOff(preferences, { rule: name, eventType, channel });
}

function sentBy({ channel, id }: StoredNotification): SentChannel {
  if (channel !== 'in-app') return channel;
  throw new LmsError('INTERNAL', { message: `the notification ${id} is in an inbox, and not to be sent` });
}

/** Where it goes to, or why it cannot. */
function addresseeOf(
  { recipient }: StoredNotification,
  { to }: NoticeRule,
  { lead, user, channel }: { readonly lead: Lead; readonly user: User | undefined; readonly channel: SentChannel },
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
