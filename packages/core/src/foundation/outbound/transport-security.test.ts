import { expect, test } from 'vitest';
import { testAuthority } from '../../../test-support/certificates.js';
import { otherSystem } from '../../../test-support/other-system.js';
import { outboundDesk } from '../../../test-support/outbound-desk.js';
import { failureOf } from './failure-of.js';
import type { OutboundTarget } from './outbound-target.js';

const authority = testAuthority();
const good = authority.issue('127.0.0.1');
const ours = authority.issue('client.example');

interface Secrets {
  [name: string]: string;
}

function reading(secrets: Secrets): { readonly secrets: { read(reference: object): Promise<string> } } {
  return { secrets: { read: async (reference) => secrets['env' in reference ? String(reference.env) : ''] ?? '' } };
}

const trusting = (port: number, tls: OutboundTarget['tls'] = {}): OutboundTarget => ({
  baseUrl: `https://127.0.0.1:${port}`,
  network: { ports: [port], privateHosts: ['127.0.0.1'] },
  retry: { attempts: 1 },
  tls: { authorities: { env: 'CA' }, ...tls },
});

test('trusts the authorities of the target alone', async () => {
  await using there = await otherSystem((_, response) => response.end('hello'), {
    cert: good.certificate,
    key: good.key,
  });
  await using desk = await outboundDesk(trusting(there.port), reading({ CA: authority.certificate }));
  expect(await desk.call()).toMatchObject({ status: 200 });
  const others = [testAuthority('Somebody else').certificate, authority.issue('127.0.0.1').certificate];
  for (const CA of others) {
    await using stranger = await outboundDesk(trusting(there.port), reading({ CA }));
    await expect(stranger.call({ method: 'POST' })).rejects.toMatchObject({
      code: 'OUTBOUND_UNTRUSTED',
      details: { ambiguous: false },
    });
  }
  await using machines = await outboundDesk({ ...trusting(there.port), tls: {} });
  await expect(machines.call()).rejects.toMatchObject({ code: 'OUTBOUND_UNTRUSTED' });
  expect(there.received).toHaveLength(1);
});

test.each([
  ['is of another host', authority.issue('api.lender.example')],
  ['is of another address', authority.issue('127.0.0.2')],
  ['has expired', authority.issue('127.0.0.1', { until: new Date(Date.now() - 3_600_000) })],
  ['is not valid yet', authority.issue('127.0.0.1', { from: new Date(Date.now() + 3_600_000) })],
])('a certificate that %s is not trusted, and nothing is sent', async (_, { certificate, key }) => {
  await using there = await otherSystem((_request, response) => response.end(), { cert: certificate, key });
  await using desk = await outboundDesk(trusting(there.port), reading({ CA: authority.certificate }));
  await expect(desk.call({ method: 'POST', body: 'x' })).rejects.toMatchObject({
    code: 'OUTBOUND_UNTRUSTED',
    retryable: false,
    details: { ambiguous: false },
  });
  expect(there.received).toEqual([]);
});

test('a server that knows no TLS 1.2 is not trusted', async () => {
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await using there = await otherSystem((_, response) => response.end(), {
    cert: good.certificate,
    key: good.key,
    ...old,
  });
  await using desk = await outboundDesk(trusting(there.port), reading({ CA: authority.certificate }));
  await expect(desk.call()).rejects.toMatchObject({ code: 'OUTBOUND_UNTRUSTED' });
});

// With TLS 1.3 a server learns after our handshake that we show nothing; one that only closes then looks like any that breaks off.
test.each([
  ['TLSv1.2', { code: 'OUTBOUND_UNTRUSTED', details: { ambiguous: false } }],
  ['TLSv1.3', { code: 'OUTBOUND_OUTCOME_UNKNOWN', details: { ambiguous: true } }],
] as const)(
  'mutual TLS by %s: our certificate is shown, and without it nothing is done',
  async (maxVersion, refusal) => {
    const wanting = { cert: good.certificate, key: good.key, ca: authority.certificate, requestCert: true, maxVersion };
    await using there = await otherSystem((_, response) => response.end(), { ...wanting, rejectUnauthorized: true });
    const secrets = { CA: authority.certificate, CERTIFICATE: ours.certificate, KEY: ours.key };
    await using desk = await outboundDesk(
      trusting(there.port, { certificate: { env: 'CERTIFICATE' }, key: { env: 'KEY' } }),
      reading(secrets),
    );
    expect(await desk.call({ method: 'POST' })).toMatchObject({ status: 200 });
    await using nobody = await outboundDesk(trusting(there.port), reading(secrets));
    await expect(nobody.call({ method: 'POST', body: 'x' })).rejects.toMatchObject(refusal);
    expect(there.received).toHaveLength(1);
  },
);

test('an alert about our certificate says that nothing was read, also after the handshake', () => {
  const alert = Object.assign(new Error(), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });
  expect(failureOf(alert)).toMatchObject({ code: 'OUTBOUND_UNTRUSTED', mayHaveArrived: false });
  const bad = Object.assign(new Error(), { code: 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC' });
  expect(failureOf(bad)).toMatchObject({ code: 'OUTBOUND_FAILED', mayHaveArrived: true });
});

test('certificates that were exchanged are used without a restart', async () => {
  const secrets: Secrets = { CA: testAuthority('Retired').certificate };
  await using there = await otherSystem((_, response) => response.end(), { cert: good.certificate, key: good.key });
  await using desk = await outboundDesk(trusting(there.port), reading(secrets));
  await expect(desk.call()).rejects.toMatchObject({ code: 'OUTBOUND_UNTRUSTED' });
  secrets['CA'] = authority.certificate;
  desk.clock.advance('31s');
  expect(await desk.call()).toMatchObject({ status: 200 });
});

test('a secret that is missing is told by its name, and nothing is sent', async () => {
  await using there = await otherSystem((_, response) => response.end(), { cert: good.certificate, key: good.key });
  await using desk = await outboundDesk(trusting(there.port));
  await expect(desk.call()).rejects.toMatchObject({ code: 'SECRET_MISSING', message: expect.stringContaining('CA') });
  expect(there.received).toEqual([]);
});

test('a certificate and a key that cannot be used send nothing; in the middle of a rotation those before still count', async () => {
  const wanting = { cert: good.certificate, key: good.key, ca: authority.certificate, requestCert: true };
  await using there = await otherSystem((_, response) => response.end(), { ...wanting, rejectUnauthorized: true });
  const next = authority.issue('client.example');
  const secrets: Secrets = { CA: authority.certificate, CERTIFICATE: next.certificate, KEY: ours.key };
  const tls = { certificate: { env: 'CERTIFICATE' }, key: { env: 'KEY' } };
  await using desk = await outboundDesk(trusting(there.port, tls), reading(secrets));
  await expect(desk.call({ method: 'POST', body: 'x' })).rejects.toMatchObject({
    code: 'OUTBOUND_UNTRUSTED',
    details: { ambiguous: false },
  });
  expect(there.received).toEqual([]);
  secrets['KEY'] = next.key;
  desk.clock.advance('31s');
  expect(await desk.call({ method: 'POST' })).toMatchObject({ status: 200 });
  secrets['CERTIFICATE'] = ours.certificate;
  desk.clock.advance('31s');
  expect(await desk.call({ method: 'POST' })).toMatchObject({ status: 200 });
});
