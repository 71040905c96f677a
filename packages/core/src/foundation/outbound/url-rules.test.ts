import fastCheck from 'fast-check';
import { expect, test } from 'vitest';
import { hasCode } from '../kernel/index.js';
import { defaultTarget } from './outbound-target.js';
import { allowedUrl } from './url-rules.js';

const policy = defaultTarget.network;

function isRefused(url: string, rules = policy): boolean {
  try {
    allowedUrl(url, rules);
    return false;
  } catch (error) {
    if (hasCode(error, 'OUTBOUND_REFUSED')) return true;
    throw error;
  }
}

test.each([
  'http://api.lender.example/',
  'ftp://api.lender.example/',
  'file:///etc/passwd',
  'https://asha:secret@api.lender.example/',
  'https://asha@api.lender.example/',
  'https://api.lender.example:8443/',
  'https://api.lender.example./',
  'https://127.0.0.1/',
  'https://127.0.0.1./',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://0x7f.1/',
  'https://１２７.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[64:ff9b::169.254.169.254]/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[fd00:ec2::254]/',
  'https://10.0.0.8/',
  'https://',
  'nonsense',
])('%s is refused', (url) => {
  expect(isRefused(url)).toBe(true);
});

test('what is public, by TLS, on a port of the list may be called', () => {
  expect(allowedUrl('https://api.lender.example/a?b=c', policy).href).toBe('https://api.lender.example/a?b=c');
  expect(isRefused('https://api.lender.example:8443/', { ...policy, ports: [8443] })).toBe(false);
  expect(isRefused('http://api.lender.example/', { ...policy, allowInsecure: true, ports: [80] })).toBe(false);
  expect(isRefused('https://10.0.0.8/', { ...policy, privateHosts: ['10.0.0.8'] })).toBe(false);
  expect(isRefused('https://10.0.0.8/', { ...policy, privateNetworks: ['10.0.0.0/24'] })).toBe(false);
});

test('a refusal tells neither path nor query nor password', () => {
  for (const url of ['https://asha:hunter2@h.example/', 'http://h.example/pan/ABCDE1234F?otp=99']) {
    expect(() => allowedUrl(url, policy)).toThrow(/^(?!.*(hunter2|ABCDE|otp)).*$/s);
  }
});

test('however 127.0.0.0/8 is written as one number or as fewer parts, it is refused', () => {
  const written = fastCheck
    .tuple(
      fastCheck.integer({ min: 0, max: 0xffffff }),
      fastCheck.constantFrom(10, 8, 16),
      fastCheck.integer({ min: 1, max: 4 }),
    )
    .map(([low, base, parts]) => {
      const bytes = [127, low >> 16, (low >> 8) & 255, low & 255];
      const last = bytes.slice(parts - 1).reduce((sum, part) => sum * 256 + part, 0);
      const text = (part: number): string => `${{ 10: '', 8: '0', 16: '0x' }[base]}${part.toString(base)}`;
      return [...bytes.slice(0, parts - 1), last].map(text).join('.');
    });
  fastCheck.assert(fastCheck.property(written, (host) => isRefused(`https://${host}/`)));
});
