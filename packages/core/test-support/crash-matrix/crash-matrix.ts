import type { StorageShape } from '../../src/index.js';
import { ChildProgram } from './child-program.js';
import { type CrashPoint, crashSides, pointText } from './crash-point.js';
import { groupedBy } from './grouped-by.js';
import type { CutPoint, RecoverAnswer } from './messages.js';
import type { CrashOperation } from './operation.js';
import { embeddedStores, type PointStores, type Preparer, serverStores } from './point-stores.js';

/** Processes at once: the test machine has two cores. */
const processesAtOnce = 2;
/** Far beyond the longest operation: one that never completes is a defect, not a reason to wait. */
const mostCommands = 2000;

/** What became of an operation that was cut at its points. */
export interface MatrixReport {
  /** Commands of the operation when nothing cuts it. */
  readonly commands: number;
  /** Points at which a process was killed. */
  readonly points: number;
  readonly problems: readonly string[];
}

/** Cuts operations at the commands that they send to a driver, and lets processes that were not there look at what is left. */
export class CrashMatrix {
  readonly #program: ChildProgram;
  readonly #preparer: Preparer;
  readonly #stores: PointStores;

  private constructor(program: ChildProgram, preparer: Preparer, stores: PointStores) {
    this.#program = program;
    this.#preparer = preparer;
    this.#stores = stores;
  }

  static async open(shape: StorageShape): Promise<CrashMatrix> {
    const program = await ChildProgram.build();
    try {
      const preparer: Preparer = await program.start({ role: 'prepare' });
      const stores = await (shape === 'sqlite' ? embeddedStores(preparer) : serverStores(shape, preparer));
      return new CrashMatrix(program, preparer, stores);
    } catch (error) {
      await program.remove();
      throw error;
    }
  }

  /** Before and after the first command, the second, and so on until the operation completes unharmed. */
  async cutEverywhere(operation: CrashOperation): Promise<MatrixReport> {
    const commands = await this.#countCommands(operation);
    let next = 0;
    let isOver = false;
    return this.#cut(operation, commands, () => {
      const command = Math.floor(next / crashSides.length) + 1;
      const side = crashSides[next % crashSides.length];
      if (isOver || side === undefined || command > mostCommands) return null;
      next += 1;
      return {
        point: { command, side },
        onUnharmed: () => {
          isOver = command > commands.counted;
        },
      };
    });
  }

  /** At some of its points. @param choose takes them from all */
  async cutAtSome(
    operation: CrashOperation,
    choose: (points: readonly CrashPoint[]) => readonly CrashPoint[],
  ): Promise<MatrixReport> {
    const commands = await this.#countCommands(operation);
    const all = Array.from({ length: commands.counted }, (_, at) =>
      crashSides.map((side) => ({ command: at + 1, side })),
    ).flat();
    const chosen = [...choose(all)];
    return this.#cut(operation, commands, () => {
      const point = chosen.shift();
      return point === undefined ? null : { point, onUnharmed: () => undefined };
    });
  }

  async close(): Promise<void> {
    await this.#stores.remove();
    await this.#preparer.end();
    await this.#program.remove();
  }

  async #countCommands(operation: CrashOperation): Promise<Counted> {
    const store = await this.#stores.next(operation);
    const end = await this.#program.run({ role: 'run', ...store, operation: operation.name, point: null });
    if (end.problem !== null || end.commands === null) {
      throw new Error(`${operation.name} does not even complete when nothing cuts it: ${end.problem}`);
    }
    const label = `${operation.name}, unharmed`;
    return { counted: end.commands, unharmed: { ...store, operation: operation.name, label, acknowledged: true } };
  }

  async #cut(operation: CrashOperation, counted: Counted, next: () => NextPoint | null): Promise<MatrixReport> {
    const cut: CutPoint[] = [counted.unharmed];
    const seen = new Set<string>();
    const problems: string[] = [];
    let points = 0;
    const work = async (): Promise<void> => {
      for (let asked = next(); asked !== null; asked = next()) {
        const store = await this.#stores.next(operation);
        const { point, onUnharmed } = asked;
        const end = await this.#program.run({ role: 'run', ...store, operation: operation.name, point });
        const label = `${operation.name}, ${pointText(point)}`;
        if (end.problem !== null) problems.push(`${label}: ${end.problem}`);
        if (end.commands === null) points += 1;
        else onUnharmed();
        const left = await this.#stores.traceOf(store);
        const isSeen = left !== null && seen.has(`${end.acknowledged} ${left}`);
        // Files that are the same byte for byte recover to the same store.
        if (isSeen) await this.#stores.discard(store);
        else cut.push({ ...store, operation: operation.name, label, acknowledged: end.acknowledged });
        seen.add(`${end.acknowledged} ${left}`);
      }
    };
    await Promise.all(Array.from({ length: operation.alone === true ? 1 : processesAtOnce }, work));
    return { commands: counted.counted, points, problems: [...problems, ...(await this.#recover(cut))] };
  }

  /** Stores of their own are looked at by as many processes as may run; a store of all by one. */
  async #recover(points: readonly CutPoint[]): Promise<readonly string[]> {
    const stores = [...groupedBy(points, ({ address }) => JSON.stringify(address)).values()];
    const shares = Array.from({ length: Math.min(processesAtOnce, stores.length) }, (_, share) =>
      stores.filter((_store, at) => at % processesAtOnce === share).flat(),
    );
    const answers = await Promise.all(shares.map((share) => this.#recoverShare(share)));
    return answers.flatMap(({ problems }) => problems);
  }

  async #recoverShare(points: readonly CutPoint[]): Promise<RecoverAnswer> {
    const process = await this.#program.start<readonly CutPoint[], RecoverAnswer>({ role: 'recover' });
    try {
      return await process.ask(points);
    } finally {
      await process.end();
    }
  }
}

interface Counted {
  readonly counted: number;
  /** The run that counted; it is looked at like the others. */
  readonly unharmed: CutPoint;
}

interface NextPoint {
  readonly point: CrashPoint;
  onUnharmed(): void;
}
