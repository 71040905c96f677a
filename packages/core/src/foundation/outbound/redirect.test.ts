import { expect, test } from 'vitest';
import { testAuthority } from '../../../test-support/certificates.js';
import { otherSystem } from '../../../test-support/other-system.js';
import { caller, localTarget, outboundDesk } from '../../../test-support/outbound-desk.js';

const secrets = { read: async () => 's3cret' };
const headers = {
  authorization: { secret: { env: 'TOKEN' } },
  'x-partner': { secret: { env: 'PARTNER' } },
  accept: 'text/plain',
};

test('redirects are answers unless the target follows them', async () => {
  await using there = await otherSystem((_, response) => response.writeHead(302, { location: '/moved' }).end());
  await using desk = await outboundDesk(localTarget(there));
  expect(await desk.call()).toMatchObject({ status: 302, headers: { location: '/moved' } });
  expect(there.received).toHaveLength(1);
});

test('on the same origin credentials and body go along; 303 asks by GET; so many and no more are followed', async () => {
  await using there = await otherSystem((request, response) => {
    const to: Readonly<Record<string, readonly [number, string]>> = {
      '/kept': [307, '/end'],
      '/asked': [303, '/end'],
      '/post': [302, '/end'],
      '/circle': [302, '/circle'],
    };
    const [status, location] = to[request.url] ?? [200, ''];
    response.writeHead(status, location === '' ? {} : { location }).end();
  });
  await using desk = await outboundDesk(localTarget(there, { headers, redirects: { most: 2 } }), { secrets });
  expect(await desk.call({ method: 'POST', path: '/kept', body: 'x' })).toMatchObject({ status: 200 });
  expect(there.received.at(-1)).toMatchObject({ method: 'POST', body: 'x', headers: { authorization: 's3cret' } });
  expect(await desk.call({ method: 'POST', path: '/asked', body: 'x' })).toMatchObject({ status: 200 });
  expect(there.received.at(-1)).toMatchObject({ method: 'GET', body: '' });
  expect(await desk.call({ method: 'POST', path: '/post', body: 'x' })).toMatchObject({ status: 302 });
  const before = there.received.length;
  expect(await desk.call({ path: '/circle' })).toMatchObject({ status: 302, attempts: 1 });
  expect(there.received.length - before).toBe(3);
});

test('another origin has to be allowed, and gets neither credentials nor the idempotency key', async () => {
  await using elsewhere = await otherSystem((_, response) => response.end('there'));
  await using there = await otherSystem((_, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/end` }).end(),
  );
  const network = { allowInsecure: true, ports: [there.port, elsewhere.port], privateHosts: ['127.0.0.1'] };
  await using desk = await outboundDesk(localTarget(there, { headers, network, redirects: { most: 1 } }), { secrets });
  await desk.call({ method: 'PUT', body: 'x', idempotencyKey: 'once', headers: { 'x-api-key': 'k', cookie: 'a=b' } });
  expect(elsewhere.received[0]?.headers).toMatchObject({ accept: 'text/plain' });
  for (const name of ['authorization', 'x-partner', 'x-api-key', 'cookie', 'idempotency-key']) {
    expect(there.received[0]?.headers).toHaveProperty(name);
    expect(elsewhere.received[0]?.headers).not.toHaveProperty(name);
  }
  expect(desk.events).toMatchObject([
    { event: 'outbound.redirected', to: `127.0.0.1:${elsewhere.port}` },
    { event: 'outbound.answered' },
  ]);
});

test('a POST goes to no other origin, where its key does not go and it could be done twice', async () => {
  await using elsewhere = await otherSystem(() => undefined);
  await using there = await otherSystem((_, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/end` }).end(),
  );
  const network = { allowInsecure: true, ports: [there.port, elsewhere.port], privateHosts: ['127.0.0.1'] };
  await using desk = await outboundDesk(localTarget(there, { network, redirects: { most: 1 } }));
  await expect(desk.call({ method: 'POST', body: 'x', idempotencyKey: 'once' })).rejects.toMatchObject({
    code: 'OUTBOUND_REFUSED',
    retryable: false,
    details: { attempts: 1 },
  });
  expect(elsewhere.received).toEqual([]);
});

