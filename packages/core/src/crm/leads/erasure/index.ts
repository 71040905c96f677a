export { type ErasureReason, type ErasureRequest, erasureReasons } from './erase-lead.js';
export type { ErasureHold, HoldReason, HoldSubject } from './erasure-hold.js';
export {
  type FinishErasuresOptions,
  type FinishedErasures,
  LeadErasure,
  type LeadErasurePorts,
} from './lead-erasure.js';
