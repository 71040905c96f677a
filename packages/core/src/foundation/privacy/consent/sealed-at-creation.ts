import type { Actor, IdSource } from '../../kernel/index.js';
import type { Carried, EventDraft } from '../../persistence/index.js';
import type { LookupHasher } from '../lookup-hasher.js';
import type { DataKey, Vault } from '../vault.js';
import { consentGiven, contactBlocked } from './consent-events.js';
import type { BlockRequest } from './consent-input.js';
import { consentPerson, type KnownBy } from './consent-person.js';
import type { ConsentPerson } from './consent-store.js';
import type { SaidConsent } from './consent-terms.js';
import type { SaidAtCreation } from './said-at-creation.js';

/** What an event tells the ledger of a record that is not written yet, under the data key of the subject. */
export interface ToldPerson extends KnownBy {
  /** JSON of the evidence, or the reason. */
  readonly details: string | null;
}

/** How a record is told, and what of it rests sealed. */
interface Sealed {
  /** Of the record. */
  readonly id: string;
  /** {@link ToldPerson}, sealed. */
  readonly told: string;
  /** Evidence or reason, sealed. */
  readonly details: string | null;
}

/** What a person said while the subject was made, ready to be recorded. Plain data: it may come from another thread. */
export interface SealedAtCreation {
  readonly person: ConsentPerson;
  readonly consents: readonly (SaidConsent & Sealed)[];
  readonly blocks: readonly (Omit<BlockRequest, 'reason'> & Sealed)[];
}

/** What a record needs besides its event, carried by the command that tells it. */
export interface CarriedRecord {
  readonly person: ConsentPerson;
  readonly sealedDetails: string | null;
}

/** Seals what is said with a new subject, under the data key of that subject. */
export function sealAtCreation(
  said: SaidAtCreation,
  { key, known }: { readonly key: DataKey; readonly known: KnownBy },
  { vault, hasher, ids }: { readonly vault: Vault; readonly hasher: LookupHasher; readonly ids: IdSource },
): SealedAtCreation {
  const { kind, id } = key;
  const { phone, email } = known;
  const sealed = (details: string | null): Omit<Sealed, 'id'> => ({
    told: vault.seal(key, JSON.stringify({ phone, email, details } satisfies ToldPerson)),
    details: details === null ? null : vault.seal(key, details),
  });
  return {
    person: consentPerson({ kind, id }, known, hasher),
    consents: said.consents.map(({ evidence, ...consent }) => ({
      ...consent,
      id: ids.next<'consent'>(),
      ...sealed(evidence === null ? null : JSON.stringify(evidence)),
    })),
    blocks: said.blocks.map(({ channel, source, reason }) => ({
      channel,
      source,
      id: ids.next<'block'>(),
      ...sealed(reason ?? null),
    })),
  };
}

/** The events that tell it, and what they carry for the projection. */
export function toldAtCreation(
  { person, consents, blocks }: SealedAtCreation,
  done: { readonly actor: Actor; readonly command: string },
): { readonly events: readonly EventDraft[]; readonly carried: Carried } {
  const first = { person, version: 1 };
  return {
    events: [
      ...consents.map(({ told: sealed, ...consent }) => consentGiven({ ...consent, ...first }, { ...done, sealed })),
      ...blocks.map(({ told: sealed, ...block }) => contactBlocked({ ...block, ...first }, { ...done, sealed })),
    ],
    carried: new Map(
      [...consents, ...blocks].map(({ id, details }): [string, CarriedRecord] => [
        carriedAs(id),
        { person, sealedDetails: details },
      ]),
    ),
  };
}

/** The key under which a command carries what the projection needs of a record. @param id of the record */
export function carriedAs(id: string): string {
  return `consent-record:${id}`;
}
