import { type Clock, LmsError, type RandomSource } from '../kernel/index.js';
import type { UnitOfWork } from '../persistence/index.js';
import type { Budgets, Spent } from './budgets.js';
import { callError } from './call-error.js';
import type { Delays } from './delays.js';
import type { ExchangeRecorder, NewExchange, OpenRecord } from './exchange-recorder.js';
import type { ExchangeEnd } from './exchange-store.js';
import { breakerEndOfCode, mayPass } from './failure-codes.js';
import type { HttpTransport } from './http-transport.js';
import type { OutboundEvent, OutboundLog } from './outbound-log.js';
import type { OutboundResponse } from './outbound-request.js';
import type { ResolvedTarget } from './outbound-target.js';
import { type Hop, nextHop } from './redirect.js';
import { pauseBeforeRetry, type TryEnd } from './retry-decision.js';
import type { Admission, TargetGate } from './target-gate.js';
import type { Answer, Failure, TryResult } from './try-result.js';

/** What all calls share. */
export interface CallPorts {
  readonly unitOfWork: UnitOfWork;
  readonly recorder: ExchangeRecorder;
  readonly budgets: Budgets;
  readonly transport: HttpTransport;
  readonly delays: Delays;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly log: OutboundLog;
  /** Aborted when the client closes: what is under way then ends, and no further try begins. Its reason is an {@link LmsError}. */
  readonly closing: AbortSignal;
}

/** A call that was checked and may be made. */
export interface PreparedCall {
  readonly exchange: NewExchange;
  readonly target: ResolvedTarget;
  readonly gate: TargetGate;
  readonly hop: Hop;
  /** Headers that are never written down and go to no other origin. */
  readonly secretHeaders: ReadonlySet<string>;
  readonly repeatable: boolean;
  readonly signal: AbortSignal;
}

/** A try that may be made, and what it spends. */
interface Admitted {
  readonly admission: Admission;
  readonly spent: Spent;
}

/** One call: tried until it is answered or trying again would be wrong, and written down before and after. */
export class OutboundCall {
  readonly #ports: CallPorts;
  readonly #call: PreparedCall;
  readonly #startedAt: number;
  /** Ends waiting: for a turn, and between tries. */
  readonly #waiting: AbortSignal;
  /** What the running or last try asked last, and how many redirects led to it. */
  #last: { readonly hop: Hop; readonly followed: number };
  #record: OpenRecord | null = null;
  #attempts = 0;
  /** Whether some try may have arrived. */
  #ambiguous = false;

  constructor(ports: CallPorts, call: PreparedCall) {
    this.#ports = ports;
    this.#call = call;
    this.#startedAt = ports.clock.now();
    this.#waiting = AbortSignal.any([call.signal, ports.closing]);
    this.#last = { hop: call.hop, followed: 0 };
  }

  /** @throws LmsError as `OutboundClient.call` says */
  async make(): Promise<OutboundResponse> {
    const result = await this.#tryUntilEnded();
    if (result.kind === 'answered') return this.#answered(result);
    const error = this.#errorOf(result);
    await this.#writeDown(result, error.code);
    this.#tell({ event: 'outbound.failed', code: error.code, ambiguous: this.#ambiguous, ...this.#measured() });
    throw error;
  }

  async #answered(answer: Answer): Promise<OutboundResponse> {
    await this.#writeDown(answer, 'answered');
    const { status, headers, body } = answer;
    const { tries: attempts, durationMillis } = this.#measured();
    this.#tell({ event: 'outbound.answered', status, tries: attempts, durationMillis });
    return { exchangeId: this.#call.exchange.id, status, headers, body, durationMillis, attempts };
  }

  #measured(): { readonly tries: number; readonly durationMillis: number } {
    return { tries: this.#attempts, durationMillis: Math.max(0, this.#ports.clock.now() - this.#startedAt) };
  }

