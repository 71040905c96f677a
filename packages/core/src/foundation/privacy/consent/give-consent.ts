import { type Actor, actorRef, canonicalJson, type Json, LmsError, toInstant } from '../../kernel/index.js';
import {
  type CommandKey,
  commandKey,
  commandRecord,
  replayOf,
  type Unit,
  type UnitOptions,
} from '../../persistence/index.js';
import { consentGiven } from './consent-events.js';
import type { NewConsent } from './consent-input.js';
import type { ConsentPorts } from './consent-ports.js';
import type { StoredConsent } from './consent-store.js';
import type { FoundSubject } from './consent-subjects.js';
import { consentTerms, saidConsent } from './consent-terms.js';

/** What giving stands on. */
export type GivingPorts = Omit<ConsentPorts, 'subjects' | 'gate' | 'dataKeys' | 'catchUp'>;

export interface ConsentWriteOptions extends UnitOptions {
  /** The same key with the same request takes effect once within 24 hours. */
  readonly idempotencyKey?: string;
}

interface Giving {
  readonly actor: Actor;
  readonly found: FoundSubject;
  readonly given: NewConsent;
}

/**
 * Records what a person allowed, and tells it, in one unit.
 * @returns what is recorded: that of before for a repeat, and where the same was recorded already
 * @throws LmsError `CONSENT_WORDING_NOT_FOUND`, `CONSENT_PURPOSE_UNKNOWN`, `CONSENT_CONFLICT`, `KEY_DESTROYED`, `INPUT_INVALID`,
 * `IDEMPOTENCY_KEY_REUSED`
 */
export async function giveConsent(
  ports: GivingPorts,
  giving: Giving,
  { idempotencyKey, ...options }: ConsentWriteOptions,
): Promise<StoredConsent> {
  const key = idempotencyKey === undefined ? null : keyOf(ports, giving, idempotencyKey);
  // A repeat gets its reply also where the same could not be recorded any more.
  const before = key === null ? null : await recordedBefore(ports, null, key);
  if (before !== null) return before;
  const consent = await newConsent(ports, giving);
  const recording = { actor: giving.actor, consent, key };
  return ports.unitOfWork.run('ledger', (unit) => recordIn(ports, unit, recording), stopOf(options));
}

/** Of what a unit may be told, that it may be stopped. */
export function stopOf({ signal }: UnitOptions): UnitOptions {
  return signal === undefined ? {} : { signal };
}

async function newConsent(
  ports: GivingPorts,
  { actor, found: { person, key }, given }: Giving,
): Promise<StoredConsent> {
  const { clock, ids, vault } = ports;
  const { subject } = person;
  if (key === null) {
    throw new LmsError('KEY_DESTROYED', {
      message: `the personal data of ${subject.kind} ${subject.id} was erased; nothing is recorded for it any more`,
    });
  }
  const recordedAt = toInstant(clock.now());
  return {
    id: ids.next<'consent'>(),
    person,
    ...saidConsent(await consentTerms(ports, given), given, recordedAt),
    recordedAt,
    recordedBy: actorRef(actor),
    sealedEvidence: given.evidence === undefined ? null : vault.seal(key, JSON.stringify(given.evidence)),
    withdrawal: null,
    version: 1,
  };
}

interface Recording {
  readonly actor: Actor;
  readonly consent: StoredConsent;
  readonly key: CommandKey | null;
}

async function recordIn(ports: GivingPorts, unit: Unit, { actor, consent, key }: Recording): Promise<StoredConsent> {
  const { commands, consents, events, clock } = ports;
  const before = key === null ? null : await recordedBefore(ports, unit, key);
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
async function recordedBefore(ports: GivingPorts, unit: Unit | null, key: CommandKey): Promise<StoredConsent | null> {
  const { commands, consents, clock } = ports;
  const [record] = await commands.find(unit, 'ledger', key.scope, [key.key]);
  const replay = replayOf(key, record, clock);
  return replay === null ? null : consents.get(unit, replay.aggregateId);
}

/** The request may hold an address or a phone number, so what is kept of it is a keyed hash. */
function keyOf({ hasher }: GivingPorts, { actor, found, given }: Giving, idempotencyKey: string): CommandKey {
  const request = { subject: { ...found.person.subject }, given: jsonOf(given) };
  return commandKey(actorRef(actor), 'consents.give', idempotencyKey, hasher.hash('request', canonicalJson(request)));
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
