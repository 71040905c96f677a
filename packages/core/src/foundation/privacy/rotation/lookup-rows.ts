import type { Unit } from '../../persistence/index.js';
import type { LookupKeys } from '../lookup-keys.js';
import type { LookupRing } from '../lookup-ring.js';

/** What has hashes of look-ups. */
export const lookupRowKinds = ['uniqueKeys', 'leads', 'consents', 'contactBlocks'] as const;
export type LookupRowKind = (typeof lookupRowKinds)[number];

/** How many of each kind. */
export type LookupRowCounts = Readonly<Record<LookupRowKind, number>>;

/**
 * What a walk does with what an older key has hashed: counts it; takes it over under the newest, where unique values are held under both; or
 * removes the unique values that are held under both from the older one.
 */
export type LookupWork = 'count' | 'take-over' | 'clear';

export interface LookupStep {
  /** Where the next step begins; null at the end. */
  readonly next: string | null;
  /** Rows that were looked at. */
  readonly looked: number;
  /** Rows that an older key has hashed, and with which there is something to do. */
  readonly found: number;
  /** Rows that were taken over or removed. */
  readonly changed: number;
}

/** Rows of one kind. What is done with one is written in units, each of which asks {@link requireRing} first. */
export interface LookupRows {
  readonly kind: LookupRowKind;
  /** Looks at the next rows, and does the work. */
  step(after: string | null, work: LookupWork, ring: LookupRing): Promise<LookupStep>;
}

/** The look-up keys went on meanwhile: another process is further with the rotation. */
export class LookupRingMoved extends Error {}

/** Whether the unit writes under this ring. @throws LookupRingMoved */
export async function requireRing(keys: LookupKeys, unit: Unit, ring: LookupRing): Promise<void> {
  const now = await keys.inUnit(unit);
  if (now?.generation === ring.generation && now.phase === ring.phase) return;
  throw new LookupRingMoved('the look-up keys were changed');
}
