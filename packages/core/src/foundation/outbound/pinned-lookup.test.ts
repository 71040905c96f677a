import { expect, test } from 'vitest';
import { otherSystem } from '../../../test-support/other-system.js';
import { outboundDesk } from '../../../test-support/outbound-desk.js';
import type { NameResolver } from './pinned-lookup.js';

/** Answers with one list of addresses after the other, the last for ever. */
function answering(...answers: readonly (readonly string[])[]): NameResolver & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async resolve(host) {
      const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
      asked.push(host);
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
  };
}

const target = (port: number, more = {}) => ({
  baseUrl: `http://partner.example:${port}`,
  network: { allowInsecure: true, ports: [port], ...more },
  retry: { attempts: 1 },
});

test('a name that leads into the own network is refused before anything is sent, also as one of several addresses', async () => {
  await using there = await otherSystem((_, response) => response.end());
  for (const addresses of [
    ['127.0.0.1'],
    ['8.8.8.8', '127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['169.254.169.254'],
  ]) {
    await using desk = await outboundDesk(target(there.port), { resolver: answering(addresses) });
    await expect(desk.call({ method: 'POST', body: 'x' })).rejects.toMatchObject({
      code: 'OUTBOUND_REFUSED',
      retryable: false,
      // The addresses of the own network are nobody's to learn.
      message: expect.not.stringMatching(/127|::|169|8\.8/),
      details: { ambiguous: false, attempts: 1 },
    });
  }
  expect(there.received).toEqual([]);
});

test('a name is resolved once for a connection, which goes to the address that was checked', async () => {
  await using there = await otherSystem((_, response) => response.end());
  // Public when it is looked at, private when it is used: a guard that asks twice would connect to this machine.
  const rebinding = answering(['192.0.2.1'], ['127.0.0.1']);
  await using desk = await outboundDesk(target(there.port, { privateNetworks: ['192.0.2.1/32'] }), {
    resolver: rebinding,
  });
  await expect(desk.call({ signal: AbortSignal.timeout(300) })).rejects.toMatchObject({
    // Not reached, or stopped before it was: that depends on the network of this machine.
    details: { ambiguous: false, attempts: 1 },
  });
  expect(rebinding.asked).toEqual(['partner.example']);
  expect(there.received).toEqual([]);
  // The next connection asks again, and is checked again.
  await expect(desk.call()).rejects.toMatchObject({ code: 'OUTBOUND_REFUSED' });
  expect(rebinding.asked).toHaveLength(2);
});

test('an own host may have an address of the own network', async () => {
  await using there = await otherSystem((_, response) => response.end());
  await using desk = await outboundDesk(target(there.port, { privateHosts: ['partner.example'] }), {
    resolver: answering(['127.0.0.1']),
  });
  expect(await desk.call()).toMatchObject({ status: 200 });
});

test('a name that is not there was not reached', async () => {
  const resolver: NameResolver = {
    resolve: () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
  };
  await using desk = await outboundDesk(target(8080), { resolver });
  await expect(desk.call({ method: 'POST' })).rejects.toMatchObject({
    code: 'OUTBOUND_FAILED',
    details: { ambiguous: false },
  });
});
