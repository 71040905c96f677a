import { LmsError } from '../../foundation/kernel/index.js';
import type { Numbers, Unit } from '../../foundation/persistence/index.js';
import type { MongoAccess } from './mongo-database.js';
import { isMongoError, mongoFailureOf } from './mongo-errors.js';

interface Draw {
  readonly count: number;
  readonly resolve: (first: number) => void;
  readonly reject: (error: unknown) => void;
}

const attempts = 10;

/**
 * Counters, each draw one atomic step of its own before the unit that uses it: in a transaction every other unit would wait
 * for it. Draws that arrive while one is under way share the next step.
 */
export class MongoNumbers implements Numbers {
  readonly inUnit = false;
  readonly #access: MongoAccess;
  readonly #waiting = new Map<string, Draw[]>();

  constructor(access: MongoAccess) {
    this.#access = access;
  }

  draw(_unit: Unit | null, series: string, count: number): Promise<number> {
    if (!Number.isSafeInteger(count) || count < 1) {
      return Promise.reject(new LmsError('INTERNAL', { message: `cannot draw ${count} numbers` }));
    }
    return new Promise((resolve, reject) => {
      const draw = { count, resolve, reject };
      const waiting = this.#waiting.get(series);
      if (waiting !== undefined) {
        waiting.push(draw);
        return;
      }
      this.#waiting.set(series, []);
      void this.#drawAll(series, [draw]);
    });
  }

  /** Draws for these callers, then for those that came meanwhile, until nobody waits. */
  async #drawAll(series: string, first: readonly Draw[]): Promise<void> {
    let draws = first;
    while (draws.length > 0) {
      await this.#drawTogether(series, draws);
      draws = this.#waiting.get(series) ?? [];
      if (draws.length > 0) this.#waiting.set(series, []);
    }
    this.#waiting.delete(series);
  }

  async #drawTogether(series: string, draws: readonly Draw[]): Promise<void> {
    try {
      const total = draws.reduce((sum, draw) => sum + draw.count, 0);
      let next = (await this.#step(series, total)) - total + 1;
      for (const draw of draws) {
        draw.resolve(next);
        next += draw.count;
      }
    } catch (error) {
      for (const draw of draws) draw.reject(error);
    }
  }

  /** Two callers that begin a series at once may clash on making its counter; the later finds it made. */
  async #step(series: string, count: number): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#increment(series, count);
      } catch (error) {
        if (!isClash(error) || attempt === attempts) throw error;
      }
    }
  }

  async #increment(series: string, count: number): Promise<number> {
    const counter = await this.#access.on(null, 'numbers', (collection) =>
      collection.findOneAndUpdate(
        { _id: series },
        { $inc: { drawn: BigInt(count) } },
        { upsert: true, returnDocument: 'after', includeResultMetadata: false },
      ),
    );
    const drawn = counter?.['drawn'];
    if (typeof drawn !== 'number' || !Number.isSafeInteger(drawn)) {
      throw new LmsError('STORE_CORRUPT', { message: `the counter of the series ${series} is not a number` });
    }
    return drawn;
  }
}

function isClash(error: unknown): boolean {
  const cause = LmsError.isInstance(error) ? error.cause : null;
  return isMongoError(cause) && mongoFailureOf(cause) === 'duplicate-key';
}
