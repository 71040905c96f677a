import type { ActorRef, Problem } from '../../foundation/kernel/index.js';
import type { FieldValues } from '../fields/index.js';

/** A new lead as guards see it: its fields have passed their checks. */
export interface CreateSubject {
  readonly productLine: string;
  readonly values: FieldValues;
  readonly source: string;
  readonly channel: string | null;
  readonly campaign: string | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdBy: ActorRef;
}

/**
 * May refuse a lead before it is made, one by one or in an import; an empty list lets it pass. It may be asked more than once, so it does
 * no I/O and has no effects.
 */
export type CreateGuard = (lead: CreateSubject) => readonly Problem[];
