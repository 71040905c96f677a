import type { Instant } from '../../kernel/index.js';
import type { ConsentPurpose } from './consent-purpose.js';
import type { AgreedWording, ConsentPerson, StoredConsent, StoredContactBlock } from './consent-store.js';

/** Why something may not be done with a person's data. They are error codes too. */
export type ConsentRefusal = 'CONSENT_MISSING' | 'CONSENT_WITHDRAWN' | 'CONSENT_EXPIRED' | 'CONTACT_BLOCKED';

/** Whether the person's data may be used for a purpose, and what says so. */
export type ConsentDecision =
  | {
      readonly allowed: true;
      readonly purpose: string;
      readonly partner: string | null;
      /** The consent that allows it. */
      readonly consentId: string;
      readonly wording: AgreedWording;
      readonly givenAt: Instant;
      readonly expiresAt: Instant | null;
    }
  | {
      readonly allowed: false;
      readonly purpose: string;
      readonly partner: string | null;
      readonly code: ConsentRefusal;
      /** What is wrong and what to do; no personal data. */
      readonly message: string;
      /** Since when; null when there never was a consent. */
      readonly since: Instant | null;
    };

export interface ConsentCase {
  readonly person: ConsentPerson;
  readonly purpose: ConsentPurpose;
  readonly partner: string | null;
  readonly at: Instant;
  /** Whether it is asked for now: then what forbids counts also where the clock of who recorded it is ahead. */
  readonly isNow: boolean;
  /** Of the purpose; of the subject and of whoever shares its phone or email. */
  readonly consents: readonly StoredConsent[];
  readonly blocks: readonly StoredContactBlock[];
}

/**
 * Decides from what was recorded. A block beats every consent. A consent counts while it is not withdrawn itself, has not expired, and was
 * given after the last withdrawal of the same person for the purpose: a withdrawal of any one consent ends those before it. Pure.
 */
export function decideConsent(asked: ConsentCase): ConsentDecision {
  const { purpose, partner, at, isNow, person } = asked;
  const refused = (code: ConsentRefusal, message: string, since: Instant | null): ConsentDecision => ({
    allowed: false,
    purpose: purpose.slug,
    partner,
    code,
    message,
    since,
  });
  const block = standingBlock(asked);
  if (block !== undefined) {
    const channel = block.channel === 'all' ? 'at all' : `by ${block.channel}`;
    return refused('CONTACT_BLOCKED', `the person must not be contacted ${channel}`, block.blockedAt);
  }
  const about = asked.consents.filter((consent) => consent.partner === null || consent.partner === partner);
  const endOf = ({ withdrawal }: StoredConsent): Instant | null =>
    withdrawal !== null && (isNow || withdrawal.at <= at) ? withdrawal.at : null;
  const forWhat = partner === null ? purpose.slug : `${purpose.slug} with ${partner}`;
  const given = about.filter(
    (consent) => consent.givenAt <= at && endOf(consent) === null && isOfSamePerson(consent.person, person),
  );
  const withdrawnAt = about.reduce<Instant | null>((latest, consent) => {
    const end = endOf(consent);
    return end === null || (latest !== null && latest >= end) ? latest : end;
  }, null);
  const later = given.filter(({ givenAt }) => withdrawnAt === null || givenAt > withdrawnAt);
  const holding = later.filter(({ expiresAt }) => expiresAt === null || expiresAt > at);
  const best = longest(holding);
  if (best !== undefined) {
    return {
      allowed: true,
      purpose: purpose.slug,
      partner,
      consentId: best.id,
      wording: best.wording,
      givenAt: best.givenAt,
      expiresAt: best.expiresAt,
    };
  }
  const expired = longest(later);
  if (expired !== undefined) {
    return refused(
      'CONSENT_EXPIRED',
      `the consent for ${forWhat} has expired; ask for it again`,
      expired.expiresAt ?? null,
    );
  }
  if (withdrawnAt !== null) {
    return refused('CONSENT_WITHDRAWN', `the consent for ${forWhat} was withdrawn`, withdrawnAt);
  }
  return refused('CONSENT_MISSING', `there is no consent for ${forWhat}; ask for it and record it`, null);
}

/**
 * What a withdrawal ends: the consents that allow the purpose to the person; where there is none, those of whoever has the same phone or
 * email. With a partner also those that are for all partners.
 */
export function standingConsents(
  consents: readonly StoredConsent[],
  person: ConsentPerson,
  partner: string | null,
): readonly StoredConsent[] {
  const standing = consents.filter((consent) => consent.withdrawal === null && isAbout(consent, partner));
  const own = standing.filter((consent) => isOfSamePerson(consent.person, person));
  return own.length > 0 ? own : standing;
}

/** Whether the consent is for the partner, alone or among all; each is where no partner is named. */
export function isAbout(consent: StoredConsent, partner: string | null): boolean {
  return partner === null || consent.partner === null || consent.partner === partner;
}

/**
 * What permits needs more likeness than what forbids: a consent given for another subject counts where phone or email are the same and
 * neither differs; a withdrawal or a block already where one is the same.
 */
function isOfSamePerson(one: ConsentPerson, other: ConsentPerson): boolean {
  if (one.subject.kind === other.subject.kind && one.subject.id === other.subject.id) return true;
  const pairs = [
    [one.phoneHash, other.phoneHash],
    [one.emailHash, other.emailHash],
  ].filter(([left, right]) => left !== null && right !== null);
  return pairs.length > 0 && pairs.every(([left, right]) => left === right);
}

function standingBlock({ purpose, blocks, at, isNow }: ConsentCase): StoredContactBlock | undefined {
  const { contact } = purpose;
  if (contact === undefined) return undefined;
  return blocks.find(
    ({ channel, blockedAt, liftedAt }) =>
      (channel === 'all' || channel === contact) && (isNow || blockedAt <= at) && (liftedAt === null || liftedAt > at),
  );
}

/** The one that holds longest; of those that hold equally long the newest. */
function longest(consents: readonly StoredConsent[]): StoredConsent | undefined {
  const forEver = '9999';
  return [...consents].sort((left, right) => {
    const [one, other] = [left.expiresAt ?? forEver, right.expiresAt ?? forEver];
    if (one !== other) return one < other ? 1 : -1;
    return left.givenAt === right.givenAt ? (left.id < right.id ? 1 : -1) : left.givenAt < right.givenAt ? 1 : -1;
  })[0];
}
