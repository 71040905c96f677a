import type { Actor } from '../../kernel/index.js';
import type { EventDraft } from '../../persistence/index.js';
import type { ConsentWording, StoredConsent, StoredContactBlock } from './consent-store.js';

interface Done {
  readonly actor: Actor;
  readonly command: string;
  /** What the ledger lacks to write the record, where it is told before it is written; nothing when absent. */
  readonly sealed?: string;
}

/** What the event of a giving is made of. */
type GivenConsent = Omit<StoredConsent, 'person' | 'recordedAt' | 'recordedBy' | 'sealedEvidence' | 'withdrawal'> & {
  readonly person: Pick<StoredConsent['person'], 'subject'>;
};

/** What the event of a block is made of. */
type MadeBlock = Pick<StoredContactBlock, 'id' | 'channel' | 'source' | 'version'> & {
  readonly person: Pick<StoredContactBlock['person'], 'subject'>;
};

export function consentGiven(consent: GivenConsent, done: Done): EventDraft {
  const { person, purpose, partner, dataItems, wording, source, givenAt, expiresAt } = consent;
  const data = { purpose, partner, dataItems, wording: { ...wording }, source, givenAt, expiresAt };
  return draft('consent.given', consent, { ...done, data: { subject: { ...person.subject }, ...data } });
}

export function consentWithdrawn(consent: StoredConsent, done: Done): EventDraft {
  const { person, purpose, partner, withdrawal } = consent;
  const data = { subject: { ...person.subject }, purpose, partner, source: withdrawal?.source ?? null };
  return draft('consent.withdrawn', consent, { ...done, data });
}

export function contactBlocked(block: MadeBlock, done: Done): EventDraft {
  const { person, channel, source } = block;
  return draft(
    'consent.blocked',
    block,
    { ...done, data: { subject: { ...person.subject }, channel, source } },
    'contact_block',
  );
}

export function contactUnblocked(block: StoredContactBlock, done: Done): EventDraft {
  const { person, channel } = block;
  return draft(
    'consent.unblocked',
    block,
    { ...done, data: { subject: { ...person.subject }, channel } },
    'contact_block',
  );
}

export function wordingAdded({ id, purpose, language, version, hash }: ConsentWording, done: Done): EventDraft {
  return draft(
    'consent.wording_added',
    { id, version: 1 },
    { ...done, data: { purpose, language, version, hash } },
    'consent_wording',
  );
}

/** Nothing personal is in the data: who it is about stands as an id. */
function draft(
  type: string,
  { id, version }: { readonly id: string; readonly version: number },
  { sealed = null, ...done }: Omit<Done, 'sealed'> & Pick<EventDraft, 'data'> & { readonly sealed?: string | null },
  kind = 'consent',
): EventDraft {
  return { type, typeVersion: 1, aggregate: { kind, id, version }, ...done, sealed };
}
