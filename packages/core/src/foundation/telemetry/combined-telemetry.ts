import type { Operation, Telemetry } from './telemetry.js';

/** Tells each of several; null where there is none. */
export function combinedTelemetry(all: readonly Telemetry[]): Telemetry | null {
  const [first, ...others] = all;
  if (first === undefined) return null;
  const rest = combinedTelemetry(others);
  return rest === null ? first : both(first, rest);
}

function both(outer: Telemetry, inner: Telemetry): Telemetry {
  return {
    watch: <Result>(operation: Operation, work: () => Promise<Result>) =>
      outer.watch(operation, () => inner.watch(operation, work)),
    observe(names, read) {
      const ends = [outer.observe?.(names, read), inner.observe?.(names, read)];
      return () => {
        for (const end of ends) end?.();
      };
    },
  };
}
