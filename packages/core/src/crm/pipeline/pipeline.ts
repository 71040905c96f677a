import type { FieldDefinition } from '../fields/index.js';

/** A piece of work that a stage needs; each lead entering the stage gets a task made from it. */
export interface TaskTemplate {
  /** Immutable, unique in the pipeline. */
  readonly slug: string;
  readonly name: string;
  /** A required task must be completed before the lead moves on (moves to a lost stage are exempt). */
  readonly required: boolean;
  readonly order: number;
  /** What is filled in when the task is completed. */
  readonly fields: readonly FieldDefinition[];
}

export interface Stage {
  /** Immutable, unique in the pipeline, never reused. */
  readonly slug: string;
  readonly name: string;
  /** `#rrggbb`. */
  readonly colour: string;
  readonly order: number;
  readonly active: boolean;
  /** Reaching a terminal stage decides the lead. */
  readonly terminal: 'won' | 'lost' | null;
  /** Stages a lead may move to from here. */
  readonly next: readonly string[];
  readonly tasks: readonly TaskTemplate[];
  /** Purposes for which the person must have consented before the lead comes here; absent when there are none. */
  readonly requiresConsent?: readonly string[];
}

/** A published, immutable set of stages. The first active stage by order is where new leads start. */
export interface Pipeline {
  readonly productLine: string;
  readonly version: number;
  readonly stages: readonly Stage[];
}
