import { z } from 'zod';
import { type RoleName, roleNames } from '../../../foundation/access/index.js';
import { hasLength, lengthExpected, type QuietHours, timeOfDayShape, timeZoneShape } from '../preferences/index.js';
import { type NoticeEventType, noticeEventTypes } from './notice-events.js';

/** By what somebody is told who is reached outside. */
export const sentChannels = ['email', 'sms'] as const;
export type SentChannel = (typeof sentChannels)[number];
/** By what somebody is told; `in-app` is the inbox of a user. */
export const noticeChannels = [...sentChannels, 'in-app'] as const;
export type NoticeChannel = (typeof noticeChannels)[number];

interface TemplateHead {
  /** A slug; templates of one name are the same message by several channels and in several languages. */
  readonly name: string;
  /** Such as `en`, `hi` or `pt-BR`. */
  readonly language: string;
}

export interface EmailTemplate extends TemplateHead {
  readonly channel: 'email';
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** Values are escaped in it. */
  readonly html?: string;
}

/** By what an SMS is known to the operators of India (DLT, under TCCCPR 2018); numbers as they were given at registration. */
export interface DltRegistration {
  readonly templateId: string;
  /** The header it comes from. */
  readonly senderId: string;
  /** Of the principal entity; that of the settings when absent. */
  readonly entityId?: string;
}

export interface SmsTemplate extends TemplateHead {
  readonly channel: 'sms';
  readonly text: string;
  /** Null for a message that never goes to a number of India. */
  readonly dlt: DltRegistration | null;
}

/** A notice in the inbox of a user. What its words stand for is found when it is read, so each that may be missing has a fallback. */
export interface InAppTemplate extends TemplateHead {
  readonly channel: 'in-app';
  /** One line. */
  readonly title: string;
  readonly text: string;
}

export type SentTemplate = EmailTemplate | SmsTemplate;
export type NoticeTemplate = SentTemplate | InAppTemplate;

/** Whom a rule tells. */
export type NoticeRecipient =
  /** The person behind the lead. */
  | { readonly kind: 'person' }
  /** Whom `lead.assigned` gave the lead to; of other events who has it when they are handed out. Who may not see the lead is not told. */
  | { readonly kind: 'owner' }
  /** Active users, the first 500, who may see the lead. */
  | { readonly kind: 'role'; readonly role: RoleName }
  | { readonly kind: 'team'; readonly team: string }
  /** A post box or telephone of the business. It is kept in the clear: no place for a person's own. */
  | { readonly kind: 'address'; readonly email?: string; readonly phone?: string };

/** Who is told of which event, and by what. */
export interface NoticeRule {
  readonly name: string;
  readonly event: NoticeEventType;
  /** Only of leads of these lines; of all when absent. */
  readonly productLines?: readonly string[];
  /** Only moves into these stages; all moves when absent. Of `lead.stage_changed` alone. */
  readonly stages?: readonly string[];
  readonly to: NoticeRecipient;
  readonly channels: readonly NoticeChannel[];
  /** Name of the templates. */
  readonly template: string;
  /** The first of these in which there is a template is used; `en` alone when absent. */
  readonly languages?: readonly string[];
  /** The field of the lead that says which language comes before those. Only for its person. */
  readonly languageField?: string;
  /** What the lead's person must have consented to; `contact-by-email` or `contact-by-sms` when absent. Only for its person. */
  readonly purpose?: string;
  /** Users are told whatever they prefer. Only for users. */
  readonly mandatory?: boolean;
  /** It does not wait for the end of quiet hours. Not for `marketing`. */
  readonly urgent?: boolean;
}

/** When what goes by a channel waits. */
export interface ChannelQuietHours extends QuietHours {
  readonly channel: SentChannel;
  /** Only what rules of this purpose tell, instead of those that are for all; for all when absent. */
  readonly purpose?: string;
}

/** All templates and rules of a store: they are published together, and a published version never changes. */
export interface NoticeBook {
  readonly templates: readonly NoticeTemplate[];
  readonly rules: readonly NoticeRule[];
  /** None when absent. Those of a user come before them. */
  readonly quietHours?: readonly ChannelQuietHours[];
}

/** Quoted and other odd forms of addresses have let mail go elsewhere than it was checked for. */
export const plainEmail: RegExp = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;
export const plainPhone: RegExp = /^\+[1-9]\d{6,14}$/;
const slug = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, { error: 'expected a name such as lead-received' });
const language = z
  .string()
  .max(20)
  .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, { error: 'expected a language such as en or hi' });
