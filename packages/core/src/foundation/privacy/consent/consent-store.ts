import type { ActorRef, Instant } from '../../kernel/index.js';
import type { Unit } from '../../persistence/index.js';
import type { ContactChannel } from './consent-purpose.js';

/** What a person is known by here: today a lead. */
export interface ConsentSubject {
  readonly kind: string;
  readonly id: string;
}

/** A subject, and by which keyed hashes the same person is found behind other subjects. */
export interface ConsentPerson {
  readonly subject: ConsentSubject;
  readonly phoneHash: string | null;
  readonly emailHash: string | null;
}

/** By which keyed hashes a record finds its person. */
export interface PersonHashes extends Pick<ConsentPerson, 'phoneHash' | 'emailHash'> {
  /** Of the record. */
  readonly id: string;
}

/** A hash of a record, and what takes its place. */
export interface RehashedPerson {
  /** Of the record. */
  readonly id: string;
  readonly by: 'phoneHash' | 'emailHash';
  readonly from: string;
  readonly to: string;
}

/** Keeps records of people, each with the hashes by which others find the person. Lives in the ledger. */
export interface PersonHashStore {
  /** Of all records after `after`, by id; none at the end. */
  personHashes(after: string | null, limit: number): Promise<readonly PersonHashes[]>;
  /** MUST: changes those hashes alone that are still `from`. At most 200 a call. @returns how many were changed */
  rehash(unit: Unit, hashes: readonly RehashedPerson[]): Promise<number>;
}

/** Where a person said it. */
export const consentSources = [
  'web',
  'app',
  'call',
  'sms',
  'email',
  'whatsapp',
  'in-person',
  'paper',
  'partner',
  'import',
] as const;
export type ConsentSource = (typeof consentSources)[number];

/** Which text was agreed to. */
export interface AgreedWording {
  readonly language: string;
  readonly version: number;
  /** SHA-256 of the text, in hexadecimal. */
  readonly hash: string;
}

export interface StoredWithdrawal {
  readonly at: Instant;
  readonly by: ActorRef;
  readonly source: ConsentSource;
  /** Under the data key of the subject. */
  readonly sealedReason: string | null;
}

/** A consent at rest. Nothing of it changes but that it is withdrawn, once. */
export interface StoredConsent {
  readonly id: string;
  readonly person: ConsentPerson;
  readonly purpose: string;
  /** The one partner it is for; null when it is not for one alone. */
  readonly partner: string | null;
  /** Which data it is about, by field key or any word; empty for all that the purpose needs. */
  readonly dataItems: readonly string[];
  readonly wording: AgreedWording;
  readonly source: ConsentSource;
  readonly givenAt: Instant;
  readonly expiresAt: Instant | null;
  readonly recordedAt: Instant;
  readonly recordedBy: ActorRef;
  /** Under the data key of the subject. */
  readonly sealedEvidence: string | null;
  readonly withdrawal: StoredWithdrawal | null;
  /** 1; 2 once withdrawn. One that was recorded as withdrawn, for a partner of a consent that is for all, stays 1. */
  readonly version: number;
}

export interface ConsentQuery {
  readonly subject: ConsentSubject;
  readonly purpose?: string;
  /** Consents after this id, newest first. */
  readonly after?: string;
  readonly limit: number;
}

