import {
  type Actor,
  actorRef,
  canonicalJson,
  checkInput,
  type Instant,
  type Json,
  LmsError,
  toInstant,
} from '../../kernel/index.js';
import {
  type CommandKey,
  commandKey,
  commandRecord,
  replayOf,
  type Unit,
  type UnitOptions,
} from '../../persistence/index.js';
import { consentGiven } from './consent-events.js';
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
import type { ConsentPurpose } from './consent-purpose.js';
import type { AgreedWording, StoredConsent } from './consent-store.js';
import type { FoundSubject } from './consent-subjects.js';
import { type Consent, consentReader, consentView } from './consent-view.js';
import { wordingNotFound } from './consent-wordings.js';
import type { ConsentDecision } from './decide-consent.js';
import { withdrawConsents } from './withdraw-consents.js';

export interface ConsentWriteOptions extends UnitOptions {
  /** The same key with the same request takes effect once within 24 hours. */
  readonly idempotencyKey?: string;
}

/** Consents, newest first. */
export interface ConsentPage {
  readonly consents: readonly Consent[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

const defaultLimit = 50;
const dayMillis = 86_400_000;

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
    const key = this.#keyOf(actor, 'consents.give', options, {
      subject: { ...found.person.subject },
      given: jsonOf(given),
    });
    // A repeat gets its reply also where the same could not be recorded any more.
    const stored =
      (key && (await this.#before(null, key))) ?? (await this.#giveNew(actor, found, { given, key, options }));
    return consentView(stored, await consentReader(this.#ports, { actor, found }, [stored]));
  }

  /**
   * Takes back every consent for the purpose that counts for the person, also those given for another subject with the same phone and
   * email; where none counts, those of whoever has the same phone or email. With a partner a consent for all partners goes on without that
   * one, which a record of its own says. Needs `consent.manage`. Withdrawing again changes nothing. Of a withdrawal and a consent at the
   * same moment the withdrawal counts. Of a subject that was erased no reason is kept.
   * @returns what this call withdrew
   * @throws LmsError `CONSENT_MISSING` when there never was one, `CONSENT_PURPOSE_UNKNOWN`, `INPUT_INVALID`, `LEAD_NOT_FOUND`,
   * `PERMISSION_DENIED`
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
    const stored = await this.#ports.unitOfWork.run(
      'ledger',
      (unit) => withdrawConsents(this.#ports, unit, { actor, person: found.person, asked }),
      stopOf(options),
    );
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

  async #giveNew(
    actor: Actor,
    found: FoundSubject,
    {
      given,
      key,
      options,
    }: { readonly given: NewConsent; readonly key: CommandKey | null; readonly options: UnitOptions },
  ): Promise<StoredConsent> {
    const consent = await this.#newConsent(actor, found, given);
    return this.#ports.unitOfWork.run('ledger', (unit) => this.#giveIn(unit, actor, consent, key), stopOf(options));
  }

  async #newConsent(actor: Actor, { person, key }: FoundSubject, given: NewConsent): Promise<StoredConsent> {
    const { purposes, clock, ids, vault } = this.#ports;
    const { subject } = person;
    if (key === null) {
      throw new LmsError('KEY_DESTROYED', {
        message: `the personal data of ${subject.kind} ${subject.id} was erased; nothing is recorded for it any more`,
      });
    }
    const purpose = purposes.get(given.purpose);
    const recordedAt = toInstant(clock.now());
    const givenAt = given.givenAt ?? recordedAt;
    if (givenAt > recordedAt) throw wrong('givenAt', 'a consent cannot be given in the future');
    const expiresAt = given.expiresAt ?? expiryOf(purpose, givenAt);
    if (expiresAt !== null && expiresAt <= givenAt) throw wrong('expiresAt', 'a consent expires after it was given');
    return {
      id: ids.next<'consent'>(),
      person,
      purpose: purpose.slug,
      partner: partnerFor(purpose, given.partner ?? null),
      dataItems: given.dataItems ?? [],
      wording: await this.#wordingOf(given),
      source: given.source,
      givenAt,
      expiresAt,
      recordedAt,
      recordedBy: actorRef(actor),
      sealedEvidence: given.evidence === undefined ? null : vault.seal(key, JSON.stringify(given.evidence)),
      withdrawal: null,
      version: 1,
    };
  }

  async #wordingOf({ purpose, wording }: NewConsent): Promise<AgreedWording> {
    const { wordings } = this.#ports;
    const { language, version } = wording;
    const found = await (version === undefined
      ? wordings.newest(null, purpose, language)
      : wordings.get(null, purpose, language, version));
    if (found === null) throw wordingNotFound(purpose, language, version);
    return { language, version: found.version, hash: found.hash };
  }

  async #giveIn(unit: Unit, actor: Actor, consent: StoredConsent, key: CommandKey | null): Promise<StoredConsent> {
    const { commands, consents, events, clock } = this.#ports;
    const before = key === null ? null : await this.#before(unit, key);
    if (before !== null) return before;
    const { person, purpose, partner, givenAt } = consent;
    let kept = consent;
    if (await consents.insert(unit, consent)) {
      await events.record(unit, [consentGiven(consent, { actor, command: 'consents.give' })]);
    } else {
      const there = await consents.givenAt(unit, { subject: person.subject, purpose, partner, givenAt });
      if (there === null || !isSameConsent(there, consent)) throw conflict(consent);
      kept = there;
    }
    if (key !== null) {
      const { id, version } = kept;
      await commands.record(unit, [commandRecord(key, { kind: 'consent', id, version }, clock)]);
    }
    return kept;
  }

  /** What an earlier call with the key recorded. */
  async #before(unit: Unit | null, key: CommandKey): Promise<StoredConsent | null> {
    const { commands, consents, clock } = this.#ports;
    const [record] = await commands.find(unit, 'ledger', key.scope, [key.key]);
    const replay = replayOf(key, record, clock);
    return replay === null ? null : consents.get(unit, replay.aggregateId);
  }

  /** The request may hold an address or a phone number, so what is kept of it is a keyed hash. */
  #keyOf(actor: Actor, operation: string, { idempotencyKey }: ConsentWriteOptions, request: Json): CommandKey | null {
    if (idempotencyKey === undefined) return null;
    const asked = this.#ports.hasher.hash('request', canonicalJson(request));
    return commandKey(actorRef(actor), operation, idempotencyKey, asked);
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

function stopOf({ signal }: UnitOptions): UnitOptions {
  return signal === undefined ? {} : { signal };
}

function expiryOf({ holdsForDays }: ConsentPurpose, givenAt: Instant): Instant | null {
  return holdsForDays === undefined ? null : toInstant(Date.parse(givenAt) + holdsForDays * dayMillis);
}

/** All but who recorded it when, and the envelope, which no two have the same. */
function isSameConsent(one: StoredConsent, other: StoredConsent): boolean {
  const said = ({ dataItems, wording, source, expiresAt }: StoredConsent): string =>
    canonicalJson({ dataItems, wording: { ...wording }, source, expiresAt });
  return said(one) === said(other);
}

function jsonOf({ wording, evidence, dataItems, ...rest }: NewConsent): Json {
  return {
    ...rest,
    wording: { ...wording },
    ...(dataItems === undefined ? {} : { dataItems }),
    ...(evidence === undefined ? {} : { evidence: { ...evidence } }),
  };
}

function conflict({ purpose, givenAt }: StoredConsent): LmsError {
  return new LmsError('CONSENT_CONFLICT', {
    message: `another consent for ${purpose} was recorded as given at ${givenAt}; give this one the moment it was given`,
    path: 'givenAt',
  });
}

function wrong(path: string, message: string): LmsError {
  return new LmsError('INPUT_INVALID', { message, path });
}
