import { type Clock, type Instant, LmsError, toInstant } from '../../kernel/index.js';
import type { Unit } from '../../persistence/index.js';
import type { ConsentPurpose, ConsentPurposes } from './consent-purpose.js';
import type { ConsentPerson, ConsentStore, ContactBlockStore } from './consent-store.js';
import { type ConsentDecision, decideConsent } from './decide-consent.js';

/** What somebody wants to do with a person's data. */
export interface ConsentQuestion {
  /** Slug of a purpose. */
  readonly purpose: string;
  /** The partner it is shared with; of purposes that are for each partner alone. */
  readonly partner?: string | null;
  /** As it stood then; now when absent. */
  readonly at?: Instant;
}

export interface ConsentGatePorts {
  readonly consents: ConsentStore;
  readonly contactBlocks: ContactBlockStore;
  readonly purposes: ConsentPurposes;
  readonly clock: Clock;
}

/** Of a phone that many share, only the newest decisions are read. */
export const mostDecisions = 500;

/**
 * Whoever is about to use a person's data asks here first. It checks no permission: the caller acts for somebody who has it. What it
 * reads is what was committed when it read; a withdrawal that comes a moment later does not call back what was begun.
 */
export class ConsentGate {
  readonly #ports: ConsentGatePorts;

  constructor(ports: ConsentGatePorts) {
    this.#ports = ports;
  }

  /**
   * @param unit reads within an open unit of the ledger; null reads what is committed
   * @throws LmsError `CONSENT_PURPOSE_UNKNOWN`, `INPUT_INVALID` for a partner where the purpose is not for one
   */
  async check(person: ConsentPerson, question: ConsentQuestion, unit: Unit | null = null): Promise<ConsentDecision> {
    const { consents, contactBlocks, purposes, clock } = this.#ports;
    const purpose = purposes.get(question.purpose);
    const partner = partnerFor(purpose, question.partner ?? null);
    const found = await consents.ofPerson(unit, person, purpose.slug, mostDecisions);
    const blocks = purpose.contact === undefined ? [] : await contactBlocks.ofPerson(unit, person, mostDecisions);
    const at = question.at ?? toInstant(clock.now());
    return decideConsent({ person, purpose, partner, at, isNow: question.at === undefined, consents: found, blocks });
  }

  /**
   * As {@link check}, for callers that go on only when they may.
   * @throws LmsError `CONSENT_MISSING`, `CONSENT_WITHDRAWN`, `CONSENT_EXPIRED`, `CONTACT_BLOCKED`
   */
  async require(
    person: ConsentPerson,
    question: ConsentQuestion,
    unit: Unit | null = null,
  ): Promise<ConsentDecision & { readonly allowed: true }> {
    const decision = await this.check(person, question, unit);
    if (decision.allowed) return decision;
    const { code, message, purpose, partner, since } = decision;
    throw new LmsError(code, { message, details: { purpose, partner, since } });
  }
}

/** @throws LmsError `INPUT_INVALID` */
export function partnerFor(purpose: ConsentPurpose, partner: string | null): string | null {
  if (partner === null || purpose.perPartner === true) return partner;
  throw new LmsError('INPUT_INVALID', {
    message: `consents for ${purpose.slug} are not for one partner`,
    path: 'partner',
  });
}
