import { type PausableClocks, pausableClocks, type Timing, timingOf } from './timing.ts';

export interface Rounds {
  /** Asked before the clocks start. */
  readonly warmUp: number;
  readonly counted: number;
  /** After so many seconds it ends, however many rounds are left; but not before `least` of them are done. */
  readonly mostSeconds: number;
  readonly least: number;
}

/** Two ways to the same answer. */
export interface Sides<Answer> {
  readonly ours: (round: number) => Promise<Answer>;
  readonly byHand: (round: number) => Promise<Answer>;
  /** Throws when the two differ: a fast answer that is another answer counts for nothing. */
  readonly requireSame: (ours: Answer, byHand: Answer, round: number) => void;
}

export interface SideBySide {
  readonly ours: Timing;
  readonly byHand: Timing;
}

/**
 * Asks both in every round, each of them first in every other: what the first had to fetch from the disk the second finds in memory, and
 * whatever else is at work on the machine slows both.
 */
export async function timeSideBySide<Answer>(
  { warmUp, counted, mostSeconds, least }: Rounds,
  { ours, byHand, requireSame }: Sides<Answer>,
): Promise<SideBySide> {
  const ourTimes = new AskedTimes<Answer>(ours);
  const handTimes = new AskedTimes<Answer>(byHand);
  const end = performance.now() + mostSeconds * 1000;
  for (let round = 0; round < warmUp + counted; round += 1) {
    if (round >= warmUp + least && performance.now() > end) break;
    const isCounted = round >= warmUp;
    const [first, second] = round % 2 === 0 ? [ourTimes, handTimes] : [handTimes, ourTimes];
    const answer = await first.ask(round, isCounted);
    const other = await second.ask(round, isCounted);
    requireSame(first === ourTimes ? answer : other, first === ourTimes ? other : answer, round);
  }
  return { ours: ourTimes.timing(), byHand: handTimes.timing() };
}

class AskedTimes<Answer> {
  readonly #work: (round: number) => Promise<Answer>;
  readonly #clocks: PausableClocks = pausableClocks();
  readonly #millis: number[] = [];

  constructor(work: (round: number) => Promise<Answer>) {
    this.#work = work;
  }

  async ask(round: number, isCounted: boolean): Promise<Answer> {
    if (!isCounted) return this.#work(round);
    const start = performance.now();
    this.#clocks.start();
    const answer = await this.#work(round);
    this.#clocks.pause();
    this.#millis.push(performance.now() - start);
    return answer;
  }

  timing(): Timing {
    return timingOf(this.#millis, this.#clocks.read());
  }
}
