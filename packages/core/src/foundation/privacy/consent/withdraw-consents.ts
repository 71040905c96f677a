import { type Actor, actorRef, LmsError, toInstant } from '../../kernel/index.js';
import type { Unit } from '../../persistence/index.js';
import { consentWithdrawn } from './consent-events.js';
import { mostDecisions } from './consent-gate.js';
import type { WithdrawalRequest } from './consent-input.js';
import type { ConsentPorts } from './consent-ports.js';
import type { ConsentPerson, ConsentStore, StoredConsent, StoredWithdrawal } from './consent-store.js';
import { isAbout, standingConsents } from './decide-consent.js';

/** What withdrawing stands on. */
export type WithdrawalPorts = Pick<ConsentPorts, 'consents' | 'dataKeys' | 'vault' | 'events' | 'clock' | 'ids'>;

interface Withdrawing {
  readonly actor: Actor;
  readonly person: ConsentPerson;
  readonly asked: WithdrawalRequest;
}

/**
 * Withdraws what stands for the person, and tells it, in the unit. With a partner, a consent for all partners goes on without that one.
 * @returns what was withdrawn
 * @throws LmsError `CONSENT_MISSING` when there never was anything to withdraw
 */
export async function withdrawConsents(
  ports: WithdrawalPorts,
  unit: Unit,
  { actor, person, asked }: Withdrawing,
): Promise<readonly StoredConsent[]> {
  const { consents, dataKeys, vault, events, clock, ids } = ports;
  const recorded = await consents.ofPerson(unit, person, asked.purpose, mostDecisions);
  const partner = asked.partner ?? null;
  if (!recorded.some((consent) => isAbout(consent, partner))) throw nothingToWithdraw(asked);
  const standing = standingConsents(recorded, person, partner);
  const subjects = standing.map((consent) => consent.person.subject.id);
  const keys = asked.reason === undefined ? null : await dataKeys.keysFor(null, person.subject.kind, subjects);
  const [now, by] = [toInstant(clock.now()), actorRef(actor)];
  const withdrawn: StoredConsent[] = [];
  for (const consent of standing) {
    const key = keys?.get(consent.person.subject.id);
    const sealedReason = key === undefined || asked.reason === undefined ? null : vault.seal(key, asked.reason);
    // The clock of who recorded it may have been ahead.
    const isAhead = consent.givenAt > now;
    const withdrawal = { at: isAhead ? consent.givenAt : now, by, source: asked.source, sealedReason };
    const ended =
      partner !== null && consent.partner === null
        ? await withoutPartner(consents, unit, {
            ...consent,
            ...{
              id: ids.next<'consent'>(),
              partner,
              withdrawal,
              recordedAt: now,
              recordedBy: by,
              sealedEvidence: null,
            },
          })
        : await withdrawnNow(consents, unit, consent, withdrawal);
    if (ended !== null) withdrawn.push(ended);
  }
  await events.record(
    unit,
    withdrawn.map((consent) => consentWithdrawn(consent, { actor, command: 'consents.withdraw' })),
  );
  return withdrawn;
}

/** null where somebody withdrew it at the same moment, who has told it. */
async function withdrawnNow(
  consents: ConsentStore,
  unit: Unit,
  consent: StoredConsent,
  withdrawal: StoredWithdrawal,
): Promise<StoredConsent | null> {
  const isNew = await consents.withdraw(unit, consent.id, withdrawal);
  return isNew ? { ...consent, withdrawal, version: consent.version + 1 } : null;
}

/** What a consent for all partners said of one, recorded as withdrawn; null where it is already. */
async function withoutPartner(consents: ConsentStore, unit: Unit, part: StoredConsent): Promise<StoredConsent | null> {
  return (await consents.insert(unit, part)) ? part : null;
}

function nothingToWithdraw({ purpose, partner }: WithdrawalRequest): LmsError {
  const forWhat = partner === undefined ? purpose : `${purpose} with ${partner}`;
  return new LmsError('CONSENT_MISSING', { message: `there is no consent for ${forWhat} to withdraw` });
}
