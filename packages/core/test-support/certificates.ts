import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate and its key, as PEM. */
export interface Certified {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of tests, made anew each time. */
export interface TestAuthority {
  /** PEM of its own certificate: what a client trusts. */
  readonly certificate: string;
  /** A certificate for a host (a name or an IPv4 address); of yesterday until tomorrow when nothing else is said. */
  issue(host: string, validity?: Validity): Certified;
}

interface Validity {
  readonly from?: Date;
  readonly until?: Date;
}

const day = 86_400_000;

/** Makes an authority with keys on the curve P-256. */
export function testAuthority(name = 'Authority of tests'): TestAuthority {
  const authority = newKey();
  const issuer = nameOf(name);
  const certificate = certificateOf({
    subject: issuer,
    issuer,
    keys: authority,
    signer: authority.privateKey,
    extensions: [extension('2.5.29.19', true, sequence(boolean(true)))],
  });
  return {
    certificate,
    issue(host, validity = {}) {
      const keys = newKey();
      const alternative = isIPv4(host)
        ? node(0x87, Buffer.from(host.split('.').map(Number)))
        : node(0x82, Buffer.from(host, 'ascii'));
      const issued = certificateOf({
        subject: nameOf(host),
        issuer,
        keys,
        signer: authority.privateKey,
        extensions: [extension('2.5.29.17', false, sequence(alternative))],
        ...validity,
      });
      return { certificate: issued, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    },
  };
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function newKey(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { publicKey, privateKey: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
}

interface Wanted extends Validity {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly keys: KeyPair;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280 §4.1, signed by ECDSA with SHA-256. */
function certificateOf({ subject, issuer, keys, signer, extensions, from, until }: Wanted): string {
  const algorithm = sequence(objectId('1.2.840.10045.4.3.2'));
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const toBeSigned = sequence(
    node(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    issuer,
    sequence(time(from ?? new Date(Date.now() - day)), time(until ?? new Date(Date.now() + day))),
    subject,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    node(0xa3, sequence(...extensions)),
  );
  const der = sequence(toBeSigned, algorithm, bits(sign('sha256', toBeSigned, signer)));
  return new X509Certificate(der).toString();
}

/** One value in DER: tag, length, content. */
function node(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...items: readonly Buffer[]): Buffer => node(0x30, ...items);
const integer = (bytes: Buffer): Buffer => node(0x02, bytes);
const boolean = (value: boolean): Buffer => node(0x01, Buffer.from([value ? 0xff : 0]));
const bits = (bytes: Buffer): Buffer => node(0x03, Buffer.from([0]), bytes);
const time = (at: Date): Buffer =>
  node(0x18, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`, 'ascii'));

function nameOf(commonName: string): Buffer {
  return sequence(node(0x31, sequence(objectId('2.5.4.3'), node(0x0c, Buffer.from(commonName, 'utf8')))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), node(0x04, value));
}

function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return node(0x06, Buffer.from(bytes));
}
