import {
  type Actor,
  actorRef,
  type BusinessTime,
  type Clock,
  type IdSource,
  LmsError,
  quoted,
  type RandomSource,
} from '../kernel/index.js';
import type { UnitOfWork } from '../persistence/index.js';
import type { DataKeyRing, LookupHasher, Vault } from '../privacy/index.js';
import type { OutboundBudgetStore } from './budget-store.js';
import { type BudgetStanding, Budgets } from './budgets.js';
import { callSignal } from './call-signal.js';
import { type Delays, systemDelays } from './delays.js';
import { ExchangeRecorder } from './exchange-recorder.js';
import type { ExchangeStore } from './exchange-store.js';
import { isHeaderValue } from './headers.js';
import { HttpTransport } from './http-transport.js';
import { type CallPorts, OutboundCall } from './outbound-call.js';
import {
  checkedRequest,
  type OutboundRequest,
  type OutboundResponse,
  requireBodyWithin,
  shownPathOf,
  urlOf,
} from './outbound-request.js';
import { type OutboundSettings, resolvedTargets } from './outbound-settings.js';
import type { ResolvedTarget } from './outbound-target.js';
import { isCredential } from './outbound-target-shape.js';
import { type NameResolver, systemResolver } from './pinned-lookup.js';
import { type Hop, requireKnownHost } from './redirect.js';
import { isRepeatable } from './retry-decision.js';
import { keptShortly, type SecretSource, secretSource } from './secret-source.js';
import { TargetGates } from './target-gates.js';
import { allowedUrl } from './url-rules.js';

/** Who may call is decided by access. */
export interface OutboundGate {
  /** @throws LmsError `ACTOR_UNKNOWN`, `PERMISSION_DENIED` */
  require(actor: Actor, permission: 'outbound.call'): Promise<unknown>;
}

export interface OutboundPorts {
  readonly access: OutboundGate;
  readonly unitOfWork: UnitOfWork;
  readonly exchanges: ExchangeStore;
  readonly budgets: OutboundBudgetStore;
  readonly dataKeys: DataKeyRing;
  readonly vault: Vault;
  readonly hasher: LookupHasher;
  readonly time: BusinessTime;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly ids: IdSource;
  /** How pauses between tries are waited for. */
  readonly delays?: Delays;
  readonly resolver?: NameResolver;
}

const defaultRecordedBytes = 65_536;

/**
 * The one way to call other systems. A call goes to a named target, under its policy: time-outs, tries, breaker, rate, budget,
 * addresses, certificates. Every call that is sent leaves a record, written before it and completed after it.
 *
 * Breaker, rate and concurrency are counted by each process for itself, budgets by all together.
 */
export class OutboundClient {
  readonly #access: OutboundGate;
  readonly #ids: IdSource;
  readonly #secrets: SecretSource;
  readonly #targets: ReadonlyMap<string, { readonly target: ResolvedTarget; readonly gates: TargetGates }>;
  readonly #calls: CallPorts;
  /** Calls under way, so that closing waits until they are written down. */
  readonly #running = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  /** @throws LmsError `CONFIG_INVALID` for settings that are wrong */
  constructor(ports: OutboundPorts, settings: OutboundSettings = {}) {
    const { access, unitOfWork, clock, random, ids } = ports;
    this.#access = access;
    this.#ids = ids;
    this.#secrets = keptShortly(settings.secrets ?? secretSource({}), clock);
    this.#targets = new Map(
      [...resolvedTargets(settings)].map(([name, target]) => [name, { target, gates: new TargetGates(target, clock) }]),
    );
    this.#calls = {
      unitOfWork,
      clock,
      random,
      recorder: new ExchangeRecorder(ports, settings.recordedBytes ?? defaultRecordedBytes),
      budgets: new Budgets(ports),
      transport: new HttpTransport({ resolver: ports.resolver ?? systemResolver, secrets: this.#secrets }),
      delays: ports.delays ?? systemDelays,
      log: settings.log ?? (() => undefined),
      closing: this.#closing.signal,
    };
  }