  async #tryUntilEnded(): Promise<TryResult> {
    let last = await this.#tryOnce(await this.#firstAdmitted());
    for (;;) {
      const pauseMillis = this.#pauseAfter(last);
      if (pauseMillis === null) return last;
      this.#tell({ event: 'outbound.retry', tries: this.#attempts, pauseMillis, reason: reasonOf(last) });
      try {
        await this.#ports.delays.wait(pauseMillis, this.#waiting);
        last = await this.#tryOnce(await this.#admitted());
      } catch (error) {
        // Stopped while waiting, or no further try was let through: what is known is the end.
        if (!LmsError.isInstance(error)) throw error;
        return last;
      }
    }
  }

  /** What is refused before it was ever sent leaves no record; the log tells of it. */
  async #firstAdmitted(): Promise<Admitted> {
    try {
      return await this.#admitted();
    } catch (error) {
      if (LmsError.isInstance(error)) {
        this.#tell({ event: 'outbound.failed', code: error.code, ambiguous: false, ...this.#measured() });
      }
      throw error;
    }
  }

  /** The place for one try; before the first, the record is written, and with every one the budgets are charged. */
  async #admitted(): Promise<Admitted> {
    const { unitOfWork, recorder, budgets } = this.#ports;
    const { gate, target, exchange, hop, secretHeaders: secret } = this.#call;
    const admission = await gate.admit(this.#waiting);
    try {
      let spent: Spent = [];
      if (this.#record === null) {
        const spend = async (unit: Parameters<typeof budgets.spend>[0]): Promise<void> => {
          spent = await budgets.spend(unit, target);
        };
        this.#record = await recorder.begin(exchange, hop, { spend, secret });
      } else if (target.budgets.length > 0) {
        spent = await unitOfWork.run('ledger', (unit) => budgets.spend(unit, target));
      }
      return { admission, spent };
    } catch (error) {
      admission.end('spared');
      throw error;
    }
  }

  async #tryOnce({ admission, spent }: { readonly admission: Admission; readonly spent: Spent }): Promise<TryResult> {
    this.#attempts += 1;
    const begunAt = this.#ports.clock.now();
    let result: TryResult | null = null;
    try {
      result = await this.#sendAndFollow();
    } finally {
      admission.end(result === null ? 'spared' : this.#breakerEndOf(result, begunAt));
    }
    if (result.kind === 'failed' && result.mayHaveArrived) this.#ambiguous = true;
    if (result.kind === 'failed' && !result.mayHaveArrived && spent.length > 0) await this.#giveBack(spent);
    return result;
  }

  async #sendAndFollow(): Promise<TryResult> {
    const { target, secretHeaders, signal } = this.#call;
    let hop = this.#call.hop;
    for (let followed = 0; ; followed += 1) {
      this.#last = { hop, followed };
      const result = await this.#ports.transport.send(hop, target, signal);
      if (result.kind === 'failed' || followed >= target.redirects.most) return arrivedBefore(result, followed);
      try {
        const next = nextHop(hop, result, target, secretHeaders);
        if (next === null) return result;
        hop = next;
        this.#tell({ event: 'outbound.redirected', to: next.url.host });
      } catch (error) {
        if (!LmsError.isInstance(error)) throw error;
        return {
          kind: 'failed',
          code: error.code,
          reason: error.message,
          mayHaveArrived: true,
          status: result.status,
          cause: error,
        };
      }
    }
  }

  #pauseAfter(result: TryResult): number | null {
    const { target, repeatable } = this.#call;
    if (this.#waiting.aborted || (result.kind === 'failed' && !mayPass(result.code))) return null;
    const { clock, random } = this.#ports;
    const question = {
      end: tryEndOf(result, this.#last.followed),
      tries: this.#attempts,
      repeatable,
      policy: target.retry,
      now: clock.now(),
      deadline: this.#startedAt + target.timeouts.totalMillis,
    };
    return pauseBeforeRetry(question, random);
  }

  /** A try that was begun with little time left says nothing of the target when that time is over: it was the queue that took it. */
  #breakerEndOf(result: TryResult, begunAt: number): Parameters<Admission['end']>[0] {
    if (result.kind === 'answered') return result.status >= 500 ? 'failed' : 'succeeded';
    const { headersMillis, totalMillis } = this.#call.target.timeouts;
    const fairMillis = Math.min(headersMillis, totalMillis / 2);
    if (this.#call.signal.aborted && this.#ports.clock.now() - begunAt < fairMillis) return 'spared';
    return breakerEndOfCode(result.code);
  }

  /** What cannot be given back now stays spent: a budget is never exceeded for it. */
  async #giveBack(spent: Spent): Promise<void> {
    const { unitOfWork, budgets } = this.#ports;
    try {
      await unitOfWork.run('ledger', (unit) => budgets.giveBack(unit, spent));
    } catch (error) {
      if (!LmsError.isInstance(error)) throw error;
    }
  }

  /** The answer counts, also where it cannot be written down: the record stays open then, and says so. */
  async #writeDown(result: TryResult, end: ExchangeEnd): Promise<void> {
    if (this.#record === null) return;
    const answer = result.kind === 'answered' ? result : null;
    const url = this.#last.followed > 0 ? this.#last.hop.url.href : null;
    try {
      await this.#ports.recorder.end(this.#record, {
        end,
        attempts: this.#attempts,
        status: result.status,
        answer,
        url,
      });
    } catch (error) {
      if (!LmsError.isInstance(error)) throw error;
      this.#tell({ event: 'outbound.unrecorded', code: error.code });
    }
  }

  #errorOf(failure: Failure): LmsError {
    const { exchange, target, repeatable } = this.#call;
    return callError(failure, {
      exchangeId: exchange.id,
      target: target.name,
      host: this.#last.hop.url.host,
      attempts: this.#attempts,
      ambiguous: this.#ambiguous,
      repeatable,
    });
  }

  #tell(event: DistributiveOmit<OutboundEvent, 'exchangeId' | 'target' | 'method' | 'host' | 'path'>): void {
    const { exchange, target, hop } = this.#call;
    const name = { exchangeId: exchange.id, target: target.name, method: hop.method, host: hop.url.host };
    try {
      this.#ports.log({ ...name, path: exchange.path, ...event });
    } catch {
      // A log that fails fails no call.
    }
  }
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

/** After a redirect something has arrived, if only at the first of the places. */
function arrivedBefore(result: TryResult, followed: number): TryResult {
  return result.kind === 'failed' && followed > 0 ? { ...result, mayHaveArrived: true } : result;
}

function tryEndOf(result: TryResult, followed: number): TryEnd {
  if (result.kind === 'answered') {
    const { status, headers } = result;
    return { kind: 'answered', status, retryAfter: headers['retry-after'], redirected: followed > 0 };
  }
  return { kind: result.mayHaveArrived ? 'unknown' : 'not-sent' };
}

function reasonOf(result: TryResult): string {
  return result.kind === 'answered' ? `status ${result.status}` : result.code;
}
