/**
 * Spans and metrics by OpenTelemetry: `@lms/core/telemetry/opentelemetry`. Needs the package `@opentelemetry/api`.
 *
 * @packageDocumentation
 */
export type { Gauge, Operation, OperationKind, Telemetry } from '../telemetry.js';
export { type OpenTelemetryOptions, openTelemetry } from './open-telemetry.js';
