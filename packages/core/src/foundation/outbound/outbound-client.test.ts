import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { otherSystem } from '../../../test-support/other-system.js';
import { caller, localTarget, longestPauses, outboundDesk } from '../../../test-support/outbound-desk.js';

test('sends what it is told, adds what the target says, and gives the answer back', async () => {
  await using there = await otherSystem((_, response) => {
    response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': 'a=1' });
    response.end('{"reference":"R-1"}');
  });
  await using desk = await outboundDesk(
    localTarget(there, {
      baseUrl: `http://127.0.0.1:${there.port}/v2/`,
      headers: { accept: 'application/json', authorization: { secret: { env: 'TOKEN' }, prefix: 'Bearer ' } },
    }),
    { secrets: { read: async () => 's3cret' } },
  );
  const answer = await desk.call({
    method: 'POST',
    path: '/leads/{phone}/offers',
    parameters: { phone: '+91 98/..' },
    query: { page: '1&2' },
    headers: { 'content-type': 'text/plain' },
    body: 'नमस्ते',
    idempotencyKey: 'once',
  });
  expect(answer).toMatchObject({ status: 201, attempts: 1, headers: { 'content-type': 'application/json' } });
  expect(new TextDecoder().decode(answer.body)).toBe('{"reference":"R-1"}');
  expect(answer.headers).not.toHaveProperty('set-cookie');
  expect(there.received).toMatchObject([
    {
      method: 'POST',
      url: '/v2/leads/%2B91%2098%2F../offers?page=1%262',
      body: 'नमस्ते',
      headers: {
        accept: 'application/json',
        authorization: 'Bearer s3cret',
        'content-type': 'text/plain',
        'idempotency-key': 'once',
        'user-agent': 'lms',
      },
    },
  ]);
});

test('every status is an answer; those that pass are asked again as often as the policy says, with pauses that double', async () => {
  await using there = await otherSystem((_, response) => response.writeHead(503).end('later'));
  await using desk = await outboundDesk(
    localTarget(there, { retry: { attempts: 4, firstPauseMillis: 100, longestPauseMillis: 250 } }),
    { random: longestPauses },
  );
  expect(await desk.call()).toMatchObject({ status: 503, attempts: 4 });
  expect(desk.pauses).toEqual([100, 200, 250]);
  expect(desk.events.map(({ event }) => event)).toEqual([
    'outbound.retry',
    'outbound.retry',
    'outbound.retry',
    'outbound.answered',
  ]);
});

test('a POST without a key is asked again after 429, as long as it is told, and never after 500', async () => {
  await using there = await otherSystem((_, response, count) => {
    if (count === 1) response.writeHead(429, { 'retry-after': '7' }).end();
    else response.writeHead(500).end();
  });
  await using desk = await outboundDesk(localTarget(there), { random: longestPauses });
  expect(await desk.call({ method: 'POST', body: 'x' })).toMatchObject({ status: 500, attempts: 2 });
  // Some of the pause is added, so that not all who were told 7 come back at once.
  expect(desk.pauses).toEqual([7_250]);
  expect(await desk.call({ method: 'POST', idempotencyKey: 'k', body: 'x' })).toMatchObject({ attempts: 3 });
});

test('a Retry-After beyond the cap, or beyond the time that is left, ends the call', async () => {
  await using there = await otherSystem((_, response) => response.writeHead(503, { 'retry-after': '31' }).end());
  await using desk = await outboundDesk(localTarget(there));
  expect(await desk.call()).toMatchObject({ status: 503, attempts: 1 });
  await using patient = await outboundDesk(
    localTarget(there, { retry: { longestRetryAfterMillis: 600_000 }, timeouts: { totalMillis: 31_000 } }),
  );
  expect(await patient.call()).toMatchObject({ status: 503, attempts: 1 });
});

