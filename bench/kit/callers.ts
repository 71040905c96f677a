import { startClocks, type Timing, timingOf } from './timing.ts';

export interface Load {
  /** How many ask at once; each asks again as soon as it has its answer. */
  readonly callers: number;
  /** Asked and answered before the clock starts, so that the engine has compiled what it runs. */
  readonly warmUp: number;
  readonly count: number;
}

/** Runs `work` for 0, 1, 2 ... by that many callers; times those after the warm-up. */
export async function timeCallers(load: Load, work: (serial: number) => Promise<unknown>): Promise<Timing> {
  const durations: number[] = [];
  await byCallers(load.callers, 0, load.warmUp, work);
  const elapsed = startClocks();
  await byCallers(load.callers, load.warmUp, load.warmUp + load.count, async (serial) => {
    const asked = performance.now();
    await work(serial);
    durations.push(performance.now() - asked);
  });
  return timingOf(durations, elapsed());
}

/** Runs `work` for each serial number from `from` up to `to`, by that many callers at once. */
export async function byCallers(
  callers: number,
  from: number,
  to: number,
  work: (serial: number) => Promise<unknown>,
): Promise<void> {
  let next = from;
  const caller = async (): Promise<void> => {
    while (next < to) {
      const serial = next;
      next += 1;
      await work(serial);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}
