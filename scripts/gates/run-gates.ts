import type { Gate } from './gate.ts';

/** How many checks or tests passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the lanes side by side and the gates of each one after another, all of them; each prints a line, a failed one what it found. */
export async function runGates(lanes: readonly (readonly Gate[])[]): Promise<Tally> {
  const passed = (await Promise.all(lanes.map(passedOf))).flat().filter((isPassed) => isPassed).length;
  return { passed, failed: lanes.flat().length - passed };
}

/** Whether each gate of a lane passed. */
async function passedOf(lane: readonly Gate[]): Promise<readonly boolean[]> {
  const passed: boolean[] = [];
  for (const gate of lane) passed.push(await passes(gate));
  return passed;
}

async function passes({ name, run }: Gate): Promise<boolean> {
  const started = performance.now();
  const failure = await run().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(failure === undefined ? `ok    ${name} (${seconds} s)` : `FAIL  ${name} (${seconds} s)\n${failure}`);
  return failure === undefined;
}
