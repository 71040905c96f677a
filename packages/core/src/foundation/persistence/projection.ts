import type { DomainEvent } from '../kernel/index.js';
import type { Home, Unit } from './unit-of-work.js';

/**
 * A fact that follows from an event in the home where it is kept (a read model, the audit trail). It cannot be refused,
 * and writing it twice or out of order leaves the same rows: state is guarded by version, one-off rows by event id.
 */
export interface Projection {
  readonly name: string;
  /** Where it writes. */
  readonly home: Home;
  handles(event: DomainEvent): boolean;
  /** @param carried aggregates just written by this process, by id, so that they need not be read again */
  project(unit: Unit, events: readonly DomainEvent[], carried: Carried): Promise<void>;
}

/** Aggregates a command has just written, by `kind:id`. A projection must not rely on finding one. */
export type Carried = ReadonlyMap<string, unknown>;