/** Lives in the ledger. */
export interface ConsentStore extends PersonHashStore {
  /**
   * False, and nothing written, when the same subject has a consent for the same purpose and partner given at the same moment.
   * MUST: of two callers at once one inserts it.
   */
  insert(unit: Unit, consent: StoredConsent): Promise<boolean>;
  /**
   * Writes those of which neither the id nor the giving (subject, purpose, partner, moment) is there; the others stay as they are,
   * withdrawn or not. MUST: of two callers at once with the same records each is there once.
   */
  insertMissing(unit: Unit, consents: readonly StoredConsent[]): Promise<void>;
  /** What {@link insert} found in its way. */
  givenAt(
    unit: Unit,
    given: Pick<StoredConsent, 'purpose' | 'partner' | 'givenAt'> & { readonly subject: ConsentSubject },
  ): Promise<StoredConsent | null>;
  get(unit: Unit | null, id: string): Promise<StoredConsent | null>;
  /** MUST: withdraws a consent that stands, once; false where it is not there or was withdrawn, and then nothing changes. */
  withdraw(unit: Unit, id: string, withdrawal: StoredWithdrawal): Promise<boolean>;
  /**
   * Consents for a purpose of the subject, and of whoever has the same phone or email: of each of the three the `limit` that were given
   * or withdrawn last.
   */
  ofPerson(unit: Unit | null, person: ConsentPerson, purpose: string, limit: number): Promise<readonly StoredConsent[]>;
  /** Of the subject itself; newest first (by id descending). */
  list(query: ConsentQuery): Promise<readonly StoredConsent[]>;
}

/** What a block stops: one channel, or `all`. */
export type BlockedChannel = ContactChannel | 'all';

/** That a person must not be contacted, whatever consents say. It stands until it is lifted. */
export interface StoredContactBlock {
  readonly id: string;
  readonly person: ConsentPerson;
  readonly channel: BlockedChannel;
  readonly blockedAt: Instant;
  readonly blockedBy: ActorRef;
  readonly source: ConsentSource;
  /** Under the data key of the subject. */
  readonly sealedReason: string | null;
  readonly liftedAt: Instant | null;
  readonly liftedBy: ActorRef | null;
  /** 1; 2 once lifted. */
  readonly version: number;
}

/** Lives in the ledger. */
export interface ContactBlockStore extends PersonHashStore {
  /** MUST: of two callers at once one blocks a channel of a subject; false for the other, and while a block of it stands. */
  insert(unit: Unit, block: StoredContactBlock): Promise<boolean>;
  /**
   * Writes those of which neither the id nor a standing block of the subject and channel is there; the others stay as they are, lifted or
   * not. MUST: of two callers at once with the same records each is there once.
   */
  insertMissing(unit: Unit, blocks: readonly StoredContactBlock[]): Promise<void>;
  /** MUST: lifts a block that stands, once; false where it is not there or was lifted. */
  lift(unit: Unit, id: string, lifted: { readonly at: Instant; readonly by: ActorRef }): Promise<boolean>;
  /**
   * Blocks of the subject, and of whoever has the same phone or email: of each of the three the newest `limit`, those that stand before
   * those that were lifted.
   */
  ofPerson(unit: Unit | null, person: ConsentPerson, limit: number): Promise<readonly StoredContactBlock[]>;
}

/** A text that people agree to. It never changes. */
export interface ConsentWording {
  readonly id: string;
  readonly purpose: string;
  /** BCP 47, such as `en` or `hi`. */
  readonly language: string;
  /** Counts up from 1 in each purpose and language. */
  readonly version: number;
  readonly text: string;
  /** SHA-256 of the text, in hexadecimal. */
  readonly hash: string;
  readonly addedAt: Instant;
  readonly addedBy: ActorRef;
}

export interface WordingQuery {
  readonly purpose?: string;
  readonly language?: string;
  /** Wordings after this id, oldest first. */
  readonly after?: string;
  readonly limit: number;
}

/** Lives in the ledger. */
export interface ConsentWordingStore {
  /** MUST: of two callers at once with the same purpose, language and version one adds it; false for the other. */
  insert(unit: Unit, wording: ConsentWording): Promise<boolean>;
  get(unit: Unit | null, purpose: string, language: string, version: number): Promise<ConsentWording | null>;
  newest(unit: Unit | null, purpose: string, language: string): Promise<ConsentWording | null>;
  /** By id ascending. */
  list(query: WordingQuery): Promise<readonly ConsentWording[]>;
}
