import { LmsError } from '../foundation/kernel/index.js';
import { RunningUnits, storeClosed } from './running-units.js';

/**
 * A connection to servers: made once, however many callers open it, and let go of when the units and reads under way have ended.
 */
export class OpenedOnce<Connection extends { close(): Promise<void> }> {
  readonly #connect: () => Promise<Connection>;
  readonly #units: RunningUnits = new RunningUnits();
  /** Units that run while the store closes still read, so reads are refused later than units. */
  readonly #reads: RunningUnits = new RunningUnits();
  #opening: Promise<Connection> | null = null;
  #connection: Connection | null = null;
  #closing: Promise<void> | null = null;

  constructor(connect: () => Promise<Connection>) {
    this.#connect = connect;
  }

  /** @throws LmsError `STORE_CLOSED` */
  get connection(): Connection {
    if (this.#reads.isClosed) throw storeClosed();
    if (this.#connection !== null) return this.#connection;
    throw new LmsError('STORE_CLOSED', { message: 'the store is not open; call open() first' });
  }

  /** Runs a unit that {@link close} waits for. @throws LmsError `STORE_CLOSED` */
  run<Result>(unit: () => Promise<Result>): Promise<Result> {
    return this.#units.run(unit);
  }

  /** Runs a read, or a write without a unit, that {@link close} waits for. @throws LmsError `STORE_CLOSED` */
  read<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#reads.run(async () => work(this.connection));
  }

  /** A failed opening may be tried again. @throws LmsError `STORE_CLOSED`, and what connecting throws */
  async open(): Promise<void> {
    if (this.#closing !== null) throw storeClosed();
    this.#opening ??= this.#connect();
    const attempt = this.#opening;
    try {
      this.#connection = await attempt;
    } catch (error) {
      if (this.#opening === attempt) this.#opening = null;
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#units.close();
    await this.#reads.close();
    const opened = await this.#opening?.catch(() => null);
    await opened?.close();
  }
}
