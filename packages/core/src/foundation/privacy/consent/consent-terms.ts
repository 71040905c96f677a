import { type Instant, LmsError, toInstant } from '../../kernel/index.js';
import { partnerFor } from './consent-gate.js';
import type { NewConsent } from './consent-input.js';
import type { ConsentPurposes } from './consent-purpose.js';
import type { AgreedWording, ConsentSource, ConsentWordingStore } from './consent-store.js';
import { wordingNotFound } from './consent-wordings.js';

/** What people say yes to, by which words and how: all of a consent but who says so, and when. Plain data. */
export interface ConsentTerms {
  readonly purpose: string;
  readonly partner: string | null;
  readonly dataItems: readonly string[];
  readonly wording: AgreedWording;
  readonly source: ConsentSource;
  /** How long a consent holds that does not say so itself; null for ever. */
  readonly holdsForDays: number | null;
}

/** A consent that somebody gave, before it is recorded. Plain data. */
export interface SaidConsent extends Omit<ConsentTerms, 'holdsForDays'> {
  readonly givenAt: Instant;
  readonly expiresAt: Instant | null;
}

export interface TermsPorts {
  readonly purposes: ConsentPurposes;
  readonly wordings: Pick<ConsentWordingStore, 'get' | 'newest'>;
}

/** What the terms of a consent are made of. */
export type AskedTerms = Pick<NewConsent, 'purpose' | 'partner' | 'dataItems' | 'wording' | 'source'>;

const dayMillis = 86_400_000;

/** @throws LmsError `CONSENT_PURPOSE_UNKNOWN`, `CONSENT_WORDING_NOT_FOUND`, `INPUT_INVALID` for a partner where the purpose is not for one */
export async function consentTerms({ purposes, wordings }: TermsPorts, asked: AskedTerms): Promise<ConsentTerms> {
  const purpose = purposes.get(asked.purpose);
  return {
    purpose: purpose.slug,
    partner: partnerFor(purpose, asked.partner ?? null),
    dataItems: asked.dataItems ?? [],
    wording: await wordingOf(wordings, asked),
    source: asked.source,
    holdsForDays: purpose.holdsForDays ?? null,
  };
}

/** @throws LmsError `INPUT_INVALID` for what was given in the future, or expires before it was given */
export function saidConsent(
  { holdsForDays, ...terms }: ConsentTerms,
  said: { readonly givenAt?: Instant | undefined; readonly expiresAt?: Instant | undefined },
  now: Instant,
): SaidConsent {
  const givenAt = said.givenAt ?? now;
  if (givenAt > now) throw wrong('givenAt', 'a consent cannot be given in the future');
  const expiresAt = said.expiresAt ?? expiryOf(holdsForDays, givenAt);
  if (expiresAt !== null && expiresAt <= givenAt) throw wrong('expiresAt', 'a consent expires after it was given');
  return { ...terms, givenAt, expiresAt };
}

/** Terms for many consents: each wording is looked up once. For one call, as texts are added. */
export class TermsReader {
  readonly #ports: TermsPorts;
  readonly #found: Map<string, Promise<ConsentTerms>> = new Map();

  constructor(ports: TermsPorts) {
    this.#ports = ports;
  }

  /** @throws LmsError as {@link consentTerms} */
  terms({ purpose, partner, dataItems, wording, source }: AskedTerms): Promise<ConsentTerms> {
    const name = JSON.stringify([purpose, partner, dataItems, wording.language, wording.version, source]);
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const asked = {
      ...{ purpose, wording, source },
      ...(partner === undefined ? {} : { partner }),
      ...(dataItems === undefined ? {} : { dataItems }),
    };
    const terms = consentTerms(this.#ports, asked);
    this.#found.set(name, terms);
    return terms;
  }
}

async function wordingOf(
  wordings: TermsPorts['wordings'],
  { purpose, wording: { language, version } }: AskedTerms,
): Promise<AgreedWording> {
  const found = await (version === undefined
    ? wordings.newest(null, purpose, language)
    : wordings.get(null, purpose, language, version));
  if (found === null) throw wordingNotFound(purpose, language, version);
  return { language, version: found.version, hash: found.hash };
}

function expiryOf(holdsForDays: number | null, givenAt: Instant): Instant | null {
  return holdsForDays === null ? null : toInstant(Date.parse(givenAt) + holdsForDays * dayMillis);
}

function wrong(path: string, message: string): LmsError {
  return new LmsError('INPUT_INVALID', { message, path });
}