test('a server that never begins to answer: GET is asked again and may be again, POST may not', async () => {
  await using there = await otherSystem(() => undefined);
  await using desk = await outboundDesk(
    localTarget(there, { timeouts: { headersMillis: 60 }, retry: { attempts: 2 } }),
  );
  await expect(desk.call()).rejects.toMatchObject({
    code: 'OUTBOUND_TIMEOUT',
    retryable: true,
    details: { attempts: 2, ambiguous: true },
  });
  await expect(desk.call({ method: 'POST', body: 'pay' })).rejects.toMatchObject({
    code: 'OUTBOUND_OUTCOME_UNKNOWN',
    retryable: false,
    details: { attempts: 1, ambiguous: true, reason: 'OUTBOUND_TIMEOUT' },
  });
  expect(there.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
}, 20_000);

test('a server that stops in the middle of its answer', async () => {
  await using there = await otherSystem((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('begin');
  });
  await using desk = await outboundDesk(localTarget(there, { timeouts: { bodyMillis: 60 }, retry: { attempts: 1 } }));
  await expect(desk.call()).rejects.toMatchObject({ code: 'OUTBOUND_TIMEOUT', details: { status: 200 } });
}, 20_000);

test('a server that sends a letter at a time is given up when the whole call has taken long enough', async () => {
  await using there = await otherSystem((_, response) => {
    response.writeHead(200);
    const dripping = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(dripping));
  });
  await using desk = await outboundDesk(localTarget(there, { timeouts: { bodyMillis: 5_000, totalMillis: 200 } }));
  await expect(desk.call()).rejects.toMatchObject({
    code: 'OUTBOUND_TIMEOUT',
    message: expect.stringContaining('200 ms in all'),
  });
});

test('a connection that breaks after the request was sent', async () => {
  await using there = await otherSystem((_, response) => response.socket?.resetAndDestroy());
  await using desk = await outboundDesk(localTarget(there, { retry: { attempts: 2 } }));
  await expect(desk.call({ method: 'PUT', body: 'x' })).rejects.toMatchObject({
    code: 'OUTBOUND_FAILED',
    details: { attempts: 2, ambiguous: true },
  });
  await expect(desk.call({ method: 'PATCH', body: 'x' })).rejects.toMatchObject({
    code: 'OUTBOUND_OUTCOME_UNKNOWN',
    details: { attempts: 1 },
  });
});

test('what cannot be reached was not sent, whatever the method', async () => {
  const closed = await freePort();
  await using desk = await outboundDesk(localTarget({ port: closed }));
  await expect(desk.call({ method: 'POST', body: 'x' })).rejects.toMatchObject({
    code: 'OUTBOUND_FAILED',
    retryable: true,
    details: { attempts: 3, ambiguous: false },
  });
});

test('the caller stops it: in the middle, and before it began', async () => {
  await using there = await otherSystem(() => undefined);
  await using desk = await outboundDesk(localTarget(there));
  const stop = new AbortController();
  const call = desk.call({ method: 'POST', body: 'x', signal: stop.signal });
  await expect.poll(() => there.received.length).toBe(1);
  stop.abort();
  await expect(call).rejects.toMatchObject({
    code: 'OUTBOUND_OUTCOME_UNKNOWN',
    retryable: false,
    details: { ambiguous: true, reason: 'COMMAND_ABORTED' },
  });
  const readingStop = new AbortController();
  const reading = desk.call({ signal: readingStop.signal });
  await expect.poll(() => there.received.length).toBe(2);
  readingStop.abort();
  await expect(reading).rejects.toMatchObject({ code: 'COMMAND_ABORTED', details: { ambiguous: true } });
  await expect(desk.call({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'COMMAND_ABORTED' });
  expect(there.received).toHaveLength(2);
});

test('until a connection is made, a stop and the time in all end a call at once, and nothing was sent', async () => {
  await using there = await otherSystem((_, response) => response.end());
  const resolver = { resolve: () => new Promise<never>(() => undefined) };
  const target = {
    baseUrl: `http://partner.example:${there.port}`,
    network: { allowInsecure: true, ports: [there.port] },
    timeouts: { connectMillis: 30_000, totalMillis: 200 },
    budgets: [{ per: 'day', limit: 5 }],
  } as const;
  await using desk = await outboundDesk(target, { resolver });
  const begun = performance.now();
  await expect(desk.call({ method: 'POST', body: 'x' })).rejects.toMatchObject({
    code: 'OUTBOUND_TIMEOUT',
    details: { ambiguous: false },
  });
  await expect(desk.call({ method: 'POST', signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    code: 'COMMAND_ABORTED',
    details: { ambiguous: false },
  });
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(await desk.client.budgets(caller)).toMatchObject([{ spent: 0 }]);
});

test('a call that is stopped while its connection is made is not sent over it later', async () => {
  await using there = await otherSystem((_, response) => response.end());
  let resolve = (_: readonly { readonly address: string; readonly family: number }[]): void => undefined;
  const resolved = new Promise<Parameters<typeof resolve>[0]>((settle) => {
    resolve = settle;
  });
  let asked = 0;
  const resolver = {
    resolve: () => {
      asked += 1;
      return resolved;
    },
  };
  const network = { allowInsecure: true, ports: [there.port], privateHosts: ['partner.example'] };
  await using desk = await outboundDesk({ baseUrl: `http://partner.example:${there.port}`, network }, { resolver });
  const stop = new AbortController();
  const stopped = desk.call({ method: 'POST', body: 'the first', signal: stop.signal });
  await expect.poll(() => asked).toBe(1);
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'COMMAND_ABORTED', details: { ambiguous: false } });
  const next = desk.call({ method: 'POST', body: 'the next' });
  resolve([{ address: '127.0.0.1', family: 4 }]);
  expect(await next).toMatchObject({ status: 200 });
  expect(there.received.map(({ body }) => body)).toEqual(['the next']);
});

