import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Answering, otherSystem } from '../../../test-support/other-system.js';
import { localTarget, outboundDesk } from '../../../test-support/outbound-desk.js';

/** 200 MB in 200 KB, packed before anything is measured. */
const bomb = gzipSync(Buffer.alloc(200_000_000));
const megabyte = Buffer.alloc(1_000_000, 'a');

/** Writes without end, as long as somebody reads. */
const endless: Answering = (_, response) => {
  const write = (): void => {
    while (!response.destroyed && response.write(megabyte));
  };
  response.on('drain', write);
  response.on('error', () => undefined);
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  write();
};

test.each([
  ['says it is a gigabyte', (_, response) => response.writeHead(200, { 'content-length': '1000000000' }).write('a')],
  ['never ends', endless],
  ['unpacks to 200 MB', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)],
] as const satisfies readonly (readonly [string, Answering])[])(
  'an answer that %s is given up, and the process stays small',
  async (_, answer) => {
    await using there = await otherSystem(answer);
    await using desk = await outboundDesk(localTarget(there, { maxResponseBytes: 500_000 }));
    const before = process.memoryUsage().arrayBuffers;
    await expect(desk.call()).rejects.toMatchObject({
      code: 'OUTBOUND_TOO_LARGE',
      retryable: false,
      details: { status: 200, attempts: 1, ambiguous: true },
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
    expect(there.received).toHaveLength(1);
  },
);

test('a packed answer is unpacked, up to the same limit; one that is broken is a failure', async () => {
  const text = 'ऋण '.repeat(1_000);
  await using there = await otherSystem((request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(request.url === '/broken' ? gzipSync(text).subarray(0, 20) : gzipSync(text));
  });
  await using desk = await outboundDesk(localTarget(there, { maxResponseBytes: Buffer.byteLength(text) }));
  expect(Buffer.from((await desk.call()).body).toString('utf8')).toBe(text);
  await expect(desk.call({ path: '/broken' })).rejects.toMatchObject({ code: 'OUTBOUND_FAILED' });
  await using smaller = await outboundDesk(localTarget(there, { maxResponseBytes: Buffer.byteLength(text) - 1 }));
  await expect(smaller.call()).rejects.toMatchObject({ code: 'OUTBOUND_TOO_LARGE' });
});

test('an answer without a body, and one to HEAD', async () => {
  await using there = await otherSystem((request, response) => {
    const headers = { 'content-encoding': 'gzip', 'content-length': '9000000' };
    response.writeHead(request.method === 'HEAD' ? 200 : 204, request.method === 'HEAD' ? headers : {}).end();
  });
  await using desk = await outboundDesk(localTarget(there, { maxResponseBytes: 100 }));
  expect(await desk.call({ method: 'HEAD' })).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  expect(await desk.call({ method: 'DELETE' })).toMatchObject({ status: 204, body: Buffer.alloc(0) });
});

test('headers without end are given up', async () => {
  await using there = await otherSystem((_, response) => {
    for (let at = 0; at < 200; at += 1) response.setHeader(`x-${at}`, 'a'.repeat(1_000));
    response.end();
  });
  await using desk = await outboundDesk(localTarget(there, { retry: { attempts: 1 } }));
  await expect(desk.call()).rejects.toMatchObject({ code: 'OUTBOUND_FAILED' });
});
