import ipaddr from 'ipaddr.js';

/** Networks that a target may reach although they are not the public internet. */
export interface AddressExceptions {
  /** Whether loopback, private and carrier-grade addresses are open: the target names the host and it is its own. */
  readonly ownNetwork: boolean;
  /** Networks such as `10.20.0.0/16` or `fd12::/16`, and in them everything, also what is otherwise never open. */
  readonly networks: readonly string[];
}

/** What a host in one's own network may have. Link-local is none of it: there the servers of clouds give out credentials. */
const ownRanges: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** The part of IPv6 that is given out for the public internet (RFC 4291 §2.4, IANA registry). */
const publicIpv6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Public by their number, but of the cloud that a machine runs in: Azure's wire server. */
const cloudAddresses: ReadonlySet<string> = new Set(['168.63.129.16']);

/** Given to machines of one's own cloud although `uniqueLocal` or carrier-grade: metadata services of AWS and Alibaba. */
const metadataAddresses: ReadonlySet<string> = new Set(['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200']);

/**
 * Why a request may not go to an IP address; null where it may: to addresses of the public internet and to what the exceptions
 * open. Forms that carry another address inside (IPv4-mapped, 6to4, NAT64, Teredo) are refused as they are.
 * @param text as the resolver or the URL gives it; what is no address is refused
 */
export function addressRefusal(text: string, exceptions: AddressExceptions): string | null {
  const address = parse(text);
  if (address === null) return 'it is not an IP address';
  if (exceptions.networks.some((network) => isWithin(address, network))) return null;
  const canonical = address.toString();
  if (cloudAddresses.has(canonical) || metadataAddresses.has(canonical)) return 'it is of the cloud the machine is in';
  const range = address.range();
  if (exceptions.ownNetwork && ownRanges.has(range)) return null;
  if (range !== 'unicast') return `it is not public (${range})`;
  if (address instanceof ipaddr.IPv6 && !address.match(publicIpv6)) return 'it is not public (unassigned)';
  return null;
}

/** True for a network in the notation of {@link AddressExceptions}. */
export function isNetwork(text: string): boolean {
  return ipaddr.isValidCIDR(text);
}

function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  // The library also reads `0x7f.1` and `::1%eth0`; a resolver and a URL give plain forms alone.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, network: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(network);
  return address.kind() === base.kind() && address.match([base, bits]);
}
