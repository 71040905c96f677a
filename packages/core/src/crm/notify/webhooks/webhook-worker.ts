import { setImmediate as nextTurn } from 'node:timers/promises';
import { LmsError } from '../../../foundation/kernel/index.js';
import type { CourierReport, WebhookCourier } from './webhook-courier.js';
import type { WebhookFanOut } from './webhook-fan-out.js';

export interface WebhookWorkerPorts {
  readonly fanOut: WebhookFanOut;
  /** A new one, with nothing in hand. */
  readonly courier: () => WebhookCourier;
}

export interface WebhookRoundOptions {
  /** Deliveries at most; 500 when absent, and nothing is done where it is 0. */
  readonly limit?: number;
  /** After so many milliseconds nothing more is begun, and what is still under way is given back; 20,000 when absent. */
  readonly millis?: number;
}

/** What one round did. */
export interface WebhookRound extends CourierReport {
  /** Deliveries that events became. */
  readonly queued: number;
}

const defaultRound = { limit: 500, millis: 20_000 };
const mostFanOuts = 20;

/** A nap that others can end. */
class Nap {
  #rouse: () => void = () => undefined;

  /** Ends after so long, or when roused. */
  for(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  rouse(): void {
    this.#rouse();
  }
}

/** Hands events to endpoints and sends them, until it is stopped; or one round of it. Any number may run, in any processes. */
export class WebhookWorker {
  readonly #ports: WebhookWorkerPorts;
  readonly #pollMillis: number;
  readonly #feedNap = new Nap();
  readonly #sendNap = new Nap();
  #courier: WebhookCourier | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #stopping = false;
  #lastError: string | null = null;

  constructor(ports: WebhookWorkerPorts, { pollMillis }: { readonly pollMillis: number }) {
    this.#ports = ports;
    this.#pollMillis = pollMillis;
  }

  /** Code of the error with which the store last refused it; null when it never did. */
  get lastError(): string | null {
    return this.#lastError;
  }

  /** Begins to work; does nothing when it runs already. A store that is away is tried again by itself. */
  start(): void {
    if (this.#courier !== null) return;
    const courier = this.#ports.courier();
    this.#courier = courier;
    this.#stopping = false;
    courier.onEnded(() => this.#sendNap.rouse());
    this.#running = Promise.all([this.#feed(), this.#send(courier)]);
  }

  /** Claims nothing more, waits for what is under way, and gives back what does not end in time. */
  async stop(timeoutMillis = 10_000): Promise<void> {
    const courier = this.#courier;
    if (courier === null) return;
    this.#stopping = true;
    this.#feedNap.rouse();
    this.#sendNap.rouse();
    await this.#running;
    const timer = setTimeout(() => courier.abort(), timeoutMillis);
    await courier.settled();
    clearTimeout(timer);
    await this.#trying(() => courier.turn(0));
    this.#courier = null;
  }

  /** One bounded round, for where no worker runs. @throws LmsError `STORE_*` */
  async round(options: WebhookRoundOptions = {}): Promise<WebhookRound> {
    const { limit, millis } = { ...defaultRound, ...options };
    if (limit <= 0) return { queued: 0, delivered: 0, failed: 0 };
    const queued = await this.#fanOut();
    const courier = this.#ports.courier();
    const until = performance.now() + millis;
    const timer = setTimeout(() => courier.abort(), millis);
    try {
      for (let left = limit; ; ) {
        const begun = await courier.turn(performance.now() < until ? left : 0);
        left -= begun;
        if (begun === 0 && courier.isIdle) break;
        await courier.next();
      }
    } finally {
      clearTimeout(timer);
      await courier.settled();
    }
    return { queued, ...courier.report };
  }

  async #fanOut(): Promise<number> {
    let queued = 0;
    for (let rounds = 0; rounds < mostFanOuts; rounds += 1) {
      const round = await this.#ports.fanOut.round();
      queued += round.queued;
      if (!round.more) break;
    }
    return queued;
  }

  async #feed(): Promise<void> {
    while (!this.#stopping) {
      const roused = this.#feedNap.for(this.#pollMillis);
      const round = await this.#trying(() => this.#ports.fanOut.round());
      if (round !== null && round.queued > 0) this.#sendNap.rouse();
      if (round?.more === true) this.#feedNap.rouse();
      await roused;
    }
  }

  async #send(courier: WebhookCourier): Promise<void> {
    while (!this.#stopping) {
      const roused = this.#sendNap.for(this.#pollMillis);
      const begun = await this.#trying(() => courier.turn());
      if (begun !== null && begun > 0) {
        // There may be more; those that end together are written down together.
        await nextTurn();
        this.#sendNap.rouse();
      }
      await roused;
    }
  }

  async #trying<Result>(work: () => Promise<Result>): Promise<Result | null> {
    try {
      return await work();
    } catch (error) {
      this.#lastError = LmsError.isInstance(error) ? error.code : 'INTERNAL';
      return null;
    }
  }
}