  /**
   * Calls another system and gives its answer, whatever its status. Needs `outbound.call`.
   *
   * A try that failed is repeated where nothing can have been done twice: when it was not sent, when the method is idempotent (GET,
   * HEAD, PUT, DELETE, OPTIONS), when there is an idempotency key, and after 429. `details.ambiguous` of an error says that what was
   * asked may have been done; `retryable` is false wherever asking again could do it twice, also after a stop by the caller
   * (`OUTBOUND_OUTCOME_UNKNOWN` then has `details.reason` `COMMAND_ABORTED`).
   *
   * Two callers at once make two calls, unless the other system knows the idempotency key.
   * @throws LmsError `PERMISSION_DENIED`, `INPUT_INVALID`, `LIMIT_EXCEEDED`, `OUTBOUND_TARGET_UNKNOWN`, `OUTBOUND_REFUSED`, `SECRET_MISSING`; with nothing
   * sent `OUTBOUND_CIRCUIT_OPEN`, `OUTBOUND_RATE_LIMITED`, `OUTBOUND_BUDGET_SPENT`, `STORE_*` (`STORE_CLOSED` once it closes); and `OUTBOUND_TIMEOUT`,
   * `OUTBOUND_FAILED`, `OUTBOUND_OUTCOME_UNKNOWN`, `OUTBOUND_UNTRUSTED`, `OUTBOUND_TOO_LARGE`, `COMMAND_ABORTED`
   */
  async call(actor: Actor, given: OutboundRequest): Promise<OutboundResponse> {
    this.#closing.signal.throwIfAborted();
    const made = this.#make(actor, given);
    this.#running.add(made);
    try {
      return await made;
    } finally {
      this.#running.delete(made);
    }
  }

  async #make(actor: Actor, given: OutboundRequest): Promise<OutboundResponse> {
    await this.#access.require(actor, 'outbound.call');
    const request = checkedRequest(given);
    const { target, gates } = this.#targetOf(request.target);
    requireBodyWithin(request, target);
    const { hop, secretHeaders } = await this.#firstHop(request, target);
    using stopping = callSignal(target.name, target.timeouts.totalMillis, request.signal);
    const call = new OutboundCall(this.#calls, {
      exchange: {
        id: this.#ids.next<'exchange'>(),
        target: target.name,
        purpose: request.purpose,
        subject: request.subject ?? null,
        actor: actorRef(actor),
        correlationId: request.correlationId ?? null,
        path: shownPathOf(request),
      },
      target,
      gate: gates.of(hop.url.host),
      hop,
      secretHeaders,
      repeatable: request.repeatable ?? isRepeatable(hop.method, request.idempotencyKey),
      signal: stopping.signal,
    });
    return await call.make();
  }

  /** What is spent of the budgets in the running day and month, by all processes. Needs `outbound.call`. @throws LmsError `PERMISSION_DENIED` */
  async budgets(actor: Actor): Promise<readonly BudgetStanding[]> {
    await this.#access.require(actor, 'outbound.call');
    const standing: BudgetStanding[] = [];
    for (const { target } of this.#targets.values()) standing.push(...(await this.#calls.budgets.standing(target)));
    return standing;
  }

  /**
   * Refuses calls from now on, ends those that wait for a turn or between tries, waits until the requests under way are answered and
   * written down, then ends the connections.
   */
  async close(): Promise<void> {
    this.#closing.abort(new LmsError('STORE_CLOSED', { message: 'the store is closed: nothing was sent' }));
    await Promise.allSettled(this.#running);
    await this.#calls.transport.close();
  }

  #targetOf(name: string): { readonly target: ResolvedTarget; readonly gates: TargetGates } {
    const known = this.#targets.get(name);
    if (known !== undefined) return known;
    const names = [...this.#targets.keys()];
    const message = `there is no outbound target ${quoted(name)}; the settings have ${names.length === 0 ? 'none' : names.join(', ')}`;
    throw new LmsError('OUTBOUND_TARGET_UNKNOWN', { message });
  }

  async #firstHop(
    request: OutboundRequest,
    target: ResolvedTarget,
  ): Promise<{ readonly hop: Hop; readonly secretHeaders: ReadonlySet<string> }> {
    const url = allowedUrl(urlOf(request, target), target.network);
    requireKnownHost(url, target);
    const secretHeaders = new Set<string>();
    const headers = new Map([['user-agent', 'lms'], ...Object.entries(request.headers ?? {})]);
    for (const [name, value] of Object.entries(target.headers)) {
      if (typeof value !== 'string') secretHeaders.add(name);
      headers.set(name, typeof value === 'string' ? value : await this.#secretValue(value));
    }
    if (request.idempotencyKey !== undefined) headers.set(target.idempotencyHeader, request.idempotencyKey);
    for (const name of headers.keys()) if (isCredential(name)) secretHeaders.add(name);
    const { method, body = null } = request;
    return { hop: { url, method, headers: Object.fromEntries(headers), body }, secretHeaders };
  }

  async #secretValue({ secret, prefix = '' }: Exclude<ResolvedTarget['headers'][string], string>): Promise<string> {
    const value = `${prefix}${await this.#secrets.read(secret)}`;
    if (isHeaderValue(value)) return value;
    throw new LmsError('SECRET_MISSING', { message: 'a secret of an outbound target cannot be sent in a header' });
  }
}
