import { setImmediate as nextTurn } from 'node:timers/promises';
import { LmsError } from '../../../foundation/kernel/index.js';
import type { SqlConnection, SqlResult, SqlStatement, SqlValue } from '../sql-connection.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** How long units may run without giving the event loop a turn. */
const longestSliceMillis = 15;
const statementsASlice = 200;

/** When the event loop last had its turn, shared by the units of one writer. */
export class TurnClock {
  #since: number = performance.now();

  restart(): void {
    this.#since = performance.now();
  }

  get isOverdue(): boolean {
    return performance.now() - this.#since > longestSliceMillis;
  }
}

/** The writer's connection as one unit sees it: usable until the unit ends, and polite to the event loop. */
export class UnitConnection implements SqlConnection {
  readonly #connection: SqliteConnection;
  readonly #turns: TurnClock;
  #open = true;

  constructor(connection: SqliteConnection, turns: TurnClock) {
    this.#connection = connection;
    this.#turns = turns;
  }

  end(): void {
    this.#open = false;
  }

  execute<Row>(statement: SqlStatement): Promise<SqlResult<Row>> {
    if (!this.#open) return Promise.reject(endedUnit());
    if (this.#turns.isOverdue) return this.#executeNextTurn(statement);
    return this.#connection.execute<Row>(statement);
  }

  async executeEach(sql: string, lists: readonly (readonly SqlValue[])[]): Promise<readonly number[]> {
    const affected: number[] = [];
    for (let start = 0; start < lists.length; start += statementsASlice) {
      if (this.#turns.isOverdue) {
        await nextTurn();
        this.#turns.restart();
      }
      if (!this.#open) throw endedUnit();
      const slice = lists.length <= statementsASlice ? lists : lists.slice(start, start + statementsASlice);
      affected.push(...(await this.#connection.executeEach(sql, slice)));
    }
    return affected;
  }

  async #executeNextTurn<Row>(statement: SqlStatement): Promise<SqlResult<Row>> {
    await nextTurn();
    this.#turns.restart();
    if (!this.#open) throw endedUnit();
    return this.#connection.execute<Row>(statement);
  }
}

function endedUnit(): LmsError {
  return new LmsError('INTERNAL', { message: 'A unit of work was used after it had ended' });
}
