import type { Vault } from '../vault.js';
import type { ConsentEvidence } from './consent-input.js';
import type { StoredConsent, StoredContactBlock, StoredWithdrawal } from './consent-store.js';
import type { FoundSubject } from './consent-subjects.js';

/** Why evidence and reasons are there, or not: masked for who reads, erased with the subject, or never given. */
export type SealedDetails = 'shown' | 'masked' | 'erased' | 'none';

/** A consent as it is read. */
export interface Consent extends Omit<StoredConsent, 'person' | 'sealedEvidence' | 'withdrawal'> {
  readonly subject: StoredConsent['person']['subject'];
  readonly details: SealedDetails;
  readonly evidence: ConsentEvidence | null;
  readonly withdrawal: (Omit<StoredWithdrawal, 'sealedReason'> & { readonly reason: string | null }) | null;
}

/** A do-not-contact block as it is read. */
export interface ContactBlock extends Omit<StoredContactBlock, 'person' | 'sealedReason'> {
  readonly subject: StoredContactBlock['person']['subject'];
  readonly details: SealedDetails;
  readonly reason: string | null;
}

export function consentView(stored: StoredConsent, found: FoundSubject, vault: Vault): Consent {
  const { person, sealedEvidence, withdrawal, ...consent } = stored;
  const { details, open } = opener([sealedEvidence, withdrawal?.sealedReason ?? null], stored, found, vault);
  const evidence = open(sealedEvidence);
  return {
    ...consent,
    subject: person.subject,
    details,
    evidence: evidence === null ? null : JSON.parse(evidence),
    withdrawal:
      withdrawal === null
        ? null
        : { at: withdrawal.at, by: withdrawal.by, source: withdrawal.source, reason: open(withdrawal.sealedReason) },
  };
}

export function blockView(stored: StoredContactBlock, found: FoundSubject, vault: Vault): ContactBlock {
  const { person, sealedReason, ...block } = stored;
  const { details, open } = opener([sealedReason], stored, found, vault);
  return { ...block, subject: person.subject, details, reason: open(sealedReason) };
}

/** What was sealed for another subject of the same person stays closed: who reads may not see that one. */
function opener(
  sealed: readonly (string | null)[],
  { person }: Pick<StoredConsent, 'person'>,
  found: FoundSubject,
  vault: Vault,
): { readonly details: SealedDetails; readonly open: (envelope: string | null) => string | null } {
  const closed = (details: SealedDetails) => ({ details, open: () => null });
  if (sealed.every((envelope) => envelope === null)) return closed('none');
  const { key } = found;
  if (key === null) return closed('erased');
  if (found.masked || key.kind !== person.subject.kind || key.id !== person.subject.id) return closed('masked');
  return { details: 'shown', open: (envelope) => (envelope === null ? null : vault.open(key, envelope)) };
}
