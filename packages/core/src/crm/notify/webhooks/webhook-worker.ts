import { setImmediate as nextTurn } from 'node:timers/promises';
import { Nap, Troubles } from '../../../foundation/jobs/index.js';
import type { CourierReport, WebhookCourier } from './webhook-courier.js';
import type { WebhookFanOut } from './webhook-fan-out.js';
import type { CheckedWebhookSettings } from './webhook-settings.js';

export interface WebhookWorkerPorts {
  readonly fanOut: WebhookFanOut;
  /** A new one, with nothing in hand. */
  readonly courier: () => WebhookCourier;
}

export interface WebhookRoundOptions {
  /** Deliveries at most; 500 when absent, and nothing is done where it is 0. */
  readonly limit?: number;
  /**
   * How long it may take in all; 20,000 when absent. Each try has what is left of it, at most the time-out of the settings, and none is begun
   * once less is left than half of the whole, and than that time-out.
   */
  readonly millis?: number;
  /** Ends the round early: nothing more is begun, and what is not answered is given back, to be sent again. */
  readonly signal?: AbortSignal;
}

/** What one round did. */
export interface WebhookRound extends CourierReport {
  /** Deliveries that events became. */
  readonly queued: number;
}

const defaultRound = { limit: 500, millis: 20_000 };
const mostFanOuts = 20;

/** Hands events to endpoints and sends them, until it is stopped; or one round of it. Any number may run, in any processes. */
export class WebhookWorker {
  readonly #ports: WebhookWorkerPorts;
  readonly #pollMillis: number;
  readonly #tryMillis: number;
  readonly #feedNap = new Nap();
  readonly #sendNap = new Nap();
  #courier: WebhookCourier | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #stopping = false;
  readonly #troubles = new Troubles();

  constructor(
    ports: WebhookWorkerPorts,
    { pollMillis, target }: Pick<CheckedWebhookSettings, 'pollMillis' | 'target'>,
  ) {
    this.#ports = ports;
    this.#pollMillis = pollMillis;
    this.#tryMillis = target.timeouts.totalMillis;
  }

  /** Code of the error with which the store refuses it something; null while it works. */
  get lastError(): string | null {
    return this.#troubles.last;
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
    await this.#troubles.trying('send', () => courier.turn({ limit: 0 }));
    this.#courier = null;
  }

  /** One bounded round, for where no worker runs. @throws LmsError `STORE_*` */
  async round({ signal, ...options }: WebhookRoundOptions = {}): Promise<WebhookRound> {
    const { limit, millis } = { ...defaultRound, ...options };
    const isOver = (): boolean => signal?.aborted === true;
    if (limit <= 0 || isOver()) return { queued: 0, delivered: 0, failed: 0 };
    const queued = await this.#fanOut(isOver);
    const courier = this.#ports.courier();
    const until = performance.now() + millis;
    // A receiver that hangs is told of as having failed, however short the rounds are: none of its tries is cut at their end.
    const leastMillis = Math.min(this.#tryMillis, millis / 2);
    const abort = (): void => courier.abort();
    signal?.addEventListener('abort', abort);
    try {
      for (let left = limit; ; ) {
        const leftMillis = until - performance.now();
        const mayBegin = leftMillis > 0 && leftMillis >= leastMillis && !isOver();
        const begun = await courier.turn({ limit: mayBegin ? left : 0, millis: leftMillis });
        left -= begun;
        if (begun === 0 && courier.isIdle) break;
        await courier.next();
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      await courier.settled();
    }
    return { queued, ...courier.report };
  }

  async #fanOut(isOver: () => boolean): Promise<number> {
    let queued = 0;
    for (let rounds = 0; rounds < mostFanOuts && !isOver(); rounds += 1) {
      const round = await this.#ports.fanOut.round();
      queued += round.queued;
      if (!round.more) break;
    }
    return queued;
  }

  async #feed(): Promise<void> {
    while (!this.#stopping) {
      const roused = this.#feedNap.for(this.#pollMillis);
      const round = await this.#troubles.trying('feed', () => this.#ports.fanOut.round());
      if (round !== null && round.queued > 0) this.#sendNap.rouse();
      if (round?.more === true) this.#feedNap.rouse();
      await roused;
    }
  }

  async #send(courier: WebhookCourier): Promise<void> {
    while (!this.#stopping) {
      const roused = this.#sendNap.for(this.#pollMillis);
      const begun = await this.#troubles.trying('send', () => courier.turn());
      if (begun !== null && begun > 0) {
        // There may be more; those that end together are written down together.
        await nextTurn();
        this.#sendNap.rouse();
      }
      await roused;
    }
  }
}
