import { startClocks, type Timing, timingOf } from './timing.ts';

/** Does the same thing one time after another; the first `warmUp` times do not count. */
export async function timeRepeats(
  times: { readonly warmUp: number; readonly counted: number },
  work: () => Promise<unknown>,
): Promise<Timing> {
  for (let done = 0; done < times.warmUp; done += 1) await work();
  const durations: number[] = [];
  const elapsed = startClocks();
  for (let done = 0; done < times.counted; done += 1) {
    const start = performance.now();
    await work();
    durations.push(performance.now() - start);
  }
  return timingOf(durations, elapsed());
}
