import { hash } from 'node:crypto';
import type { Agent } from 'undici';
import { acceptedEncodings, boundedBody } from './bounded-body.js';
import { failureOf, NotConnected } from './failure-of.js';
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

  /** Sends it once. What goes wrong on the way is a result. */
  async send(hop: Hop, target: ResolvedTarget, signal: AbortSignal): Promise<TryResult> {
    let status: number | null = null;
    try {
      const agent = await this.#agentOf(target).catch((error: unknown) => {
        throw new NotConnected(error);
      });
      const { headersMillis: headersTimeout, bodyMillis: bodyTimeout } = target.timeouts;
      const response = await agent.request({
        origin: hop.url.origin,
        path: `${hop.url.pathname}${hop.url.search}`,
        method: hop.method,
        headers: { ...hop.headers, 'accept-encoding': acceptedEncodings },
        body: hop.body,
        signal,
        headersTimeout,
        bodyTimeout,
      });
      status = response.statusCode;
      const headers = plainHeaders(response.headers);
      const body = await boundedBody(response.body, {
        encoding: (headers['content-encoding'] ?? '').trim().toLowerCase(),
        length: hop.method === 'HEAD' ? null : lengthOf(headers['content-length']),
        most: target.maxResponseBytes,
      }).finally(() => response.body.destroy());
      return { kind: 'answered', status, headers, body };
    } catch (error) {
      return failureOf(error, status);
    }
  }

  /** Ends the connections once what is under way has ended. */
  async close(): Promise<void> {
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(agents.map(({ agent }) => agent.close()));
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
