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
  /**
   * Resolves when leads that are being made or moved under an earlier pipeline have arrived where they go: from then on nobody enters a
   * stage that the pipeline has retired.
   */
  arrived(): Promise<void>;
  /** Leads that stand in the stage, without deleted ones. @throws LmsError `READ_MODELS_BEHIND` where that is not known */
  count(productLine: string, stage: string): Promise<number>;
  /**
   * Moves every lead that stands in `from`, deleted ones too, asking neither guards nor tasks, and returns how many it
   * moved. Repeating it after a crash moves the rest. @throws LmsError `READ_MODELS_BEHIND` where it is not known who they are
   */
  moveAll(clearance: StageClearance): Promise<number>;
}
