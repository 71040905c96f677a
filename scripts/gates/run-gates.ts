import type { Gate } from './gate.ts';

/** How many checks or tests passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the gates one after another, all of them, and prints a line for each; a failed one prints what it found. */
export async function runGates(gates: readonly Gate[]): Promise<Tally> {
  let passed = 0;
  for (const gate of gates) {
    const started = performance.now();
    const failure = await gate.run().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (failure === undefined) passed += 1;
    console.log(
      failure === undefined ? `ok    ${gate.name} (${seconds} s)` : `FAIL  ${gate.name} (${seconds} s)\n${failure}`,
    );
  }
  return { passed, failed: gates.length - passed };
}
