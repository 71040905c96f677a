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

/** What a command does to a store: it leaves every byte as it was, or may change some, or makes what was changed last. */
export type CommandKind = 'read' | 'change' | 'commit';

/** Which commands have a number: every one, or those that can change something. */
export type CountedCommands = 'all' | 'changing';

/** Counts the commands of this process that go to a driver, once armed, and kills the process at its point. */
export class CommandCounter {
  readonly #point: CrashPoint | null;
  readonly #counted: CountedCommands;
  readonly #commits: number[] = [];
  #lookOn: (point: CrashPoint) => void = () => undefined;
  #isArmed = false;
  #count = 0;

  /** @param point null counts alone */
  constructor(point: CrashPoint | null, counted: CountedCommands) {
    this.#point = point;
    this.#counted = counted;
  }

  get count(): number {
    return this.#count;
  }

  /** @param lookOn is called before each command that is counted, and after each commit */
  arm(lookOn: (point: CrashPoint) => void = () => undefined): void {
    this.#lookOn = lookOn;
    this.#isArmed = true;
  }

  /** A command of a driver that answers at once. */
  sync<Result>(kind: CommandKind, command: () => Result): Result {
    if (kind === 'read' && this.#counted === 'changing') return command();
    const number = this.#begin();
    if (number > 0 && kind === 'commit') this.#commits.push(number);
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
    if (command > 0 && (side === 'before' || this.#commits.includes(command))) this.#lookOn({ command, side });
    if (this.#point === null || this.#point.command !== command || this.#point.side !== side) return;
    process.kill(process.pid, 'SIGKILL');
    // Not one instruction more of the program: the signal may reach another thread first.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
}
