import { z } from 'zod';
import { LmsError, quoted } from '../../kernel/index.js';

/** By what a person is reached. */
export const contactChannels = ['call', 'sms', 'email', 'whatsapp'] as const;
export type ContactChannel = (typeof contactChannels)[number];

/** What personal data may be used for when the person said yes. */
export interface ConsentPurpose {
  /** Such as `contact-by-call`. */
  readonly slug: string;
  readonly name: string;
  /** By what it reaches the person, so that a do-not-contact block of that channel stops it; `any` is stopped by a block of all alone. */
  readonly contact?: ContactChannel | 'any';
  /** True when a consent may be for one partner alone. */
  readonly perPartner?: boolean;
  /** How long a consent holds that does not say so itself; for ever when absent. */
  readonly holdsForDays?: number;
}

export interface ConsentSettings {
  /** Purposes besides the {@link defaultPurposes}; one with the slug of a default replaces it. */
  readonly purposes?: readonly ConsentPurpose[];
}

/** The purposes that every store knows. */
export const defaultPurposes: readonly ConsentPurpose[] = [
  { slug: 'contact-by-call', name: 'Calls', contact: 'call' },
  { slug: 'contact-by-sms', name: 'Text messages', contact: 'sms' },
  { slug: 'contact-by-email', name: 'Email', contact: 'email' },
  { slug: 'contact-by-whatsapp', name: 'WhatsApp messages', contact: 'whatsapp' },
  { slug: 'marketing', name: 'Offers that were not asked for', contact: 'any' },
  { slug: 'credit-bureau', name: 'Asking a credit bureau' },
  { slug: 'kyc', name: 'Checking identity' },
  { slug: 'share-with-partner', name: 'Passing the lead on to a partner', perPartner: true },
];

const mostPurposes = 200;
const mostDays = 36_500;

/** The strict shape of the settings. */
export const consentSettingsShape: z.ZodType<ConsentSettings> = z.strictObject({
  purposes: z
    .array(
      z.strictObject({
        slug: z
          .string()
          .max(64)
          .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, { error: 'expected a slug such as account-aggregator' }),
        name: z.string().trim().min(1).max(120),
        contact: z.enum([...contactChannels, 'any']).exactOptional(),
        perPartner: z.boolean().exactOptional(),
        holdsForDays: z.int().min(1).max(mostDays).exactOptional(),
      }),
    )
    .max(mostPurposes)
    .exactOptional(),
});

/** The purposes of a store, by slug. */
export class ConsentPurposes {
  readonly all: readonly ConsentPurpose[];
  readonly #bySlug: ReadonlyMap<string, ConsentPurpose>;

  /** @throws LmsError `CONFIG_INVALID` for settings that are none */
  constructor(settings: ConsentSettings = {}) {
    const { purposes = [] } = checkedSettings(settings);
    this.#bySlug = new Map([...defaultPurposes, ...purposes].map((purpose) => [purpose.slug, purpose]));
    this.all = [...this.#bySlug.values()];
  }

  /** @throws LmsError `CONSENT_PURPOSE_UNKNOWN` */
  get(slug: string): ConsentPurpose {
    const purpose = this.#bySlug.get(slug);
    if (purpose !== undefined) return purpose;
    throw new LmsError('CONSENT_PURPOSE_UNKNOWN', {
      message: `there is no purpose ${quoted(slug)}; there are ${[...this.#bySlug.keys()].join(', ')}`,
      path: 'purpose',
    });
  }
}

function checkedSettings(settings: ConsentSettings): ConsentSettings {
  const checked = consentSettingsShape.safeParse(settings);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, code, message }) => ({
    path: ['consents', ...path.map(String)].join('.'),
    rule: code,
    message,
  }));
  throw LmsError.ofProblems('CONFIG_INVALID', 'the purposes of consents are wrong', problems);
}
