export { decideMove, type MoveDecision, type MoveToDecide, movesFrom } from './decide-move.js';
export { definitionJsonSchema } from './definition-json-schema.js';
export { deriveStatus, type StageStatus } from './derive-status.js';
export { diffDefinitions } from './diff-definitions.js';
export { type EntryMoment, enterPipeline, enterStage, firstStage } from './enter-stage.js';
export type { AskedMove, MoveGuard, MoveReason, MoveSubject } from './move-guard.js';
export type * from './pipeline.js';
export { PipelinePart } from './pipeline-part.js';
export { PipelineReader } from './pipeline-reader.js';
export {
  type PipelineSection,
  pipelineShape,
  type StageDefinition,
  type TaskTemplateDefinition,
} from './pipeline-section.js';
export type { NewStage, StageChanges } from './stage-edits.js';
export type { StageClearance, StageOccupants } from './stage-occupants.js';
export {
  type RetireOptions,
  type StageEditOptions,
  type StageList,
  StageService,
  type StageServicePorts,
} from './stage-service.js';
export { isOpenTask, type StageTask, type StageTaskStatus, type TaskState } from './stage-task.js';
export { pipelineOf, stageOf } from './stored-pipeline.js';
export { fieldTypesFinding } from './types-finding.js';
