import type { RowScope } from '../../foundation/access/index.js';
import type { ActorRef, Instant, LeadId } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import type { LeadStatus } from './lead.js';
import type { LeadIndexEntry, PlacementProjection } from './lead-store.js';

/** A stay of a lead in a stage; `sequence` counts from 0. */
export interface StageStay {
  readonly sequence: number;
  readonly stage: string;
  readonly enteredAt: Instant;
  readonly exitedAt: Instant | null;
}

/** The flat read model of one lead: its whole state at `version`. */
export interface LeadFacts {
  readonly leadId: LeadId;
  readonly version: number;
  readonly number: string;
  readonly numberMonth: string;
  readonly numberSeq: number;
  readonly productLine: string;
  readonly stage: string;
  readonly stageEnteredAt: Instant;
  readonly status: LeadStatus;
  readonly region: string | null;
  readonly source: string;
  readonly channel: string | null;
  readonly campaign: string | null;
  readonly score: number | null;
  readonly amountPaise: number | null;
  readonly tasksDone: number;
  readonly tasksTotal: number;
  readonly sealedName: string | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly firstResponseAt: Instant | null;
  /** When the lead was last won or lost. */
  readonly decidedAt: Instant | null;
  readonly wonAt: Instant | null;
  readonly lostAt: Instant | null;
  readonly deletedAt: Instant | null;
  readonly collaboratorIds: readonly string[];
  readonly stays: readonly StageStay[];
  readonly index: readonly LeadIndexEntry[];
}

/** A row as lists and boards read it. */
export interface LeadFactsRow extends Omit<LeadFacts, 'stays' | 'index' | 'collaboratorIds'> {
  readonly ownerId: string | null;
  readonly team: string | null;
  readonly partner: string | null;
}

export interface IndexFilter {
  readonly field: string;
  /** `ne`: none of the values, or no value at all. */
  readonly operator: 'eq' | 'in' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte';
  /** Several only for `in` and `ne`. All of one kind. */
  readonly values: readonly ({ readonly number: number } | { readonly text: string } | { readonly hash: string })[];
}

export interface LeadFactsFilter {
  readonly scope: RowScope;
  readonly productLine?: string;
  readonly status?: readonly LeadStatus[];
  readonly stage?: readonly string[];
  /** null finds unowned leads. */
  readonly ownerId?: string | null;
  readonly partner?: string | null;
  readonly region?: readonly string[];
  readonly source?: readonly string[];
  readonly channel?: readonly string[];
  readonly campaign?: readonly string[];
  readonly scoreMin?: number;
  readonly scoreMax?: number;
  /** Exclusive. */
  readonly scoreAbove?: number;
  readonly scoreBelow?: number;
  readonly amountPaiseMin?: number;
  readonly amountPaiseMax?: number;
  /** From inclusive, to exclusive. */
  readonly createdFrom?: Instant;
  readonly createdTo?: Instant;
  readonly updatedFrom?: Instant;
  readonly updatedTo?: Instant;
  readonly index?: readonly IndexFilter[];
  /** Only deleted leads when true; only others when false or absent. */
  readonly deleted?: boolean;
}

export type LeadSortKey =
  | { readonly by: 'createdAt' | 'updatedAt' | 'stageEnteredAt' | 'number' | 'amount' | 'score' }
  | { readonly by: 'field'; readonly field: string; readonly kind: 'number' | 'text' };

export interface LeadFactsQuery {
  readonly filter: LeadFactsFilter;
  readonly sort: LeadSortKey & { readonly direction: 'asc' | 'desc' };
  /**
   * The sort value and lead id of the last row seen. Rows without a sort value come last in both directions; `value` null
   * means that part has begun. Total order: sort value, then lead id, both in `direction`.
   */
  readonly after: { readonly value: string | number | null; readonly leadId: string } | null;
  readonly limit: number;
}

export interface LeadFactsListRow {
  readonly row: LeadFactsRow;
  /** What a cursor after this row holds. */
  readonly sortValue: string | number | null;
}

/** Where a lead stands in a list. */
export interface LeadPosition {
  readonly leadId: LeadId;
  /** What a cursor after this lead holds. */
  readonly sortValue: string | number | null;
}

/** Facts of a lead with its placement. */
export interface PlacedFacts {
  readonly facts: LeadFacts;
  readonly placement: PlacementProjection;
}

/** Leads by id: after one (from the first when null), up to another (to the last when null). */
export interface FactsRange {
  readonly after: LeadId | null;
  readonly upTo: LeadId | null;
  readonly productLine?: string;
}

