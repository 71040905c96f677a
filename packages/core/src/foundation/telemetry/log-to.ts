import { failedWith, type Outcome, succeeded } from './outcome.js';
import type { Operation, Telemetry } from './telemetry.js';

/** A logger that takes fields and a message, as that of `pino` does. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface LogOptions {
  /** What took at least so long is told of with `warn`; 5,000 ms for commands and units when absent. What goes on in the background takes its time. */
  readonly slowMillis?: number;
}

const defaultSlowMillis = 5_000;

/**
 * Tells a logger what is done: faults (a server is away, an error nobody expected) with `error`, what failed and will be tried again and what was
 * slow with `warn`, jobs with `info`, all else with `debug`. Lines hold names, codes and milliseconds, and the error where nobody expected
 * it; mask them with `maskedLogging`. What the logger throws is not heard.
 *
 * ```ts
 * import { createLms, logTo, maskedLogging } from '@lms/core';
 * import { sqlite } from '@lms/core/storage/sqlite';
 * import { pino } from 'pino';
 *
 * const lms = await createLms({ storage: sqlite({ file: 'lms.db' }), telemetry: logTo(pino({ ...maskedLogging })) });
 * ```
 */
export function logTo(logger: Logger, { slowMillis = defaultSlowMillis }: LogOptions = {}): Telemetry {
  const tell = (operation: Operation, outcome: Outcome, millis: number, error?: unknown): void => {
    const { kind, name, attributes = {} } = operation;
    const unexpected = outcome.code === 'INTERNAL' && error !== undefined ? { err: error } : {};
    const fields = {
      ...attributes,
      kind,
      operation: name,
      outcome: outcome.code,
      millis: Math.round(millis),
      ...unexpected,
    };
    const isSlow = isAwaited(operation) && millis >= slowMillis;
    try {
      logger[levelOf(operation, outcome, isSlow)](fields, `${kind} ${name}: ${outcome.code}${isSlow ? ', slow' : ''}`);
    } catch {
      // A log that is full must not stop the work.
    }
  };
  return {
    async watch(operation, work) {
      const begun = performance.now();
      try {
        const result = await work();
        tell(operation, succeeded, performance.now() - begun);
        return result;
      } catch (error) {
        tell(operation, failedWith(error), performance.now() - begun, error);
        throw error;
      }
    },
  };
}

/** Somebody waits for it. */
function isAwaited({ kind }: Operation): boolean {
  return kind === 'command' || kind === 'unit';
}

function levelOf(operation: Operation, { code, isFault }: Outcome, isSlow: boolean): keyof Logger {
  if (isFault) return 'error';
  if (isSlow || (code !== 'ok' && !isAwaited(operation))) return 'warn';
  return operation.kind === 'job' ? 'info' : 'debug';
}
