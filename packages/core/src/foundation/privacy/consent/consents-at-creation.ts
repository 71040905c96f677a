import { z } from 'zod';
import { type DomainEvent, type Instant, instantShape } from '../../kernel/index.js';
import type { Carried, Projection, Unit } from '../../persistence/index.js';
import type { DataKeyRing } from '../data-key-ring.js';
import type { LookupHasher } from '../lookup-hasher.js';
import type { DataKey, Vault } from '../vault.js';
import { consentPerson } from './consent-person.js';
import { contactChannels } from './consent-purpose.js';
import {
  type ConsentStore,
  type ConsentSubject,
  type ContactBlockStore,
  consentSources,
  type StoredConsent,
  type StoredContactBlock,
} from './consent-store.js';
import { type CarriedRecord, carriedAs, type ToldPerson } from './sealed-at-creation.js';

export interface AtCreationPorts {
  readonly consents: Pick<ConsentStore, 'insertMissing'>;
  readonly contactBlocks: Pick<ContactBlockStore, 'insertMissing'>;
  readonly dataKeys: Pick<DataKeyRing, 'keysFor'>;
  readonly vault: Vault;
  readonly hasher: LookupHasher;
}

type GivenData = Pick<
  StoredConsent,
  'purpose' | 'partner' | 'dataItems' | 'wording' | 'source' | 'givenAt' | 'expiresAt'
> & { readonly subject: ConsentSubject };

type BlockData = Pick<StoredContactBlock, 'channel' | 'source'> & { readonly subject: ConsentSubject };

const instant: z.ZodType<Instant> = instantShape;
const subject = z.object({ kind: z.string(), id: z.string() });
const source = z.enum(consentSources);
const givenData: z.ZodType<GivenData> = z.object({
  subject,
  purpose: z.string(),
  partner: z.string().nullable(),
  dataItems: z.array(z.string()),
  wording: z.object({ language: z.string(), version: z.int(), hash: z.string() }),
  source,
  givenAt: instant,
  expiresAt: instant.nullable(),
});
const blockData: z.ZodType<BlockData> = z.object({ subject, channel: z.enum([...contactChannels, 'all']), source });
const subjectData: z.ZodType<{ readonly subject: ConsentSubject }> = z.object({ subject });
const toldShape: z.ZodType<ToldPerson> = z.object({
  phone: z.string().nullable(),
  email: z.string().nullable(),
  details: z.string().nullable(),
});

const given = 'consent.given';
const blocked = 'consent.blocked';

/**
 * Writes the consents and blocks that came with a new subject: they are told in the unit that makes it, wherever that is, and recorded in
 * the ledger with it or right after it. Such an event holds sealed who the person is; one that tells what the ledger has recorded already
 * holds nothing sealed. What was checked before cannot be refused any more, and a record that is there stays as it is, so the events may
 * come twice. Of a subject that was erased meanwhile the record is kept without hashes and evidence.
 */
export function consentsAtCreation(ports: AtCreationPorts): Projection {
  return {
    name: 'consents-at-creation',
    home: 'ledger',
    handles: ({ type, sealed }) => sealed !== null && (type === given || type === blocked),
    async project(unit, events, carried) {
      const recordOf = await recordsOf(ports, unit, events, carried);
      const consents = events.filter(({ type }) => type === given).map((event) => consentOf(event, recordOf(event)));
      const blocks = events.filter(({ type }) => type === blocked).map((event) => blockOf(event, recordOf(event)));
      if (consents.length > 0) await ports.consents.insertMissing(unit, consents);
      if (blocks.length > 0) await ports.contactBlocks.insertMissing(unit, blocks);
    },
  };
}

/** What each record needs besides its event: carried along, or opened with the data key of its subject. */
async function recordsOf(
  ports: AtCreationPorts,
  unit: Unit,
  events: readonly DomainEvent[],
  carried: Carried,
): Promise<(event: DomainEvent) => CarriedRecord> {
  const idsOf = new Map<string, string[]>();
  for (const event of events) {
    if (carriedRecord(carried, event) !== undefined) continue;
    const { kind, id } = subjectOf(event);
    idsOf.set(kind, [...(idsOf.get(kind) ?? []), id]);
  }
  const keys = new Map<string, ReadonlyMap<string, DataKey>>();
  for (const [kind, ids] of idsOf) {
    keys.set(kind, await ports.dataKeys.keysFor(unit.bothHomes ? unit : null, kind, ids));
  }
  return (event) => {
    const known = carriedRecord(carried, event);
    if (known !== undefined) return known;
    const person = subjectOf(event);
    return openedRecord(ports, event, person, keys.get(person.kind)?.get(person.id));
  };
}

function openedRecord(
  { vault, hasher }: AtCreationPorts,
  event: DomainEvent,
  person: ConsentSubject,
  key: DataKey | undefined,
): CarriedRecord {
  if (key === undefined || event.sealed === null) {
    return { person: { subject: person, phoneHash: null, emailHash: null }, sealedDetails: null };
  }
  const { details, ...known } = toldShape.parse(JSON.parse(vault.open(key, event.sealed)));
  return {
    person: consentPerson(person, known, hasher),
    sealedDetails: details === null ? null : vault.seal(key, details),
  };
}

function consentOf(event: DomainEvent, { person, sealedDetails }: CarriedRecord): StoredConsent {
  const { subject: _subject, ...data } = givenData.parse(event.data);
  const { id, version } = event.aggregate;
  const recorded = { recordedAt: event.at, recordedBy: event.actor, sealedEvidence: sealedDetails };
  return { id, person, ...data, ...recorded, withdrawal: null, version };
}

function blockOf(event: DomainEvent, { person, sealedDetails }: CarriedRecord): StoredContactBlock {
  const { channel, source: saidBy } = blockData.parse(event.data);
  const { id, version } = event.aggregate;
  const made = { blockedAt: event.at, blockedBy: event.actor, source: saidBy, sealedReason: sealedDetails };
  return { id, person, channel, ...made, liftedAt: null, liftedBy: null, version };
}

function subjectOf({ data }: DomainEvent): ConsentSubject {
  return subjectData.parse(data).subject;
}

function carriedRecord(carried: Carried, { aggregate }: DomainEvent): CarriedRecord | undefined {
  const record = carried.get(carriedAs(aggregate.id));
  return isCarriedRecord(record) ? record : undefined;
}

function isCarriedRecord(record: unknown): record is CarriedRecord {
  return typeof record === 'object' && record !== null && 'person' in record && 'sealedDetails' in record;
}
