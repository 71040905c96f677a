export type { ConstraintKind, RawStore, RawTransaction, Violation } from '../storage/raw-store.js';
export type { ConformanceCase, ConformanceContext } from './conformance-case.js';
export {
  type ConformanceOptions,
  type ConformanceOutcome,
  type ConformanceTarget,
  conformanceCases,
  conformanceContext,
  runConformance,
} from './run-conformance.js';
