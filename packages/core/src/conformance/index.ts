export type { ConformanceCase, ConformanceContext } from './conformance-case.js';
export {
  type ConformanceOptions,
  type ConformanceOutcome,
  conformanceCases,
  conformanceContext,
  runConformance,
} from './run-conformance.js';
