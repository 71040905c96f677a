import { LmsError } from '../kernel/index.js';
import type { ResolvedTarget } from './outbound-target.js';
import { isCredential } from './outbound-target-shape.js';
import { isRepeatable } from './retry-decision.js';
import type { Answer } from './try-result.js';
import { allowedUrl, hostOf } from './url-rules.js';

/** One request as it goes over the wire. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

/** Only these tell what to ask next; 301 and 302 mean for other methods what each server likes. */
const followed: Readonly<Record<number, readonly string[] | 'any'>> = {
  301: ['GET', 'HEAD'],
  302: ['GET', 'HEAD'],
  303: 'any',
  307: 'any',
  308: 'any',
};

/**
 * Where an answer sends the request; null where it is no redirect that is followed. Another origin gets no credential, no
 * idempotency key, and nothing at all where our certificate would be shown to it, or where it would be asked to do what must not be
 * done twice: without the key nobody there could tell a second try from another order.
 * @param own headers whose values are secrets of the target
 * @throws LmsError `OUTBOUND_REFUSED` for a place where the target may not go
 */
export function nextHop(hop: Hop, answer: Answer, target: ResolvedTarget, own: ReadonlySet<string>): Hop | null {
  const methods = followed[answer.status];
  const location = answer.headers['location'];
  if (methods === undefined || location === undefined) return null;
  if (methods !== 'any' && !methods.includes(hop.method)) return null;
  const url = allowedUrl(location, target.network, hop.url);
  requireKnownHost(url, target);
  const becomesGet = answer.status === 303 && hop.method !== 'HEAD';
  const next = becomesGet ? { ...withoutBody(hop), url, method: 'GET' } : { ...hop, url };
  if (url.origin === hop.url.origin) return next;
  if (target.tls.certificate !== undefined) {
    throw new LmsError('OUTBOUND_REFUSED', {
      message: `${hop.url.host} leads on to ${url.host}, where the target's certificate may not be shown`,
    });
  }
  if (!isRepeatable(next.method, undefined)) {
    throw new LmsError('OUTBOUND_REFUSED', {
      message: `${hop.url.host} leads on to ${url.host}, where a ${next.method} is not sent: it could be done twice`,
    });
  }
  const isLeftBehind = (name: string): boolean =>
    own.has(name) || isCredential(name) || name === 'cookie' || name === target.idempotencyHeader;
  return { ...next, headers: headersWithout(next.headers, isLeftBehind) };
}

/** @throws LmsError `OUTBOUND_REFUSED` where the target lists its hosts, and this is none */
export function requireKnownHost(url: URL, { name, baseUrl, network }: ResolvedTarget): void {
  const host = hostOf(url);
  if (baseUrl !== null && hostOf(new URL(baseUrl)) === host) return;
  if (network.hosts.length === 0 ? baseUrl === null : network.hosts.includes(host)) return;
  throw new LmsError('OUTBOUND_REFUSED', { message: `${host} is not one of the hosts of target ${name}` });
}

function withoutBody(hop: Hop): Hop {
  return { ...hop, body: null, headers: headersWithout(hop.headers, (name) => name.startsWith('content-')) };
}

function headersWithout(
  headers: Readonly<Record<string, string>>,
  isLeftOut: (name: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isLeftOut(name)));
}
