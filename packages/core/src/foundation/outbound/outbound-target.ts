import type { SecretReference } from './secret-source.js';

/** Where a target may be reached. Without any of it: public addresses, by TLS, on port 443. */
export interface NetworkPolicy {
  /** Lets requests go without TLS. */
  readonly allowInsecure: boolean;
  readonly ports: readonly number[];
  /** Hosts, by name or address, that may have loopback, private or carrier-grade addresses; never link-local ones. */
  readonly privateHosts: readonly string[];
  /** Networks such as `10.20.0.0/16` that any host may lead to. */
  readonly privateNetworks: readonly string[];
  /**
   * Hosts besides that of the base URL that redirects, and requests with a URL of their own, may go to. Where it is empty, redirects of a
   * target with a base URL stay on its host, and a target without one goes to any public host.
   */
  readonly hosts: readonly string[];
}

/** How long is waited for what, in milliseconds. */
export interface OutboundTimeouts {
  /** From looking the name up to the end of the TLS handshake. */
  readonly connectMillis: number;
  /** From the request to the last of the headers. */
  readonly headersMillis: number;
  /** Between two pieces of the body. */
  readonly bodyMillis: number;
  /** Waiting for room, connecting, tries, and the pauses between them; not the writing of the record. */
  readonly totalMillis: number;
}

/** When a failed request is sent again, which only happens where that is safe; see docs/outbound.md. */
export interface RetryPolicy {
  /** How often at most it is sent: 1 sends it once. */
  readonly attempts: number;
  /** The longest pause after the first try; it doubles with each. The pause is a random part of it. */
  readonly firstPauseMillis: number;
  readonly longestPauseMillis: number;
  /** A `Retry-After` beyond this ends the call. */
  readonly longestRetryAfterMillis: number;
}

/** When a target counts as down, so that it is not called for a while. Each process counts by itself. */
export interface BreakerPolicy {
  readonly windowMillis: number;
  /** Fewer calls than this in the window open nothing. */
  readonly minimumCalls: number;
  /** Share of the calls in the window that failed, above 0 and at most 1. */
  readonly failureRatio: number;
  /** How long no call is made; then one is, and decides. */
  readonly openMillis: number;
}

/** How many requests a second, on average; up to `burst` at once. Each process counts by itself. */
export interface RatePolicy {
  readonly perSecond: number;
  readonly burst: number;
}

/** How many calls at once, and how many wait for their turn; more are refused. Each process counts by itself. */
export interface ConcurrencyPolicy {
  readonly calls: number;
  readonly waiting: number;
}

/** What may be spent on a target in a day or month of the business time zone, in the unit of `cost`. All processes count together. */
export interface BudgetPolicy {
  readonly per: 'day' | 'month';
  readonly limit: number;
}

export interface RedirectPolicy {
  /** How many are followed; 0: the answer is the redirect. */
  readonly most: number;
}

/** Beyond the authorities that the machine trusts. TLS 1.2 is the least, always. */
export interface TlsPolicy {
  /** PEM of the authorities that are trusted instead of the machine's. */
  readonly authorities?: SecretReference;
  /** PEM of the certificate by which we show who we are (mutual TLS), and of its key. */
  readonly certificate?: SecretReference;
  readonly key?: SecretReference;
}

/** A header whose value is a secret: read when used, never written down. */
export interface SecretHeader {
  readonly secret: SecretReference;
  /** Before the secret: `Bearer `. */
  readonly prefix?: string;
}

/** Another system, and how it is called. What is left out has the value that `defaultTarget` shows. */
export interface OutboundTarget {
  /** `https://api.lender.example/v2`: paths of requests stand under it. Without it each request names a whole URL. */
  readonly baseUrl?: string;
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string | SecretHeader>>;
  readonly network?: Partial<NetworkPolicy>;
  readonly timeouts?: Partial<OutboundTimeouts>;
  readonly retry?: Partial<RetryPolicy>;
  readonly breaker?: Partial<BreakerPolicy>;
  readonly rate?: RatePolicy;
  readonly concurrency?: Partial<ConcurrencyPolicy>;
  readonly budgets?: readonly BudgetPolicy[];
  /** What one try spends of the budgets; 1 when absent. */
  readonly cost?: number;
  /** A body that is longer is not sent. */
  readonly maxRequestBytes?: number;
  /** An answer that is longer, also after it was unpacked, is not read to its end. */
  readonly maxResponseBytes?: number;
  readonly redirects?: Partial<RedirectPolicy>;
  readonly tls?: TlsPolicy;
  /** The header that carries the idempotency key of a request. */
  readonly idempotencyHeader?: string;
}

/** A target with everything filled in. */
export interface ResolvedTarget {
  readonly name: string;
  readonly baseUrl: string | null;
  readonly headers: Readonly<Record<string, string | SecretHeader>>;
  readonly network: NetworkPolicy;
  readonly timeouts: OutboundTimeouts;
  readonly retry: RetryPolicy;
  readonly breaker: BreakerPolicy;
  readonly rate: RatePolicy | null;
  readonly concurrency: ConcurrencyPolicy;
  readonly budgets: readonly BudgetPolicy[];
  readonly cost: number;
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly redirects: RedirectPolicy;
  readonly tls: TlsPolicy;
  readonly idempotencyHeader: string;
}

/** What holds where a target says nothing. */
export const defaultTarget: Omit<ResolvedTarget, 'name'> = {
  baseUrl: null,
  headers: {},
  network: { allowInsecure: false, ports: [443], privateHosts: [], privateNetworks: [], hosts: [] },
  timeouts: { connectMillis: 5_000, headersMillis: 20_000, bodyMillis: 10_000, totalMillis: 60_000 },
  retry: { attempts: 3, firstPauseMillis: 250, longestPauseMillis: 10_000, longestRetryAfterMillis: 30_000 },
  breaker: { windowMillis: 60_000, minimumCalls: 10, failureRatio: 0.5, openMillis: 30_000 },
  rate: null,
  concurrency: { calls: 20, waiting: 200 },
  budgets: [],
  cost: 1,
  maxRequestBytes: 10_000_000,
  maxResponseBytes: 5_000_000,
  redirects: { most: 0 },
  tls: {},
  idempotencyHeader: 'idempotency-key',
};

/** Fills in what the target leaves out; it was checked by `outboundTargetShape`. */
export function resolveTarget(name: string, target: OutboundTarget): ResolvedTarget {
  return {
    ...defaultTarget,
    ...target,
    name,
    network: { ...defaultTarget.network, ...target.network },
    timeouts: { ...defaultTarget.timeouts, ...target.timeouts },
    retry: { ...defaultTarget.retry, ...target.retry },
    breaker: { ...defaultTarget.breaker, ...target.breaker },
    concurrency: { ...defaultTarget.concurrency, ...target.concurrency },
    redirects: { ...defaultTarget.redirects, ...target.redirects },
  };
}
