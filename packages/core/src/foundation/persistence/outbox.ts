import type { DomainEvent } from '../kernel/index.js';
import type { Home, Unit } from './unit-of-work.js';

/** Events committed with their aggregate and not yet projected to the other home. One outbox a home. */
export interface Outbox {
  append(unit: Unit, events: readonly DomainEvent[]): Promise<void>;
  /** The oldest waiting events by id, at most `limit`. */
  waiting(home: Home, limit: number): Promise<readonly DomainEvent[]>;
  /** Removes projected events; unknown ids are ignored, so two relays may race. */
  remove(home: Home, ids: readonly string[]): Promise<void>;
  count(home: Home): Promise<number>;
}
