import { hash } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Agent } from 'undici';
import { acceptedEncodings, boundedBody } from './bounded-body.js';
import { failureOf, NotConnected } from './failure-of.js';
import { noticingBegin } from './noticing-begin.js';
import type { ResolvedTarget } from './outbound-target.js';
import { type NameResolver, pinnedLookup } from './pinned-lookup.js';
import type { Hop } from './redirect.js';
import type { SecretSource } from './secret-source.js';
import type { TryResult } from './try-result.js';

interface KeptAgent {
  readonly agent: Agent;
  /** Of what the connections were made with. */
  readonly fingerprint: string;
}

interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Sends requests over kept connections, a set of them for each target. undici is loaded with the first request. */
export class HttpTransport {
  readonly #resolver: NameResolver;
  readonly #secrets: SecretSource;
  readonly #agents = new Map<string, KeptAgent>();

  constructor(ports: { readonly resolver: NameResolver; readonly secrets: SecretSource }) {
    this.#resolver = ports.resolver;
    this.#secrets = ports.secrets;
  }

  /**
   * Sends it once. What goes wrong on the way is a result, and one without anything sent until a connection has taken the request;
   * until then a stop ends it at once.
   */
  async send(hop: Hop, target: ResolvedTarget, signal: AbortSignal): Promise<TryResult> {
    let status: number | null = null;
    let hasBegun = false;
    try {
      signal.throwIfAborted();
      const agent = await this.#agentOf(target);
      const begun = (): void => {
        hasBegun = true;
      };
      const { headersMillis: headersTimeout, bodyMillis: bodyTimeout } = target.timeouts;
      const answered = agent.compose(noticingBegin(signal, begun)).request({
        origin: hop.url.origin,
        path: `${hop.url.pathname}${hop.url.search}`,
        method: hop.method,
        headers: { ...hop.headers, 'accept-encoding': acceptedEncodings },
        body: hop.body,
        signal,
        headersTimeout,
        bodyTimeout,
      });
      const response = await untilStopped(answered, signal, () => hasBegun);
      status = response.statusCode;
      const headers = plainHeaders(response.headers);
      const body = await boundedBody(response.body, {
        encoding: (headers['content-encoding'] ?? '').trim().toLowerCase(),
        length: hop.method === 'HEAD' ? null : lengthOf(headers['content-length']),
        most: target.maxResponseBytes,
      }).finally(() => response.body.destroy());
      return { kind: 'answered', status, headers, body };
    } catch (error) {
      return failureOf(hasBegun || error instanceof NotConnected ? error : new NotConnected(error), status);
    }
  }

  /** Ends the connections, also those that are being made; nothing may be under way any more. */
  async close(): Promise<void> {
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(agents.map(({ agent }) => agent.destroy()));
  }

  async #agentOf(target: ResolvedTarget): Promise<Agent> {
    // By its default, as a bundler that makes this one file keeps no other name of it.
    const {
      default: { Agent, buildConnector },
    } = await import('undici');
    const tls = await this.#tlsOf(target);
    const fingerprint = hash('sha256', JSON.stringify(tls));
    const kept = this.#agents.get(target.name);
    if (kept?.fingerprint === fingerprint) return kept.agent;
    try {
      createSecureContext(tls);
    } catch (error) {
      // In the middle of a rotation certificate and key do not fit for a while: what was made with those before still does.
      if (kept !== undefined) return kept.agent;
      throw error;
    }
    const connect = buildConnector({
      ...tls,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      allowH2: false,
      timeout: target.timeouts.connectMillis,
      lookup: pinnedLookup(this.#resolver, target.network),
    });
    const agent = new Agent({
      allowH2: false,
      connect: (options, done) =>
        connect(options, (error, socket) => {
          if (error === null) done(null, socket);
          else done(new NotConnected(error), null);
        }),
    });
    this.#agents.set(target.name, { agent, fingerprint });
    // Certificates were exchanged for newer ones: what is under way ends as it began.
    kept?.agent.close().catch(() => undefined);
    return agent;
  }

  async #tlsOf({ tls: { authorities, certificate, key } }: ResolvedTarget): Promise<TlsMaterial> {
    return {
      ...(authorities === undefined ? {} : { ca: await this.#secrets.read(authorities) }),
      ...(certificate === undefined ? {} : { cert: await this.#secrets.read(certificate) }),
      ...(key === undefined ? {} : { key: await this.#secrets.read(key) }),
    };
  }
}

/** Settles with the answer; or, as long as no connection has taken the request, with the reason of the signal once it is aborted. */
async function untilStopped<Value>(
  answered: Promise<Value>,
  signal: AbortSignal,
  hasBegun: () => boolean,
): Promise<Value> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      if (!hasBegun()) reject(signal.reason);
    };
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([answered, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
    // Who was stopped does not hear how it would have ended.
    answered.catch(() => undefined);
  }
}

function plainHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  const plain = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'set-cookie') continue;
    plain.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  return Object.fromEntries(plain);
}

function lengthOf(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : null;
}
