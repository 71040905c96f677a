import { type Attributes, type BatchObservableCallback, metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { failedWith, type Outcome, succeeded } from '../outcome.js';
import type { Operation, Telemetry } from '../telemetry.js';

export interface OpenTelemetryOptions {
  /** Put on every span and number, such as `{ store: 'north' }` where a process has several stores. */
  readonly attributes?: Readonly<Record<string, string>>;
}

const scope = '@lms/core';
/** Bounds of the histogram of durations, in seconds. */
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/**
 * Spans and metrics for the OpenTelemetry SDK that the process has registered; without one they go nowhere. A span for each command, unit of
 * work, job, call of a consumer and round of housekeeping, named by what is done (`leads.create`, `unit ledger`, `job import.run`), within the
 * span of the caller. It ends with `lms.outcome`, which is `ok` or the code of the error, and has the status of an error where somebody should look.
 * The histogram `lms.operation.duration` (seconds) has the labels `lms.kind`, `lms.operation` and `lms.outcome`; gauges say how the store
 * fares, read when metrics are collected. No span and no label holds an id or personal data.
 */
export function openTelemetry({ attributes: common = {} }: OpenTelemetryOptions = {}): Telemetry {
  const tracer = trace.getTracer(scope);
  const meter = metrics.getMeter(scope);
  const durations = meter.createHistogram('lms.operation.duration', {
    unit: 's',
    description: 'How long an operation took',
    advice: { explicitBucketBoundaries: durationBuckets },
  });
  return {
    watch(operation, work) {
      const labels: Attributes = { ...common, 'lms.kind': operation.kind, 'lms.operation': operation.name };
      const attributes: Attributes = { ...labels, ...prefixed(operation.attributes ?? {}) };
      return tracer.startActiveSpan(spanName(operation), { attributes }, async (span) => {
        const begun = performance.now();
        const end = ({ code, isFault }: Outcome): void => {
          try {
            span.setAttribute('lms.outcome', code);
            if (code !== succeeded.code) span.setAttribute('error.type', code);
            if (isFault) span.setStatus({ code: SpanStatusCode.ERROR, message: code });
            span.end();
            durations.record((performance.now() - begun) / 1000, { ...labels, 'lms.outcome': code });
          } catch {
            // What was done is done, whoever was to hear of it.
          }
        };
        let outcome = succeeded;
        try {
          return await work();
        } catch (error) {
          outcome = failedWith(error);
          throw error;
        } finally {
          end(outcome);
        }
      });
    },
    observe(names, read) {
      const observables = new Map(names.map((name) => [name, meter.createObservableGauge(name)]));
      const callback: BatchObservableCallback = async (result) => {
        for (const { name, value, attributes } of await read()) {
          const gauge = observables.get(name);
          if (gauge !== undefined) result.observe(gauge, value, { ...common, ...attributes });
        }
      };
      const all = [...observables.values()];
      meter.addBatchObservableCallback(callback, all);
      return () => meter.removeBatchObservableCallback(callback, all);
    },
  };
}

function spanName({ kind, name }: Operation): string {
  return kind === 'command' ? name : `${kind} ${name}`;
}

function prefixed(attributes: Readonly<Record<string, string | number>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`lms.${key}`, value]));
}
