import { type Clock, type ErrorCode, LmsError } from '../kernel/index.js';
import { callSignal } from './call-signal.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { breakerEndOfCode } from './failure-codes.js';
import { HttpTransport } from './http-transport.js';
import type { ResolvedTarget } from './outbound-target.js';
import { type NameResolver, systemResolver } from './pinned-lookup.js';
import { retryAfterMillis } from './retry-after.js';
import { keptShortly, type SecretSource, secretSource } from './secret-source.js';
import type { TryResult } from './try-result.js';
import { allowedUrl } from './url-rules.js';

export interface SingleSenderPorts {
  readonly clock: Clock;
  readonly secrets?: SecretSource;
  readonly resolver?: NameResolver;
}

/** One request. */
export interface SingleRequest {
  /** Whose failures are counted together; see {@link SingleSender.room}. */
  readonly receiver: string;
  readonly url: string;
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long it may take, where that is less than the target allows. */
  readonly withinMillis?: number;
  /** Ends it; what was not sent by then is not sent. */
  readonly signal: AbortSignal;
}

/** What became of it. */
export interface SentOnce {
  /** Of the answer, also where its body could not be read to the end; null where none came. */
  readonly status: number | null;
  /** Why there was no answer, or none to the end; null where there was. */
  readonly code: ErrorCode | null;
  /** How long the answer asks to be left alone. */
  readonly retryAfterMillis: number | null;
  readonly durationMillis: number;
}

const mostReceivers = 1_000;

/**
 * Sends requests once, for who keeps its own record of them and plans its own tries: with the guard, the time-outs and the limits of a
 * target, no redirect followed, and a circuit breaker for each receiver. It writes nothing down.
 */
export class SingleSender {
  readonly #target: ResolvedTarget;
  readonly #clock: Clock;
  readonly #transport: HttpTransport;
  /** In the order of their last use. */
  readonly #breakers = new Map<string, CircuitBreaker>();

  constructor(
    target: ResolvedTarget,
    { clock, secrets = secretSource({}), resolver = systemResolver }: SingleSenderPorts,
  ) {
    this.#target = target;
    this.#clock = clock;
    this.#transport = new HttpTransport({ resolver, secrets: keptShortly(secrets, clock) });
  }

  /** @throws LmsError `OUTBOUND_REFUSED` for a URL that may never be called; names are looked up only when it is */
  requireAllowed(url: string): void {
    allowedUrl(url, this.#target.network);
  }

  /** How many requests to this receiver may begin now: any number, or one to see whether it is back, or none. */
  room(receiver: string): number {
    const state = this.#breakers.get(receiver)?.state ?? 'closed';
    if (state === 'closed') return Number.POSITIVE_INFINITY;
    return state === 'half-open' ? 1 : 0;
  }

  /** Null when the receiver failed so much that it is left alone, so that nothing was sent. Throws nothing. */
  async send({ receiver, url, method, headers, body, withinMillis, signal }: SingleRequest): Promise<SentOnce | null> {
    const call = this.#breaker(receiver).admit();
    if ('refusedForMillis' in call) return null;
    const begunAt = performance.now();
    const { totalMillis } = this.#target.timeouts;
    using stopping = callSignal(this.#target.name, Math.min(totalMillis, withinMillis ?? totalMillis), signal);
    const result = await this.#tried({ url, method, headers, body }, stopping.signal);
    call.end(breakerEndOf(result));
    const retryAfter = result.kind === 'answered' ? result.headers['retry-after'] : undefined;
    return {
      status: result.status,
      code: result.kind === 'answered' ? null : result.code,
      retryAfterMillis: retryAfterMillis(retryAfter, this.#clock.now()),
      durationMillis: Math.round(performance.now() - begunAt),
    };
  }

  /** Ends the connections; nothing may be under way any more. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  async #tried(
    request: Pick<SingleRequest, 'url' | 'method' | 'headers' | 'body'>,
    signal: AbortSignal,
  ): Promise<TryResult> {
    try {
      const url = allowedUrl(request.url, this.#target.network);
      return await this.#transport.send({ ...request, url }, this.#target, signal);
    } catch (error) {
      if (!LmsError.isInstance(error)) throw error;
      const { code, message: reason } = error;
      return { kind: 'failed', code, reason, mayHaveArrived: false, status: null, cause: error };
    }
  }

  #breaker(receiver: string): CircuitBreaker {
    const breaker = this.#breakers.get(receiver) ?? new CircuitBreaker(this.#target.breaker, this.#clock);
    this.#breakers.delete(receiver);
    this.#breakers.set(receiver, breaker);
    const [oldest] = this.#breakers.keys();
    if (this.#breakers.size > mostReceivers && oldest !== undefined) this.#breakers.delete(oldest);
    return breaker;
  }
}

/** Who answers 429 asks for a pause, as who answers 5xx needs one. */
function breakerEndOf(result: TryResult): ReturnType<typeof breakerEndOfCode> {
  if (result.kind === 'failed' && result.status === null) return breakerEndOfCode(result.code);
  const { status } = result;
  return status === null || status === 429 || status >= 500 ? 'failed' : 'succeeded';
}
