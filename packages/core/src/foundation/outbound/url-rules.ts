import { isIP } from 'node:net';
import { LmsError } from '../kernel/index.js';
import { addressRefusal } from './address-rules.js';
import type { NetworkPolicy } from './outbound-target.js';

const standardPorts: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/**
 * A URL that a request may go to: https (http where the policy says so), no name or password in it, a port of the policy's list,
 * a host that is written plainly. A host that is an IP address is checked here; a name when it is resolved, see `pinned-lookup.ts`.
 *
 * `127.1`, `0x7f000001`, `2130706433` and `0177.0.0.1` are read as browsers read them, as 127.0.0.1.
 * @throws LmsError `OUTBOUND_REFUSED`; the message has neither path nor query
 */
export function allowedUrl(text: string, policy: NetworkPolicy, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw refused('it is not a URL');
  const url = new URL(text, base?.href);
  const port = url.port === '' ? standardPorts[url.protocol] : Number(url.port);
  if (port === undefined) throw refused(`only https is allowed, not ${url.protocol}`);
  if (url.protocol !== 'https:' && !policy.allowInsecure) {
    throw refused(`${url.host} is asked for without TLS; the target would have to say allowInsecure`);
  }
  if (url.username !== '' || url.password !== '') throw refused('it has a user name or password in it');
  if (!policy.ports.includes(port)) throw refused(`port ${port} of ${url.hostname} is not one of the target's`);
  const host = hostOf(url);
  if (host === '' || host.endsWith('.')) throw refused('its host ends in a dot or is empty');
  if (isIP(host) !== 0) {
    const refusal = addressRefusal(host, exceptionsFor(host, policy));
    if (refusal !== null) throw refused(`${host} may not be reached: ${refusal}`);
  }
  return url;
}

/** The host without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/** What the policy opens for one host. */
export function exceptionsFor(
  host: string,
  policy: NetworkPolicy,
): { readonly ownNetwork: boolean; readonly networks: readonly string[] } {
  return { ownNetwork: policy.privateHosts.includes(host.toLowerCase()), networks: policy.privateNetworks };
}

function refused(reason: string): LmsError {
  return new LmsError('OUTBOUND_REFUSED', { message: `this address may not be called: ${reason}` });
}
