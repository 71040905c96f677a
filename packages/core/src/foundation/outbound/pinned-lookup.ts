import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { LmsError } from '../kernel/index.js';
import { addressRefusal } from './address-rules.js';
import type { NetworkPolicy } from './outbound-target.js';
import { exceptionsFor } from './url-rules.js';

/** Names to addresses. */
export interface NameResolver {
  /** Every address of a host, at least one. @throws an error of the resolver, which counts as not reached */
  resolve(host: string): Promise<readonly LookupAddress[]>;
}

/** The resolver of the operating system. */
export const systemResolver: NameResolver = {
  async resolve(host) {
    const { lookup } = await import('node:dns/promises');
    return lookup(host, { all: true, verbatim: true });
  },
};

/**
 * What a connection is made by: resolves the name once, refuses it when any of its addresses may not be reached, and connects to
 * exactly those that were checked. A name that is given another address a moment later gains nothing.
 */
export function pinnedLookup(resolver: NameResolver, policy: NetworkPolicy): LookupFunction {
  return (host, options, done) => {
    checkedAddresses(host, resolver, policy).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true) done(null, [...addresses]);
        else if (first !== undefined) done(null, first.address, first.family);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error('the name was not resolved'), '', 0),
    );
  };
}

/** @throws LmsError `OUTBOUND_REFUSED` when the name has no address, or one that may not be reached */
async function checkedAddresses(
  host: string,
  resolver: NameResolver,
  policy: NetworkPolicy,
): Promise<readonly LookupAddress[]> {
  const addresses = await resolver.resolve(host);
  if (addresses.length === 0) throw refused(host, 'it has no address');
  for (const { address } of addresses) {
    const refusal = addressRefusal(address, exceptionsFor(host, policy));
    if (refusal !== null) throw refused(host, `an address it leads to may not be reached: ${refusal}`);
  }
  return addresses;
}

function refused(host: string, reason: string): LmsError {
  return new LmsError('OUTBOUND_REFUSED', { message: `${host} may not be called: ${reason}` });
}
