import type { ActorRef, Instant, Json, LeadId } from '../../foundation/kernel/index.js';
import type { Formats, Unit } from '../../foundation/persistence/index.js';
import type { EnteredTexts, FieldValues } from '../fields/index.js';
import type { ActivityType, HistoryEntry, LeadParty, LeadStatus, LeadTask, LinkedEntity } from './lead.js';

/** A task at rest: its values are in the lead's envelope. */
export type StoredTask = Omit<LeadTask, 'values' | 'entered'>;

export interface StoredActivity {
  readonly id: string;
  readonly type: ActivityType;
  readonly at: Instant;
  readonly actor: ActorRef;
  readonly data: Json;
  /** Envelope of the text, under the lead's data key; null when there is none. */
  readonly sealed: string | null;
}

/** A lead as stored: what is personal is inside `sealed`, one envelope under the lead's own data key. */
export interface StoredLead {
  readonly format: 1;
  readonly id: LeadId;
  readonly version: number;
  readonly number: string;
  readonly numberMonth: string;
  readonly numberSeq: number;
  readonly productLine: string;
  readonly status: LeadStatus;
  readonly stage: string;
  readonly stageEnteredAt: Instant;
  readonly schemaVersion: number;
  readonly pipelineVersion: number;
  readonly source: string;
  readonly channel: string | null;
  readonly campaign: string | null;
  readonly score: number | null;
  readonly amountPaise: number | null;
  readonly region: string | null;
  readonly collaboratorIds: readonly string[];
  readonly values: FieldValues;
  readonly entered: EnteredTexts;
  readonly properties: Readonly<Record<string, string>>;
  readonly links: readonly LinkedEntity[];
  readonly parties: readonly LeadParty[];
  readonly tasks: readonly StoredTask[];
  /** At most 100, oldest first. */
  readonly activities: readonly StoredActivity[];
  readonly activityCount: number;
  readonly history: readonly HistoryEntry[];
  readonly sealed: string;
  /** The display name alone, in an envelope of its own, for boards and lists; null when the lead has no name. */
  readonly sealedName: string | null;
  /** What `lead_index` holds of it; personal values by keyed hash only. */
  readonly index: readonly LeadIndexEntry[];
  /** First contact with the person: a call, message, mail, meeting, or the first move. */
  readonly firstResponseAt: Instant | null;
  readonly wonAt: Instant | null;
  readonly lostAt: Instant | null;
  readonly createdAt: Instant;
  readonly createdBy: ActorRef;
  readonly updatedAt: Instant;
  readonly updatedBy: ActorRef;
  readonly deletedAt: Instant | null;
  /** Only on a lead whose personal data was erased: `sealed` is empty then. */
  readonly erasedAt?: Instant;
  /** Projections of the placement; written only by {@link LeadStore.projectPlacement} and at insert. */
  readonly ownerId: string | null;
  readonly partner: string | null;
  readonly placementVersion: number;
}

/** A lead but for the projections of its placement: what has a format. */
export type LeadContent = Omit<StoredLead, 'ownerId' | 'partner' | 'placementVersion'>;

/**
 * To change the shape of leads at rest: raise `written` and the format of {@link StoredLead}, give `fromBefore`, and add a migration
 * that lets MongoDB's rules take both formats.
 */
export const leadFormats: Formats<LeadContent> = { kind: 'lead', written: 1, fromBefore: null };

/** A lead before it has its number. */
export type UnnumberedLead = Omit<StoredLead, 'number' | 'numberMonth' | 'numberSeq'>;

/** JSON of a lead without its number, owner, partner and placement version, as {@link leadText} gives it. */
export type LeadText = string;

/** What the SQL stores keep of a lead as one text; only the number is to be added. */
export function leadText(lead: UnnumberedLead): LeadText {
  const { ownerId: _owner, partner: _partner, placementVersion: _version, ...document } = lead;
  return JSON.stringify(document);
}

/** The value of an admin-chosen field, for filters and sorting. Exactly one of the three is set. */
export interface LeadIndexEntry {
  readonly field: string;
  readonly number: number | null;
  readonly text: string | null;
  readonly hash: string | null;
}

/** The placement of a lead as other homes see it. */
export interface PlacementProjection {
  readonly leadId: LeadId;
  readonly ownerId: string | null;
  readonly team: string | null;
  readonly partner: string | null;
  readonly placementVersion: number;
}

export interface ActivityPage {
  readonly activities: readonly StoredActivity[];
  readonly hasMore: boolean;
}

/** Lives in the documents home. Amounts are integers of minor units, kept as 64-bit integers. */
export interface LeadStore {
  /** @param texts of the leads whose text is known already, by id: a store that keeps text need not write it again */
  insert(unit: Unit, leads: readonly StoredLead[], texts?: ReadonlyMap<LeadId, LeadText>): Promise<void>;
  /**
   * Compare-and-swap: replaces the lead if its version is still `expectedVersion`, else changes nothing and gives false.
   * Leaves ownerId, partner and placementVersion as stored.
   * MUST: of two callers at once with the same expected version one gets true.
   */
  replace(unit: Unit, lead: StoredLead, expectedVersion: number): Promise<boolean>;
  /** Leads that exist, deleted ones too, in any order. At most 1,000 ids a call. */
  get(unit: Unit | null, ids: readonly LeadId[]): Promise<readonly StoredLead[]>;
  /**
   * A lead that the unit is about to {@link replace}, deleted ones too, or null.
   * MUST: as long as the unit lasts nobody else replaces it, or the unit collides and its work is repeated: a `replace` of the version
   * that was read here gives true. Of many callers at once on one lead, in any number of processes, each so gets its turn.
   */
  getForChange(unit: Unit, id: LeadId): Promise<StoredLead | null>;
  /** Ids by lead number, for numbers that exist. At most 1,000 a call. */
  idsByNumber(unit: Unit | null, numbers: readonly string[]): Promise<ReadonlyMap<string, LeadId>>;
  /** Sets owner and partner where the stored placement version is lower; does not raise the lead's version. */
  projectPlacement(unit: Unit, placement: PlacementProjection): Promise<void>;
  /**
   * Sets owner, partner and placement version whatever they were, if the stored placement version is still `seenVersion`, else
   * changes nothing and gives false; does not raise the lead's version. For rebuilding.
   */
  correctPlacement(unit: Unit, placement: PlacementProjection, seenVersion: number): Promise<boolean>;
  /** Keeps activities that no longer fit into the lead; an id that is there already is ignored. */
  appendActivities(unit: Unit, leadId: LeadId, activities: readonly StoredActivity[]): Promise<void>;
  /** Older activities kept outside the lead, newest first by id, before id `before`. */
  olderActivities(leadId: LeadId, before: string | null, limit: number): Promise<ActivityPage>;
  /** Leads by id, ascending, after `after`: for rebuilding read models. */
  scan(after: LeadId | null, limit: number): Promise<readonly StoredLead[]>;
}
