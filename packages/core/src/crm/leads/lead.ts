import type { ActorRef, Instant, Json, LeadId } from '../../foundation/kernel/index.js';
import type { EnteredTexts, FieldValues } from '../fields/index.js';

/** Derived from the moves, never set by hand. `converted` comes with conversion to a client. */
export type LeadStatus = 'pending' | 'in_progress' | 'won' | 'lost' | 'converted';
export type TaskStatus = 'pending' | 'in_progress' | 'completed' | 'skipped' | 'cancelled';

/** The kinds of activity. */
export const activityTypes = [
  'CREATED',
  'UPDATED',
  'STAGE_CHANGE',
  'TASK_COMPLETED',
  'TASK_SKIPPED',
  'NOTE',
  'CALL',
  'EMAIL',
  'MEETING',
  'MESSAGE',
  'ASSIGNED',
  'PLACEMENT_REFUSED',
  'DELETED',
  'RESTORED',
  'ERASED',
] as const;
export type ActivityType = (typeof activityTypes)[number];

export interface LeadTask {
  readonly id: string;
  /** Slug of the template. */
  readonly template: string;
  readonly name: string;
  /** Slug of the stage that asked for it. */
  readonly stage: string;
  readonly required: boolean;
  readonly order: number;
  readonly status: TaskStatus;
  readonly values: FieldValues;
  readonly entered: EnteredTexts;
  readonly createdAt: Instant;
  readonly completedAt: Instant | null;
  readonly completedBy: ActorRef | null;
}

export interface LeadActivity {
  readonly id: string;
  readonly type: ActivityType;
  readonly at: Instant;
  readonly actor: ActorRef;
  /** What happened, without personal data: `{ from, to }` of a stage change. */
  readonly data: Json;
  /** Free text (a note, a comment); sealed at rest. */
  readonly text: string | null;
}

/** A stay in a stage. `exitedAt` is null for the current one. */
export interface HistoryEntry {
  readonly stage: string;
  readonly enteredAt: Instant;
  readonly exitedAt: Instant | null;
  readonly enteredBy: ActorRef;
}

/** Who takes part in a lead, and as what. Subjects come with their capability; until then `subjectId` is null. */
export interface LeadParty {
  readonly id: string;
  readonly role: 'applicant' | 'co-applicant' | 'guarantor';
  readonly subjectId: string | null;
}

/** Something elsewhere that the lead belongs with: another lead, a campaign record, a ticket. */
export interface LinkedEntity {
  readonly kind: string;
  readonly id: string;
}

/** Where a lead came from. */
export interface LeadOrigin {
  readonly source: string;
  readonly channel: string | null;
  readonly campaign: string | null;
}

/** One enquiry, opened. */
export interface Lead {
  readonly id: LeadId;
  /** `LEAD-202601-00001`; never used twice. */
  readonly number: string;
  readonly version: number;
  readonly productLine: string;
  /** Projections of the fields that play these roles. */
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly amountPaise: number | null;
  readonly region: string | null;
  readonly source: string;
  readonly channel: string | null;
  readonly campaign: string | null;
  readonly status: LeadStatus;
  readonly score: number | null;
  readonly stage: string;
  readonly stageEnteredAt: Instant;
  readonly schemaVersion: number;
  /** Pipeline version of the last move. */
  readonly pipelineVersion: number;
  readonly ownerId: string | null;
  readonly partner: string | null;
  readonly collaboratorIds: readonly string[];
  readonly values: FieldValues;
  readonly entered: EnteredTexts;
  readonly properties: Readonly<Record<string, string>>;
  readonly links: readonly LinkedEntity[];
  readonly parties: readonly LeadParty[];
  readonly tasks: readonly LeadTask[];
  /** The newest 100 of the lead's own, oldest first; older ones, and who got it when, by `leads.activities(id)`. */
  readonly activities: readonly LeadActivity[];
  readonly activityCount: number;
  /** At most 500 stays. */
  readonly history: readonly HistoryEntry[];
  /** First contact with the person: a call, message, mail, meeting, or the first move. */
  readonly firstResponseAt: Instant | null;
  readonly wonAt: Instant | null;
  readonly lostAt: Instant | null;
  readonly createdAt: Instant;
  readonly createdBy: ActorRef;
  readonly updatedAt: Instant;
  readonly updatedBy: ActorRef;
  readonly deletedAt: Instant | null;
  /** When its personal data was erased: then no values, texts of activities, properties and links are left. */
  readonly erasedAt: Instant | null;
  /** True when personal values are masked for this reader. */
  readonly masked: boolean;
}
