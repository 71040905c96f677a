import type { StorageShape } from '../../src/index.js';
import { type Answering, ChildProgram } from './child-program.js';
import { type CrashPoint, crashSides, pointText } from './crash-point.js';
import { groupedBy } from './grouped-by.js';
import type { CutPoint, RecoverAnswer, Unharmed } from './messages.js';
import type { CrashOperation } from './operation.js';
import { embeddedStores, type PointStores, type Preparer, serverStores } from './point-stores.js';
import { outputOf } from './store-files.js';

/** Processes at once: the test machine has two cores. */
const processesAtOnce = 2;
/** Far beyond the longest operation: one that never completes is a defect, not a reason to wait. */
const mostCommands = 2000;

/** What became of an operation that was cut at its points. */
export interface MatrixReport {
  /** Commands of the operation when nothing cuts it: the fewest, since a run that meets another repeats what it decided. */
  readonly commands: number;
  /** Points at which a process was killed, or what a kill would have left was copied. */
  readonly points: number;
  readonly problems: readonly string[];
}

/** Cuts operations at the commands that they send to a driver, and lets processes that were not there look at what is left. */
export class CrashMatrix {
  readonly #program: ChildProgram;
  readonly #preparer: Preparer;
  readonly #stores: PointStores;
  readonly #recoverers: Promise<Answering<readonly CutPoint[], RecoverAnswer>>[] = [];

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
    const counted = await this.#countCommands(operation);
    let command = 1;
    let sides = [...crashSides];
    let isOver = false;
    return this.#cut(operation, counted, () => {
      const side = sides.shift();
      if (isOver || side === undefined || command > mostCommands) return null;
      const point = { command, side };
      if (sides.length === 0) {
        command += 1;
        sides = [...crashSides];
      }
      return {
        point,
        onUnharmed: () => {
          isOver = point.command > counted.commands;
        },
      };
    });
  }

  /**
   * What kills would leave of an embedded store wherever that can be something else than at the point before: before each command that
   * can change it, and after each commit. One process that is not killed goes past them all and copies the files, and each copy
   * is recovered.
   */
  async copyWhereItChanges(operation: CrashOperation): Promise<MatrixReport> {
    const { commands, looks, copies, unharmed } = await this.#countCommands(operation, true);
    const points = copies.map(({ point, file, acknowledged }) => ({
      ...unharmed,
      address: { shape: 'sqlite', file } as const,
      subject: { ...unharmed.subject, output: outputOf(file) },
      label: `${operation.name}, ${pointText(point)} (copied)`,
      acknowledged,
    }));
    return { commands, points: looks, problems: await this.#recover([unharmed, ...points]) };
  }

  /** At some of its points. @param choose takes them from all */
  async cutAtSome(
    operation: CrashOperation,
    choose: (points: readonly CrashPoint[]) => readonly CrashPoint[],
  ): Promise<MatrixReport> {
    const counted = await this.#countCommands(operation);
    const all = Array.from({ length: counted.commands }, (_, at) =>
      crashSides.map((side) => ({ command: at + 1, side })),
    ).flat();
    const chosen = [...choose(all)];
    let others = chosen.length;
    return this.#cut(operation, counted, () => {
      const point = chosen.shift();
      if (point === undefined) return null;
      const onUnharmed = (commands: number): void => {
        const earlier = all.filter(({ command }) => command <= commands);
        if (others > 0) chosen.push(...choose(earlier).slice(0, 1));
        others -= 1;
      };
      return { point, onUnharmed };
    });
  }

  async close(): Promise<void> {
    await this.#stores.remove();
    await this.#preparer.end();
    for (const recoverer of this.#recoverers) await (await recoverer).end();
    await this.#program.remove();
  }

  /** @param copies whether it is copied on the way what kills would leave; only changes count then, unless the operation writes beside */
  async #countCommands(operation: CrashOperation, copies = false): Promise<Counted> {
    const store = await this.#stores.next(operation);
    const counted = copies && operation.writesBeside !== true ? 'changing' : 'all';
    const plan = { role: 'run', ...store, operation: operation.name, point: null, counted, copies } as const;
    const end = await this.#program.run(plan);
    if (end.problem !== null || end.unharmed === null) {
      throw new Error(`${operation.name} does not even complete when nothing cuts it: ${end.problem}`);
    }
    const label = `${operation.name}, unharmed`;
    const { commands, looks, copies: copied } = end.unharmed;
    const unharmed = { ...store, operation: operation.name, label, acknowledged: true };
    return { commands, looks, copies: copied, unharmed };
  }

  async #cut(operation: CrashOperation, counted: Counted, next: () => NextPoint | null): Promise<MatrixReport> {
    const problems: string[] = [];
    const cut: CutPoint[] = [];
    /** What lies about in a store that others share is taken up by the next run: it is looked at before that. */
    const keep = async (point: CutPoint, isShared: boolean): Promise<void> => {
      if (isShared && operation.alone === true) problems.push(...(await this.#recover([point])));
      else cut.push(point);
    };
    await keep(counted.unharmed, (await this.#stores.traceOf(counted.unharmed)) === null);
    const seen = new Set<string>();
    let points = 0;
    let { commands } = counted;
    const work = async (): Promise<void> => {
      for (let asked = next(); asked !== null; asked = next()) {
        const store = await this.#stores.next(operation);
        const { point, onUnharmed } = asked;
        const end = await this.#program.run({
          role: 'run',
          ...store,
          operation: operation.name,
          point,
          counted: 'all',
          copies: false,
        });
        const label = `${operation.name}, ${pointText(point)}`;
        if (end.problem !== null) problems.push(`${label}: ${end.problem}`);
        if (end.unharmed === null) points += 1;
        else {
          commands = Math.min(commands, end.unharmed.commands);
          onUnharmed(end.unharmed.commands);
        }
        const left = await this.#stores.traceOf(store);
        const isSeen = left !== null && seen.has(`${end.acknowledged} ${left}`);
        // Files that are the same byte for byte recover to the same store.
        if (isSeen) await this.#stores.discard(store);
        else await keep({ ...store, operation: operation.name, label, acknowledged: end.acknowledged }, left === null);
        seen.add(`${end.acknowledged} ${left}`);
      }
    };
    await Promise.all(Array.from({ length: operation.alone === true ? 1 : processesAtOnce }, work));
    return { commands, points, problems: [...problems, ...(await this.#recover(cut))] };
  }

  /** Stores of their own are looked at by as many processes as may run, and are gone afterwards; a store of all by one. */
  async #recover(points: readonly CutPoint[]): Promise<readonly string[]> {
    const stores = [...groupedBy(points, ({ address }) => JSON.stringify(address)).values()];
    const shares = Array.from({ length: Math.min(processesAtOnce, stores.length) }, (_, share) =>
      stores.filter((_store, at) => at % processesAtOnce === share).flat(),
    );
    const answers = await Promise.all(shares.map((points, share) => this.#recoverShare(points, share)));
    for (const point of points) await this.#stores.discard(point);
    return answers.flatMap(({ problems }) => problems);
  }

  /** The processes that recover serve all operations; a store is new to them each time. */
  async #recoverShare(points: readonly CutPoint[], share: number): Promise<RecoverAnswer> {
    const known = this.#recoverers[share];
    const recoverer = known ?? this.#program.start<readonly CutPoint[], RecoverAnswer>({ role: 'recover' });
    this.#recoverers[share] = recoverer;
    return (await recoverer).ask(points);
  }
}

interface Counted extends Unharmed {
  /** The run that counted; it is looked at like the others. */
  readonly unharmed: CutPoint;
}

interface NextPoint {
  readonly point: CrashPoint;
  /** @param commands what the run took, which ended before the point came */
  onUnharmed(commands: number): void;
}