/** Who has a lead. */
export interface PlacedLead extends Pick<LeadFactsRow, 'leadId' | 'ownerId' | 'partner'> {}

export interface BoardColumnFacts {
  readonly stage: string;
  readonly count: number;
  readonly amountPaise: number;
  /** The first cards by time of entry, oldest first. */
  readonly cards: readonly LeadFactsRow[];
}

export interface BoardQuery {
  readonly filter: LeadFactsFilter & { readonly productLine: string };
  /** Every stage to show. */
  readonly stages: readonly string[];
  readonly cardsPerColumn: number;
}

/** Lives in the ledger. */
export interface LeadFactsStore {
  /**
   * Writes whole states; a row of the same or a higher version is left as it is. Owner, team and partner columns are not
   * touched. Rows may arrive before or after the placement's.
   */
  project(unit: Unit, facts: readonly LeadFacts[]): Promise<void>;
  /** Sets the owner columns where the stored placement version is lower; keeps them for a lead whose facts come later. */
  projectPlacement(unit: Unit, placement: PlacementProjection): Promise<void>;
  /**
   * Holds the rows of leads for this unit where the engine locks rows, so that no projection writes them meanwhile; also those that are not
   * there yet, so each is then to be overwritten or removed.
   */
  lock(unit: Unit, leadIds: readonly LeadId[]): Promise<void>;
  /** Writes rows anew, whatever version they have, with placement and all that belongs to them. For rebuilding. */
  overwrite(unit: Unit, rows: readonly PlacedFacts[]): Promise<void>;
  /** Removes rows, also those that wait for their facts, and all that belongs to them; unknown ids are ignored. */
  remove(unit: Unit, leadIds: readonly LeadId[]): Promise<void>;
  /** Leads that have a row of any kind, by id, at most `limit`. */
  idsBetween(range: FactsRange, limit: number): Promise<readonly LeadId[]>;
  list(query: LeadFactsQuery): Promise<readonly LeadFactsListRow[]>;
  /** The leads of {@link list} in the same order, without their rows: for going through many, as far as possible in an index. */
  positions(query: LeadFactsQuery): Promise<readonly LeadPosition[]>;
  /** Counts up to `cap`, so that a count is never a scan without end. */
  count(filter: LeadFactsFilter, cap: number): Promise<number>;
  /** Counts and amounts are those of one moment. @throws LmsError `AMOUNT_OUT_OF_RANGE` for amounts that add up beyond 2^53-1 */
  board(query: BoardQuery): Promise<readonly BoardColumnFacts[]>;
  /**
   * Housekeeping of a store that keeps totals for its boards: adds up to 20,000 changes that wait to them. Others that do so at the same
   * time, and writers, are not waited for. @returns how many it added
   */
  foldTotals(): Promise<number>;
  /**
   * Sets totals right that are not what the leads count; two callers at once do it one after the other. Where a store has one writer the
   * others wait meanwhile, else they go on. Reads every lead's facts once. @returns how many were wrong
   */
  recountTotals(): Promise<number>;
  /** How many totals are not what the leads count now. Reads every lead's facts once. */
  wrongTotals(): Promise<number>;
  /** Ids of leads in a stage, by id after `after`; for retiring a stage. Deleted leads too. */
  idsInStage(productLine: string, stage: string, after: string | null, limit: number): Promise<readonly LeadId[]>;
  /** The row as it stands, and the placement version it has; null when there is none. */
  row(leadId: LeadId): Promise<LeadFactsRow | null>;
  /** Who has the leads, in any order; those that have no row yet are left out. */
  placed(leadIds: readonly LeadId[]): Promise<readonly PlacedLead[]>;
}

/** A move between stages, kept for ever; unique by event id. */
export interface MoveRow {
  readonly eventId: string;
  readonly leadId: LeadId;
  readonly productLine: string;
  readonly pipelineVersion: number;
  /** null for the first stage. */
  readonly from: string | null;
  readonly to: string;
  readonly at: Instant;
  readonly actor: ActorRef;
}

/** Lives in the ledger. */
export interface MoveStore {
  /** Inserts moves; an event id that is there already is left as it is. */
  insert(unit: Unit, moves: readonly MoveRow[]): Promise<void>;
  /** Moves of a lead, oldest first, at most `limit`. */
  list(leadId: LeadId, limit: number): Promise<readonly MoveRow[]>;
}
