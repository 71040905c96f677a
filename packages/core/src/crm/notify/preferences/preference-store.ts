import type { ActorRef, Instant } from '../../../foundation/kernel/index.js';
import type { Unit } from '../../../foundation/persistence/index.js';
import type { QuietHours } from './quiet-hours.js';

/** By what a user can be told. */
export type UserChannel = 'email' | 'in-app';

/** How a user wants to be told of what rules tell. */
export interface NoticePreferences {
  /**
   * What is on or off, by `about/channel`: about is the name of a rule, the type of an event or `*`, the channel `email`, `in-app` or `*`. What is
   * closest counts: the rule before the event, the channel before all of them. What nothing is said of is on.
   */
  readonly choices: Readonly<Record<string, 'on' | 'off'>>;
  /** Comes before the languages of rules; null for these alone. */
  readonly language: string | null;
  /** When emails wait; null as the published notices say, `none` for never. */
  readonly quietHours: QuietHours | 'none' | null;
}

export interface StoredPreferences extends NoticePreferences {
  readonly userId: string;
  /** 1, 2, 3... */
  readonly version: number;
  readonly updatedAt: Instant;
  readonly updatedBy: ActorRef;
}

/** Lives in the ledger. Holds no personal data. */
export interface PreferenceStore {
  /** Locked for this unit where the engine locks rows. */
  get(unit: Unit | null, userId: string): Promise<StoredPreferences | null>;
  /** Those of these users who have some, in any order. */
  ofUsers(userIds: readonly string[]): Promise<readonly StoredPreferences[]>;
  /**
   * Writes them if those that are there have the version before, or none are there and it is the first; else nothing and false.
   * MUST: of callers at once that write the same version one gets true.
   */
  save(unit: Unit, preferences: StoredPreferences): Promise<boolean>;
}
