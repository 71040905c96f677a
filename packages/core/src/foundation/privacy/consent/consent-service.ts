import { type Actor, checkInput, hasCode } from '../../kernel/index.js';
import type { UnitOptions } from '../../persistence/index.js';
import { type ConsentQuestion, partnerFor } from './consent-gate.js';
import {
  type ConsentListQuery,
  consentListShape,
  type NewConsent,
  newConsentShape,
  questionShape,
  type WithdrawalRequest,
  withdrawalShape,
} from './consent-input.js';
import type { ConsentPorts } from './consent-ports.js';
import { type Consent, consentReader, consentView } from './consent-view.js';
import type { ConsentDecision } from './decide-consent.js';
import { type ConsentWriteOptions, giveConsent, stopOf } from './give-consent.js';
import { tellOfLeads } from './told-of-leads.js';
import { withdrawConsents } from './withdraw-consents.js';

/** Consents, newest first. */
export interface ConsentPage {
  readonly consents: readonly Consent[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

const defaultLimit = 50;

/** What people allow: who, what for, by which words, since when and until when. A record never changes but that it is withdrawn. */
export class ConsentService {
  readonly #ports: ConsentPorts;

  constructor(ports: ConsentPorts) {
    this.#ports = ports;
  }

  /**
   * Records that a person said yes. Needs `consent.manage`. A consent of the same subject for the same purpose, partner and moment is
   * recorded once: the same again gives the one that is there.
   * @param lead id or number
   * @throws LmsError `CONSENT_WORDING_NOT_FOUND`, `CONSENT_PURPOSE_UNKNOWN`, `CONSENT_CONFLICT` when that moment has another consent,
   * `KEY_DESTROYED` for a subject that was erased, `INPUT_INVALID`, `LEAD_NOT_FOUND`, `PERMISSION_DENIED`, `IDEMPOTENCY_KEY_REUSED`
   */
  async give(actor: Actor, lead: string, input: NewConsent, options: ConsentWriteOptions = {}): Promise<Consent> {
    const found = await this.#ports.subjects.find(actor, 'consent.manage', lead);
    const given = checkInput(newConsentShape, input, 'the consent cannot be recorded');
    const stored = await giveConsent(this.#ports, { actor, found, given }, options);
    return consentView(stored, await consentReader(this.#ports, { actor, found }, [stored]));
  }

  /**
   * Takes back every consent for the purpose that counts for the person, also those given for another subject with the same phone and
   * email; where none counts, those of whoever has the same phone or email. With a partner a consent for all partners goes on without that
   * one, which a record of its own says. Needs `consent.manage`. Withdrawing again changes nothing. Of a withdrawal and a consent at the
   * same moment the withdrawal counts. Of a subject that was erased no reason is kept.
   * @returns what this call withdrew
   * @throws LmsError `CONSENT_MISSING` when there never was one, `CONSENT_PURPOSE_UNKNOWN`, `INPUT_INVALID`, `LEAD_NOT_FOUND`,
   * `PERMISSION_DENIED`; `READ_MODELS_BEHIND`, `STORE_UNAVAILABLE` where one may be under way that cannot be recorded now
   */
  async withdraw(
    actor: Actor,
    lead: string,
    request: WithdrawalRequest,
    options: UnitOptions = {},
  ): Promise<readonly Consent[]> {
    const found = await this.#ports.subjects.find(actor, 'consent.manage', lead);
    const asked = checkInput(withdrawalShape, request, 'the consent cannot be withdrawn');
    partnerFor(this.#ports.purposes.get(asked.purpose), asked.partner ?? null);
    const untold = await tellOfLeads(this.#ports);
    const withdrawn = this.#ports.unitOfWork.run(
      'ledger',
      (unit) => withdrawConsents(this.#ports, unit, { actor, person: found.person, asked }),
      stopOf(options),
    );
    const stored = await withdrawn.catch((error: unknown) => {
      throw untold !== undefined && hasCode(error, 'CONSENT_MISSING') ? untold : error;
    });
    const reader = await consentReader(this.#ports, { actor, found }, stored);
    return stored.map((consent) => consentView(consent, reader));
  }

  /** The consents given for one subject. Needs `consent.read`. @throws LmsError `LEAD_NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED` */
  async list(actor: Actor, lead: string, query: ConsentListQuery = {}): Promise<ConsentPage> {
    const found = await this.#ports.subjects.find(actor, 'consent.read', lead);
    const { limit = defaultLimit, ...rest } = checkInput(consentListShape, query, 'consents cannot be listed');
    const rows = await this.#ports.consents.list({ subject: found.person.subject, ...rest, limit: limit + 1 });
    const reader = await consentReader(this.#ports, { actor, found }, rows);
    const consents = rows.slice(0, limit).map((stored) => consentView(stored, reader));
    return { consents, next: rows.length > limit ? (consents.at(-1)?.id ?? null) : null };
  }

  /** Whether the person allows it, and what says so. Needs `consent.read`. @throws LmsError as {@link list}, `CONSENT_PURPOSE_UNKNOWN` */
  async check(actor: Actor, lead: string, question: ConsentQuestion): Promise<ConsentDecision> {
    const { person } = await this.#ports.subjects.find(actor, 'consent.read', lead);
    return this.#ports.gate.check(person, checkedQuestion(question));
  }

  /**
   * As {@link check}, for whoever goes on only when it is allowed.
   * @throws LmsError `CONSENT_MISSING`, `CONSENT_WITHDRAWN`, `CONSENT_EXPIRED`, `CONTACT_BLOCKED`, and as {@link check}
   */
  async require(
    actor: Actor,
    lead: string,
    question: ConsentQuestion,
  ): Promise<ConsentDecision & { readonly allowed: true }> {
    const { person } = await this.#ports.subjects.find(actor, 'consent.read', lead);
    return this.#ports.gate.require(person, checkedQuestion(question));
  }
}

function checkedQuestion(question: ConsentQuestion): ConsentQuestion {
  const { partner, ...rest } = question;
  return checkInput(
    questionShape,
    partner === null || partner === undefined ? rest : { ...rest, partner },
    'consent cannot be checked',
  );
}
