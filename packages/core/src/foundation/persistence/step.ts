import type { DomainEvent, Instant } from '../kernel/index.js';
import type { EventDraft } from './event-recorder.js';
import type { Carried } from './projection.js';
import type { Unit } from './unit-of-work.js';

/** How a step ended for one event. */
export type StepResult =
  | { readonly event: DomainEvent; readonly outcome: 'done' }
  | {
      readonly event: DomainEvent;
      readonly outcome: 'refused';
      /** An error code of ours. */
      readonly code: string;
      /** Why, for people; without personal data. */
      readonly reason: string;
      /** What tells the other home that it was refused, so that it takes back what stood on it; null when nothing did. */
      readonly compensation: EventDraft | null;
    };

/**
 * A command to the ledger that follows from an event and, unlike a projection, may be refused there. It is delivered at least
 * once and takes effect once: its outcome is recorded in the same unit as its effect, and a recorded outcome is never asked for again.
 */
export interface Step {
  readonly name: string;
  handles(event: DomainEvent): boolean;
  /**
   * Decides and writes through the unit; one result for each event. Throws only what should be tried again.
   * @param carried aggregates just written by this process, by id, so that they need not be read again
   */
  take(unit: Unit, events: readonly DomainEvent[], carried: Carried): Promise<readonly StepResult[]>;
}

/** What became of a step, kept for ever; unique by event and step. */
export interface StepOutcome {
  readonly eventId: string;
  readonly step: string;
  readonly outcome: 'done' | 'refused';
  readonly code: string | null;
  readonly reason: string | null;
  readonly at: Instant;
}

/** Lives in the ledger. */
export interface StepOutcomes {
  /** Outcomes of a step for these events, locked for this unit where the engine locks rows; those without one are left out. */
  find(unit: Unit | null, step: string, eventIds: readonly string[]): Promise<readonly StepOutcome[]>;
  /** MUST: of two units that insert the outcome of the same event and step one commits; the other is repeated and finds it. */
  insert(unit: Unit, outcomes: readonly StepOutcome[]): Promise<void>;
}
