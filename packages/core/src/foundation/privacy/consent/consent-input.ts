import { z } from 'zod';
import { cleanText, type Instant, instantShape } from '../../kernel/index.js';
import { contactChannels } from './consent-purpose.js';
import { type BlockedChannel, type ConsentSource, consentSources } from './consent-store.js';

/** What shows that the person said so; sealed at rest. */
export interface ConsentEvidence {
  readonly ipAddress?: string;
  /** What the sender of a one-time password calls it; never the password. */
  readonly otpReference?: string;
  /** Where the signed form or the recording is kept. */
  readonly document?: string;
  readonly note?: string;
}

/** A consent to record. */
export interface NewConsent {
  /** Slug of a purpose. */
  readonly purpose: string;
  /** The one partner it is for; only of purposes that are for each partner alone. */
  readonly partner?: string;
  /** Which data it is about; all that the purpose needs when absent. At most 100. */
  readonly dataItems?: readonly string[];
  /** The text that was shown: the newest of the language without a version. */
  readonly wording: { readonly language: string; readonly version?: number };
  readonly source: ConsentSource;
  /** When the person said so, not in the future; now when absent. */
  readonly givenAt?: Instant;
  /** From when on it no longer counts; as the purpose says when absent. */
  readonly expiresAt?: Instant;
  readonly evidence?: ConsentEvidence;
}

/** Which consents a person takes back. */
export interface WithdrawalRequest {
  readonly purpose: string;
  /** Only those for this partner; all for the purpose when absent. */
  readonly partner?: string;
  readonly source: ConsentSource;
  /** In words; sealed at rest. */
  readonly reason?: string;
}

export interface BlockRequest {
  readonly channel: BlockedChannel;
  readonly source: ConsentSource;
  /** In words; sealed at rest. */
  readonly reason?: string;
}

export interface NewWording {
  /** Slug of a purpose. */
  readonly purpose: string;
  /** BCP 47, such as `en` or `hi`. */
  readonly language: string;
  /** Kept exactly. At most 20,000 characters. */
  readonly text: string;
  /** The next of the purpose and language when absent. */
  readonly version?: number;
}

export interface ConsentListQuery {
  readonly purpose?: string;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 200; 50 when absent. */
  readonly limit?: number;
}

export interface WordingListQuery extends ConsentListQuery {
  readonly language?: string;
}

const slug = z
  .string()
  .max(64, { error: 'at most 64 characters' })
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, { error: 'expected small letters, digits and single hyphens' });

/** What is free text is cleaned and bounded. */
const words = (most: number): z.ZodType<string> =>
  z
    .string()
    .transform(cleanText)
    .pipe(
      z
        .string()
        .min(1, { error: 'expected text' })
        .max(most, { error: `at most ${most} characters` }),
    );

const language = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, { error: 'expected a language such as "en", "hi" or "en-IN"' });
const version = z.int({ error: 'expected a whole number' }).min(1).max(1_000_000);
const source = z.enum(consentSources, { error: `expected one of ${consentSources.join(', ')}` });
const pageKey = z.uuid({ error: 'expected what an earlier page gave as next' });
const limit = z.int().min(1).max(200);

export const newConsentShape: z.ZodType<NewConsent> = z.strictObject({
  purpose: slug,
  partner: slug.exactOptional(),
  dataItems: z
    .array(words(64))
    .max(100, { error: 'at most 100 data items' })
    .transform((items) => [...new Set(items)].sort())
    .exactOptional(),
  wording: z.strictObject({ language, version: version.exactOptional() }),
  source,
  givenAt: instantShape.exactOptional(),
  expiresAt: instantShape.exactOptional(),
  evidence: z
    .strictObject({
      ipAddress: words(64).exactOptional(),
      otpReference: words(200).exactOptional(),
      document: words(500).exactOptional(),
      note: words(2000).exactOptional(),
    })
    .exactOptional(),
});

export const withdrawalShape: z.ZodType<WithdrawalRequest> = z.strictObject({
  purpose: slug,
  partner: slug.exactOptional(),
  source,
  reason: words(2000).exactOptional(),
});

const blockedChannel = z.enum([...contactChannels, 'all'], {
  error: `expected one of ${[...contactChannels, 'all'].join(', ')}`,
});

export const blockShape: z.ZodType<BlockRequest> = z.strictObject({
  channel: blockedChannel,
  source,
  reason: words(2000).exactOptional(),
});

export const unblockShape: z.ZodType<{ readonly channel: BlockedChannel }> = z.strictObject({
  channel: blockedChannel,
});

export const newWordingShape: z.ZodType<NewWording> = z.strictObject({
  purpose: slug,
  language,
  text: z
    .string()
    .max(20_000, { error: 'at most 20,000 characters' })
    .refine((text) => text.trim() !== '', { error: 'expected text' }),
  version: version.exactOptional(),
});

export const questionShape: z.ZodType<{ readonly purpose: string; readonly partner?: string; readonly at?: Instant }> =
  z.strictObject({ purpose: slug, partner: slug.exactOptional(), at: instantShape.exactOptional() });

export const consentListShape: z.ZodType<ConsentListQuery> = z.strictObject({
  purpose: slug.exactOptional(),
  after: pageKey.exactOptional(),
  limit: limit.exactOptional(),
});

export const wordingListShape: z.ZodType<WordingListQuery> = z.strictObject({
  purpose: slug.exactOptional(),
  language: language.exactOptional(),
  after: pageKey.exactOptional(),
  limit: limit.exactOptional(),
});
