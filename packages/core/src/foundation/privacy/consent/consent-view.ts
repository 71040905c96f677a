import type { Actor, ActorRef } from '../../kernel/index.js';
import type { Vault } from '../vault.js';
import type { ConsentEvidence } from './consent-input.js';
import type {
  ConsentPerson,
  ConsentSubject,
  StoredConsent,
  StoredContactBlock,
  StoredWithdrawal,
} from './consent-store.js';
import type { ConsentSubjects, FoundSubject } from './consent-subjects.js';

/** Why evidence and reasons are there, or not: masked for who reads, erased with the subject, or never given. */
export type SealedDetails = 'shown' | 'masked' | 'erased' | 'none';

/** A consent as it is read. */
export interface Consent extends Omit<StoredConsent, 'person' | 'recordedBy' | 'sealedEvidence' | 'withdrawal'> {
  /** null where it was given for another subject of the same person, which who reads may not see. */
  readonly subject: ConsentSubject | null;
  /** null where the subject is. */
  readonly recordedBy: ActorRef | null;
  readonly details: SealedDetails;
  readonly evidence: ConsentEvidence | null;
  readonly withdrawal: (Omit<StoredWithdrawal, 'sealedReason'> & { readonly reason: string | null }) | null;
}

/** A do-not-contact block as it is read. */
export interface ContactBlock extends Omit<StoredContactBlock, 'person' | 'blockedBy' | 'sealedReason'> {
  /** For whom it was made, where it can be lifted; null for another subject of the same person, which who reads may not see. */
  readonly subject: ConsentSubject | null;
  /** null where the subject is. */
  readonly blockedBy: ActorRef | null;
  readonly details: SealedDetails;
  readonly reason: string | null;
}

/** Who reads, and of which subjects it may see who they are. */
export interface ConsentReader {
  readonly found: FoundSubject;
  readonly vault: Vault;
  /** Ids of subjects. */
  readonly seen: ReadonlySet<string>;
}

/** The reader of records, which may be of other subjects than the one that was found. */
export async function consentReader(
  { subjects, vault }: { readonly subjects: ConsentSubjects; readonly vault: Vault },
  { actor, found }: { readonly actor: Actor; readonly found: FoundSubject },
  records: readonly { readonly person: ConsentPerson }[],
): Promise<ConsentReader> {
  const { id } = found.person.subject;
  const others = records.map(({ person }) => person.subject).filter((subject) => subject.id !== id);
  const seen = others.length === 0 ? [] : await subjects.seen(actor, others);
  return { found, vault, seen: new Set([id, ...seen]) };
}

export function consentView(stored: StoredConsent, { found, vault, seen }: ConsentReader): Consent {
  const { person, recordedBy, sealedEvidence, withdrawal, ...consent } = stored;
  const { details, open } = opener([sealedEvidence, withdrawal?.sealedReason ?? null], stored, found, vault);
  const isSeen = seen.has(person.subject.id);
  const evidence = open(sealedEvidence);
  return {
    ...consent,
    subject: isSeen ? person.subject : null,
    recordedBy: isSeen ? recordedBy : null,
    details,
    evidence: evidence === null ? null : JSON.parse(evidence),
    withdrawal:
      withdrawal === null
        ? null
        : { at: withdrawal.at, by: withdrawal.by, source: withdrawal.source, reason: open(withdrawal.sealedReason) },
  };
}

export function blockView(stored: StoredContactBlock, { found, vault, seen }: ConsentReader): ContactBlock {
  const { person, blockedBy, sealedReason, ...block } = stored;
  const { details, open } = opener([sealedReason], stored, found, vault);
  const who = seen.has(person.subject.id) ? { subject: person.subject, blockedBy } : { subject: null, blockedBy: null };
  return { ...block, ...who, details, reason: open(sealedReason) };
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
