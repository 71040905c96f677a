import process from 'node:process';

/** How often something was done, and how long each time took. */
export interface Timing {
  readonly count: number;
  readonly perSecond: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
  /** What this process kept processors busy with, each time: it hardly changes when others are at work on the machine. */
  readonly cpuMillis: number;
}

export interface Elapsed {
  /** From the start of the first to the end of the last. */
  readonly wallMillis: number;
  /** Processor time of the whole process over that time. */
  readonly cpuMillis: number;
}

/** How long a pass over so many rows took. */
export interface RowsTiming extends Elapsed {
  readonly rows: number;
}

export function rowsPerSecond({ rows, wallMillis }: RowsTiming): number {
  return (rows * 1000) / wallMillis;
}

/** Starts both clocks; the function that comes back reads them. */
export function startClocks(): () => Elapsed {
  const start = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { wallMillis: performance.now() - start, cpuMillis: (user + system) / 1000 };
  };
}

/** Clocks that stand still while something is done that does not count. */
export interface PausableClocks {
  start(): void;
  pause(): void;
  read(): Elapsed;
}

export function pausableClocks(): PausableClocks {
  let total: Elapsed = { wallMillis: 0, cpuMillis: 0 };
  let running: (() => Elapsed) | null = null;
  return {
    start() {
      running ??= startClocks();
    },
    pause() {
      if (running === null) return;
      const { wallMillis, cpuMillis } = running();
      total = { wallMillis: total.wallMillis + wallMillis, cpuMillis: total.cpuMillis + cpuMillis };
      running = null;
    },
    read: () => total,
  };
}

/** Sums up single durations. */
export function timingOf(durationsMillis: readonly number[], elapsed: Elapsed): Timing {
  const sorted = [...durationsMillis].sort((left, right) => left - right);
  return {
    count: sorted.length,
    perSecond: (sorted.length * 1000) / elapsed.wallMillis,
    p50Millis: percentile(sorted, 50),
    p99Millis: percentile(sorted, 99),
    cpuMillis: elapsed.cpuMillis / sorted.length,
  };
}

/** Of values in any order. */
export function median(values: readonly number[]): number {
  return percentile(
    [...values].sort((left, right) => left - right),
    50,
  );
}

/** The smallest value that at least `percent` of all do not exceed (nearest rank). */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