test('tries that were begun with little time left do not make the target count as down', async () => {
  await using there = await otherSystem((request, response) => {
    if (request.url === '/well') response.end();
  });
  const breaker = { minimumCalls: 2, failureRatio: 0.1 };
  await using desk = await outboundDesk(
    localTarget(there, { breaker, retry: { attempts: 1 }, timeouts: { totalMillis: 60 } }),
  );
  for (let at = 0; at < 3; at += 1) await expect(desk.call()).rejects.toMatchObject({ code: 'OUTBOUND_TIMEOUT' });
  expect(await desk.call({ path: '/well' })).toMatchObject({ status: 200 });
});

test('a host that is down stops no other host of a target without base URL', async () => {
  await using down = await otherSystem((_, response) => response.writeHead(500).end());
  await using up = await otherSystem((_, response) => response.end());
  await using desk = await outboundDesk({
    network: { allowInsecure: true, ports: [down.port, up.port], privateHosts: ['127.0.0.1'] },
    retry: { attempts: 1 },
    breaker: { minimumCalls: 2 },
  });
  const call = (url: string): Promise<unknown> =>
    desk.client.call(caller, { target: 'there', purpose: 'hook', method: 'POST', url });
  for (let at = 0; at < 2; at += 1) await call(down.url);
  await expect(call(down.url)).rejects.toMatchObject({ code: 'OUTBOUND_CIRCUIT_OPEN' });
  expect(await call(up.url)).toMatchObject({ status: 200 });
});