test('a POST that was done is not sent again because the page it leads to says 429', async () => {
  await using there = await otherSystem((request, response) =>
    request.method === 'POST' ? response.writeHead(303, { location: '/status' }).end() : response.writeHead(429).end(),
  );
  await using desk = await outboundDesk(localTarget(there, { redirects: { most: 1 } }));
  expect(await desk.call({ method: 'POST', body: 'pay' })).toMatchObject({ status: 429, attempts: 1 });
  expect(there.received.map(({ method }) => method)).toEqual(['POST', 'GET']);
});

test('an error after a redirect names the host that failed, and a record the place that answered', async () => {
  await using elsewhere = await otherSystem((request, response) => {
    if (request.url === '/end') response.writeHead(200, { 'x-auth-token': 'T0K3N' }).end();
    else response.socket?.destroy();
  });
  await using there = await otherSystem((request, response) =>
    response.writeHead(302, { location: `http://127.0.0.1:${elsewhere.port}${request.url}` }).end(),
  );
  const network = { allowInsecure: true, ports: [there.port, elsewhere.port], privateHosts: ['127.0.0.1'] };
  await using desk = await outboundDesk(
    localTarget(there, { network, redirects: { most: 1 }, retry: { attempts: 1 } }),
  );
  await expect(desk.call({ path: '/broken' })).rejects.toMatchObject({
    message: expect.stringContaining(`127.0.0.1:${elsewhere.port}`),
  });
  const subject = { kind: 'lead', id: '019bc0de-0000-7000-8000-0000000000aa' };
  await desk.storage.unitOfWork.run('documents', (unit) => desk.dataKeys.create(unit, subject.kind, [subject.id]));
  const { exchangeId } = await desk.call({ path: '/end', subject });
  expect(await desk.exchanges.get(caller, exchangeId)).toMatchObject({
    response: { url: `http://127.0.0.1:${elsewhere.port}/end`, headers: { 'x-auth-token': '***' } },
  });
});

test.each([
  ['a private address', 'http://10.0.0.8/', 'private'],
  ['metadata', 'http://169.254.169.254/latest/meta-data/iam/', 'linkLocal'],
  ['another port', 'http://127.0.0.1:22/', 'port 22'],
  ['a host that is not listed', 'http://elsewhere.example/', 'not one of the hosts'],
  ['a file', 'file:///etc/passwd', 'only https'],
  ['a password', 'http://a:b@127.0.0.1/', 'user name or password'],
])('a redirect to %s is refused', async (_, location, reason) => {
  await using there = await otherSystem((_request, response) => response.writeHead(302, { location }).end());
  const network = { allowInsecure: true, ports: [there.port, 80], privateHosts: ['127.0.0.1'] };
  await using desk = await outboundDesk(localTarget(there, { network, redirects: { most: 5 } }));
  await expect(desk.call()).rejects.toMatchObject({
    code: 'OUTBOUND_REFUSED',
    message: expect.stringContaining(reason),
    details: { status: 302, ambiguous: true },
  });
});

test('from TLS nothing leads on without it, and our certificate is shown to nobody else', async () => {
  const authority = testAuthority();
  const server = authority.issue('127.0.0.1');
  const tls = { cert: server.certificate, key: server.key };
  await using elsewhere = await otherSystem((_, response) => response.end(), tls);
  await using there = await otherSystem((request, response) => {
    const location = request.url === '/plain' ? 'http://127.0.0.1/' : `https://127.0.0.1:${elsewhere.port}/`;
    response.writeHead(302, { location }).end();
  }, tls);
  const client = authority.issue('client.example');
  const values: Readonly<Record<string, string>> = { CA: authority.certificate, C: client.certificate, K: client.key };
  await using desk = await outboundDesk(
    {
      baseUrl: there.url,
      network: { ports: [there.port, elsewhere.port, 80], privateHosts: ['127.0.0.1'] },
      redirects: { most: 1 },
      tls: { authorities: { env: 'CA' }, certificate: { env: 'C' }, key: { env: 'K' } },
    },
    { secrets: { read: async (reference) => ('env' in reference ? (values[reference.env] ?? '') : '') } },
  );
  await expect(desk.call({ path: '/plain' })).rejects.toMatchObject({
    message: expect.stringContaining('without TLS'),
  });
  await expect(desk.call()).rejects.toMatchObject({ message: expect.stringContaining('certificate may not be shown') });
  expect(elsewhere.received).toEqual([]);
});