const text = z.string().trim().min(1).max(20_000);
const oneLine = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, { error: 'expected one line' });
const digits = z.string().regex(/^\d{6,25}$/, { error: 'expected the number given at registration' });
const phone = z.string().regex(plainPhone, { error: 'expected a number such as +919000000001' });
const email = z.string().max(254).regex(plainEmail, { error: 'expected a plain email address' });
const some = (shape: z.ZodString): z.ZodType<readonly string[]> => z.array(shape).min(1).max(50);

const templateShape: z.ZodType<NoticeTemplate> = z.discriminatedUnion('channel', [
  z.strictObject({
    name: slug,
    language,
    channel: z.literal('email'),
    subject: oneLine,
    text,
    html: z.string().trim().min(1).max(200_000).exactOptional(),
  }),
  z.strictObject({
    name: slug,
    language,
    channel: z.literal('sms'),
    text: text.max(2_000),
    dlt: z
      .strictObject({
        templateId: digits,
        senderId: z.string().regex(/^[A-Za-z0-9-]{3,11}$/, { error: 'expected a header such as ACMELN' }),
        entityId: digits.exactOptional(),
      })
      .nullable(),
  }),
  z.strictObject({ name: slug, language, channel: z.literal('in-app'), title: oneLine, text: text.max(2_000) }),
]);

const quietHoursShape: z.ZodType<ChannelQuietHours> = z
  .strictObject({
    channel: z.enum(sentChannels),
    purpose: z.string().min(1).max(64).exactOptional(),
    from: timeOfDayShape,
    to: timeOfDayShape,
    timeZone: timeZoneShape.exactOptional(),
  })
  .refine(hasLength, { error: lengthExpected, path: ['to'] });

const recipientShape: z.ZodType<NoticeRecipient> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person') }),
  z.strictObject({ kind: z.literal('owner') }),
  z.strictObject({ kind: z.literal('role'), role: z.enum(roleNames) }),
  z.strictObject({ kind: z.literal('team'), team: slug }),
  z.strictObject({ kind: z.literal('address'), email: email.exactOptional(), phone: phone.exactOptional() }),
]);

/** The strict shape of a book; what its parts say of each other is checked when it is published. */
export const noticeBookShape: z.ZodType<NoticeBook> = z.strictObject({
  templates: z.array(templateShape).max(500),
  rules: z
    .array(
      z.strictObject({
        name: slug,
        event: z.enum(noticeEventTypes),
        productLines: some(slug).exactOptional(),
        stages: some(z.string().min(1).max(64)).exactOptional(),
        to: recipientShape,
        channels: z.array(z.enum(noticeChannels)).min(1).max(noticeChannels.length),
        template: slug,
        languages: some(language).exactOptional(),
        languageField: z.string().min(1).max(64).exactOptional(),
        purpose: z.string().min(1).max(64).exactOptional(),
        mandatory: z.boolean().exactOptional(),
        urgent: z.boolean().exactOptional(),
      }),
    )
    .max(200),
  quietHours: z.array(quietHoursShape).max(100).exactOptional(),
});

export const defaultLanguages: readonly string[] = ['en'];

/** Quiet hours of a rule on a channel: those of its purpose, else those for all. */
export function quietHoursOf(
  { quietHours = [] }: NoticeBook,
  rule: NoticeRule,
  channel: SentChannel,
): ChannelQuietHours | undefined {
  const ofChannel = quietHours.filter((hours) => hours.channel === channel);
  return (
    ofChannel.find(({ purpose }) => purpose !== undefined && purpose === rule.purpose) ??
    ofChannel.find(({ purpose }) => purpose === undefined)
  );
}

type TemplateOf<Channel extends NoticeChannel> = Extract<NoticeTemplate, { readonly channel: Channel }>;

/** The template of a rule for a channel: in the wanted language, else the first of the rule's. */
export function templateFor<Channel extends NoticeChannel>(
  { templates }: NoticeBook,
  rule: NoticeRule,
  { channel, wanted }: { readonly channel: Channel; readonly wanted: string | null },
): TemplateOf<Channel> | undefined {
  const languages = [
    ...(wanted === null ? [] : [wanted, plainLanguage(wanted)]),
    ...(rule.languages ?? defaultLanguages),
  ];
  for (const each of languages) {
    const found = templates.find(
      (template): template is TemplateOf<Channel> =>
        template.name === rule.template &&
        template.channel === channel &&
        template.language.toLowerCase() === each.toLowerCase(),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `hi` of `hi-IN`. */
function plainLanguage(tag: string): string {
  return tag.split('-')[0] ?? tag;
}