test('closing ends pauses, begins no further try, and refuses what comes after', async () => {
  await using there = await otherSystem((_, response) => {
    setTimeout(() => response.writeHead(503).end(), 50);
  });
  await using desk = await outboundDesk(localTarget(there));
  const call = desk.call();
  await expect.poll(() => there.received.length).toBe(1);
  const closed = desk.client.close();
  await expect(desk.call()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  expect(await call).toMatchObject({ status: 503, attempts: 1 });
  await closed;
  expect(there.received).toHaveLength(1);
});

test('a body that is longer than the target takes is not sent, counted in bytes', async () => {
  await using there = await otherSystem((_, response) => response.end());
  await using desk = await outboundDesk(localTarget(there, { maxRequestBytes: 6 }));
  expect(await desk.call({ method: 'POST', body: 'नम' })).toMatchObject({ status: 200 });
  await expect(desk.call({ method: 'POST', body: 'नमa' })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  expect(there.received).toHaveLength(1);
});

test('after enough failures the target is left alone; then one call tries it, and the others follow', async () => {
  let isDown = true;
  await using there = await otherSystem((_, response) => response.writeHead(isDown ? 500 : 200).end());
  await using desk = await outboundDesk(
    localTarget(there, { retry: { attempts: 1 }, breaker: { minimumCalls: 4, openMillis: 30_000 } }),
  );
  for (let at = 0; at < 4; at += 1) await desk.call();
  await expect(desk.call()).rejects.toMatchObject({
    code: 'OUTBOUND_CIRCUIT_OPEN',
    retryable: true,
    details: { retryAfterMillis: 30_000 },
  });
  expect(there.received).toHaveLength(4);
  desk.clock.advance('30s');
  await desk.call();
  await expect(desk.call()).rejects.toMatchObject({ code: 'OUTBOUND_CIRCUIT_OPEN' });
  isDown = false;
  desk.clock.advance('30s');
  expect(await desk.call()).toMatchObject({ status: 200 });
  expect(await desk.call()).toMatchObject({ status: 200 });
});

test('a rate: what comes faster is refused with the time to wait, and sends nothing', async () => {
  await using there = await otherSystem((_, response) => response.end());
  await using desk = await outboundDesk(localTarget(there, { rate: { perSecond: 2, burst: 3 } }));
  for (let at = 0; at < 3; at += 1) await desk.call();
  await expect(desk.call()).rejects.toMatchObject({
    code: 'OUTBOUND_RATE_LIMITED',
    details: { retryAfterMillis: 500 },
  });
  desk.clock.advance('500ms');
  await desk.call();
  expect(there.received).toHaveLength(4);
});

test('so many at once and so many who wait; the next is refused', async () => {
  const answers: (() => void)[] = [];
  await using there = await otherSystem((_, response) => answers.push(() => response.end()));
  await using desk = await outboundDesk(localTarget(there, { concurrency: { calls: 1, waiting: 1 } }));
  const first = desk.call();
  const second = desk.call();
  await expect.poll(() => answers.length).toBe(1);
  await expect(desk.call()).rejects.toMatchObject({ code: 'OUTBOUND_RATE_LIMITED' });
  answers[0]?.();
  await first;
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.();
  await second;
});

test('a budget is never exceeded by callers at once, counts every try, and is given back what was not sent', async () => {
  await using there = await otherSystem((_, response) => response.end());
  const budgets = [
    { per: 'day', limit: 10 },
    { per: 'month', limit: 12 },
  ] as const;
  await using desk = await outboundDesk(localTarget(there, { budgets, cost: 2 }));
  const calls = await Promise.allSettled(Array.from({ length: 9 }, () => desk.call()));
  expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(there.received).toHaveLength(5);
  await expect(desk.call()).rejects.toMatchObject({
    code: 'OUTBOUND_BUDGET_SPENT',
    details: { per: 'day', retryAfterMillis: 14 * 3_600_000 },
  });
  // 31 January in India ends at 18:30 UTC.
  desk.clock.advance('14h');
  await desk.call();
  expect(await desk.client.budgets(caller)).toEqual([
    { target: 'there', per: 'day', limit: 10, period: '2026-02-01', spent: 2 },
    { target: 'there', per: 'month', limit: 12, period: '2026-02', spent: 2 },
  ]);
  await using unreached = await outboundDesk(localTarget({ port: await freePort() }, { budgets }));
  await expect(unreached.call()).rejects.toMatchObject({ code: 'OUTBOUND_FAILED' });
  expect((await unreached.client.budgets(caller)).map(({ spent }) => spent)).toEqual([0, 0]);
});

test.each([
  [{ path: 'leads' }, 'INPUT_INVALID'],
  [{ path: '/leads?phone=9' }, 'INPUT_INVALID'],
  [{ path: '/{missing}' }, 'INPUT_INVALID'],
  [{ path: '/a\n/b' }, 'INPUT_INVALID'],
  [{ purpose: 'Asha Rao' }, 'INPUT_INVALID'],
  [{ correlationId: 'asha@example.com' }, 'INPUT_INVALID'],
  [{ path: '/{up}/admin', parameters: { up: '..' } }, 'INPUT_INVALID'],
  [{ headers: { host: 'elsewhere.example' } }, 'INPUT_INVALID'],
  [{ headers: { 'transfer-encoding': 'chunked' } }, 'INPUT_INVALID'],
  [{ headers: { 'x-a': 'a\r\nx-b: b' } }, 'INPUT_INVALID'],
  [{ method: 'GET', body: 'x' }, 'INPUT_INVALID'],
  [{ target: 'nowhere' }, 'OUTBOUND_TARGET_UNKNOWN'],
  [{ path: '//elsewhere.example/' }, 'ANSWERED'],
] as const)('%j is %s', async (request, expected) => {
  await using there = await otherSystem((_, response) => response.end());
  await using desk = await outboundDesk(localTarget(there));
  const outcome = await desk.call(request).then(
    () => 'ANSWERED',
    (error: { readonly code: string }) => error.code,
  );
  expect(outcome).toBe(expected);
  expect(there.received).toHaveLength(expected === 'ANSWERED' ? 1 : 0);
});

test.each(['/../../admin', '/../v2x', '/%2e%2e/x', '/a/../../x'])('%s stays under the base URL', async (path) => {
  await using there = await otherSystem((_, response) => response.end());
  await using desk = await outboundDesk(localTarget(there, { baseUrl: `${there.url}/v2` }));
  await expect(desk.call({ path })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(await desk.call({ path: '/a/../b' })).toMatchObject({ status: 200 });
  expect(there.received.map(({ url }) => url)).toEqual(['/v2/b']);
});

test('is for those with outbound.call', async () => {
  await using desk = await outboundDesk({ baseUrl: 'https://api.lender.example' });
  await expect(
    desk.client.call({ kind: 'partner', id: 'acme' }, { target: 'there', purpose: 'x', method: 'GET', path: '/' }),
  ).rejects.toMatchObject({ code: 'PERMISSION_DENIED', details: { permission: 'outbound.call', roles: ['admin'] } });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
