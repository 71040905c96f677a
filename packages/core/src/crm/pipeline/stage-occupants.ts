import type { Actor } from '../../foundation/kernel/index.js';

/** The leads of a line that go from one stage to another because their stage is given up. */
export interface StageClearance {
  readonly productLine: string;
  readonly from: string;
  readonly to: string;
  readonly actor: Actor;
}

/** Who stands in a stage. Owned by the pipeline, answered by leads. */
export interface StageOccupants {
  /** Leads that stand in the stage, without deleted ones. */
  count(productLine: string, stage: string): Promise<number>;
  /**
   * Moves every lead that stands in `from`, deleted ones too, asking neither guards nor tasks, and returns how many it
   * moved. Repeating it after a crash moves the rest.
   */
  moveAll(clearance: StageClearance): Promise<number>;
}
