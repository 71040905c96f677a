export { combinedTelemetry } from './combined-telemetry.js';
export { type Logger, type LogOptions, logTo } from './log-to.js';
export { maskText } from './mask-text.js';
export { type MaskedLogging, maskedLogging } from './masked-logging.js';
export type { Gauge, Operation, OperationKind, Telemetry } from './telemetry.js';
