/** Where a process kills itself: before its n-th command goes to a driver, counted from 1, or after it was answered. */
export interface CrashPoint {
  readonly command: number;
  readonly side: CrashSide;
}

export type CrashSide = 'before' | 'after';

export const crashSides: readonly CrashSide[] = ['before', 'after'];

export function pointText({ command, side }: CrashPoint): string {
  return `${side} command ${command}`;
}

/** Counts the commands of this process that go to a driver, once armed, and kills the process at its point. */
export class CommandCounter {
  readonly #point: CrashPoint | null;
  #isArmed = false;
  #count = 0;

  /** @param point null counts alone */
  constructor(point: CrashPoint | null) {
    this.#point = point;
  }

  get count(): number {
    return this.#count;
  }

  arm(): void {
    this.#isArmed = true;
  }

  /** A command of a driver that answers at once. */
  sync<Result>(command: () => Result): Result {
    const number = this.#begin();
    try {
      return command();
    } finally {
      this.#reach(number, 'after');
    }
  }

  async async<Result>(command: () => Promise<Result>): Promise<Result> {
    const number = this.#begin();
    try {
      return await command();
    } finally {
      this.#reach(number, 'after');
    }
  }

  /** @returns what is to be called with the answer */
  callback(): () => void {
    const number = this.#begin();
    return () => this.#reach(number, 'after');
  }

  #begin(): number {
    if (!this.#isArmed) return 0;
    this.#count += 1;
    this.#reach(this.#count, 'before');
    return this.#count;
  }

  #reach(command: number, side: CrashSide): void {
    if (this.#point === null || this.#point.command !== command || this.#point.side !== side) return;
    process.kill(process.pid, 'SIGKILL');
    // Not one instruction more of the program: the signal may reach another thread first.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
}
