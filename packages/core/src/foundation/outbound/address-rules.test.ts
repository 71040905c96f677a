import fastCheck from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { addressRefusal, isNetwork } from './address-rules.js';

const nothing = { ownNetwork: false, networks: [] };
const own = { ownNetwork: true, networks: [] };

/** Where SSRF leads: every row is refused unless a network of the policy names it. */
const neverPublic: readonly (readonly [string, string])[] = [
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['::1', 'loopback'],
  ['0.0.0.0', 'this host'],
  ['::', 'this host'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['fc00::1', 'unique local'],
  ['fd12:3456::1', 'unique local'],
  ['169.254.0.1', 'link local'],
  ['fe80::1', 'link local'],
  ['fec0::1', 'site local'],
  ['169.254.169.254', 'metadata of AWS, Azure, Google'],
  ['fd00:ec2::254', 'metadata of AWS'],
  ['fd20:ce::254', 'metadata of Google'],
  ['100.100.100.200', 'metadata of Alibaba'],
  ['192.0.0.192', 'metadata of Oracle'],
  ['168.63.129.16', 'wire server of Azure'],
  ['100.64.0.1', 'carrier-grade NAT'],
  ['100.127.255.255', 'carrier-grade NAT'],
  ['224.0.0.1', 'multicast'],
  ['ff02::1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['192.0.2.1', 'documentation'],
  ['198.51.100.1', 'documentation'],
  ['203.0.113.1', 'documentation'],
  ['2001:db8::1', 'documentation'],
  ['198.18.0.1', 'benchmarks'],
  ['::ffff:127.0.0.1', 'IPv4-mapped'],
  ['::ffff:8.8.8.8', 'IPv4-mapped'],
  ['::ffff:7f00:1', 'IPv4-mapped in hexadecimal'],
  ['::127.0.0.1', 'IPv4-compatible'],
  ['64:ff9b::7f00:1', 'NAT64'],
  ['64:ff9b:1::1', 'local NAT64'],
  ['2002:7f00:1::', '6to4'],
  ['2001:0:7f00:1::', 'Teredo'],
  ['4000::1', 'unassigned'],
  ['100::1', 'discard'],
  ['localhost', 'no address'],
  ['127.1', 'no plain address'],
  ['2130706433', 'no plain address'],
  ['0x7f.0.0.1', 'no plain address'],
  ['fe80::1%eth0', 'with a zone'],
  ['', 'nothing'],
];

describe('addresses', () => {
  it.each(neverPublic)('%s is refused (%s)', (address) => {
    expect(addressRefusal(address, nothing)).not.toBeNull();
  });

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '2001:4860:4860::8888',
    '2a00:1450::1',
  ])('%s is public', (address) => {
    expect(addressRefusal(address, nothing)).toBeNull();
  });

  it("an own host may be in one's own network, and never where clouds give out credentials", () => {
    for (const address of ['127.0.0.1', '::1', '10.1.2.3', '192.168.0.9', 'fd12::9', '100.64.3.2']) {
      expect(addressRefusal(address, own)).toBeNull();
    }
    for (const address of ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', 'fe80::1', '0.0.0.0', '224.0.0.1']) {
      expect(addressRefusal(address, own)).not.toBeNull();
    }
  });

  it('a network opens what is in it, of its own kind of address', () => {
    const networks = ['10.20.0.0/16', 'fd12::/16', '169.254.169.254/32'];
    const opened = { ownNetwork: false, networks };
    for (const address of ['10.20.3.4', 'fd12::1', '169.254.169.254'])
      expect(addressRefusal(address, opened)).toBeNull();
    for (const address of ['10.21.0.1', '::ffff:10.20.3.4', '169.254.169.253']) {
      expect(addressRefusal(address, opened)).not.toBeNull();
    }
    expect(['10.0.0.0/8', 'fd00::/8', '1.2.3.4/32'].every(isNetwork)).toBe(true);
    expect(['10.0.0.0', '10.0.0.0/33', 'host/8', ''].some(isNetwork)).toBe(false);
  });
});

const byte = fastCheck.integer({ min: 0, max: 255 });

test('every address of a private network is refused in each form that carries it', () => {
  const inPrivate = fastCheck.oneof(
    fastCheck.tuple(fastCheck.constant(10), byte, byte, byte),
    fastCheck.tuple(fastCheck.constant(127), byte, byte, byte),
    fastCheck.tuple(fastCheck.constant(172), fastCheck.integer({ min: 16, max: 31 }), byte, byte),
    fastCheck.tuple(fastCheck.constant(192), fastCheck.constant(168), byte, byte),
    fastCheck.tuple(fastCheck.constant(169), fastCheck.constant(254), byte, byte),
    fastCheck.tuple(fastCheck.constant(100), fastCheck.integer({ min: 64, max: 127 }), byte, byte),
    fastCheck.tuple(fastCheck.integer({ min: 224, max: 255 }), byte, byte, byte),
  );
  fastCheck.assert(
    fastCheck.property(inPrivate, ([a, b, c, d]) => {
      const hex = (high: number, low: number): string => (high * 256 + low).toString(16);
      const dotted = `${a}.${b}.${c}.${d}`;
      const forms = [
        dotted,
        `::ffff:${dotted}`,
        `::FFFF:${hex(a, b)}:${hex(c, d)}`,
        `0:0:0:0:0:ffff:${hex(a, b)}:${hex(c, d)}`,
        `::${dotted}`,
        `64:ff9b::${dotted}`,
        `2002:${hex(a, b)}:${hex(c, d)}::1`,
      ];
      expect(forms.filter((form) => addressRefusal(form, nothing) === null)).toEqual([]);
    }),
  );
});
