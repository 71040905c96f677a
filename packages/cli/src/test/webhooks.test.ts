import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';
import { exampleFile } from './stores.js';

let folder: LmsFolder;
let status = 204;
const received: string[] = [];
const there = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    received.push(String(request.headers['webhook-id']));
    response.statusCode = status;
    response.end();
  });
});
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => there.listen(0, '127.0.0.1', resolve));
  const address = there.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  folder = await LmsFolder.make();
  await folder.lms(['init', '--yes']);
  const configuration = JSON.parse(await readFile(folder.file('lms.config.json'), 'utf8'));
  const network = { allowInsecure: true, ports: [port], privateHosts: ['127.0.0.1'] };
  await writeFile(folder.file('lms.config.json'), JSON.stringify({ ...configuration, webhooks: { network } }));
  await folder.lms(['schema', 'publish', exampleFile('product-lines/personal-loan.yaml')]);
}, 60_000);

afterAll(async () => {
  there.closeAllConnections();
  there.close();
  await folder[Symbol.asyncDispose]();
});

it('a webhook is added, tested, told, replayed, rotated and removed', { timeout: 300_000 }, async () => {
  expect((await folder.lms(['webhooks', 'list'])).stderr).toContain('lms webhooks add');
  const refused = await folder.lms(['webhooks', 'add', 'http://127.0.0.1:1/', '--type', 'user.*']);
  expect(refused).toMatchObject({ exitCode: 6 });
  const url = `http://127.0.0.1:${port}/hook`;
  const added = await folder.lms(['webhooks', 'add', url, '--type', 'user.*', '--json']);
  expect(added.exitCode).toBe(0);
  const { id, secret } = JSON.parse(added.stdout);
  expect(secret).toMatch(/^whsec_/);
  const other = ['webhooks', 'add', `http://127.0.0.1:${port}/other`, '--type', 'lead.*'];
  expect((await folder.lms(other)).exitCode).toBe(0);
  expect((await folder.lms(['webhooks', 'list', '--limit', '1'])).stderr).toContain('1 more: --limit 2');
  expect((await folder.lms(['webhooks', 'test', id])).stdout).toMatch(/^Taken: 204 after/);

  await folder.lms(['users', 'add', 'ravi', '--name', 'Ravi', '--role', 'agent']);
  expect(received, 'what a command sends by itself').toHaveLength(1);
  expect((await folder.lms(['tick'])).stdout).toContain('1 webhooks sent');
  const [, told] = received;
  const { items } = JSON.parse(
    (await folder.lms(['webhooks', 'deliveries', id, '--status', 'delivered', '--json'])).stdout,
  );
  expect(items).toMatchObject([{ id: told, eventType: 'user.created', deliveredStatus: 204 }]);

  expect((await folder.lms(['webhooks', 'replay', told ?? ''])).stdout).toContain('1 due now');
  status = 410;
  await folder.lms(['tick']);
  expect(received).toHaveLength(3);
  expect((await folder.lms(['webhooks', 'show', id])).stdout).toMatch(/State +disabled: it answered 410/);
  expect((await folder.lms(['doctor'])).stdout).toContain('lms webhooks enable');
  expect((await folder.lms(['doctor'])).stdout).toContain('1 given up');
  const since = ['--since', '2026-01-01'];
  expect((await folder.lms(['webhooks', 'dismiss', id, ...since])).stdout).toContain('1 dismissed');
  expect((await folder.lms(['webhooks', 'dismiss', told ?? ''])).stdout).toContain('0 dismissed');
  expect((await folder.lms(['doctor'])).stdout).not.toContain('given up');
  const dismissed = ['webhooks', 'deliveries', id, '--status', 'dismissed', '--json'];
  expect(JSON.parse((await folder.lms(dismissed)).stdout).items).toMatchObject([{ id: told, status: 'dismissed' }]);
  expect((await folder.lms(['webhooks', 'test', id])).exitCode).toBe(7);
  const replayed = await folder.lms(['webhooks', 'replay', id, ...since]);
  expect(replayed.stdout, 'what is dismissed').toContain('0 due now');

  const moved = [
    'webhooks',
    'update',
    id,
    '--url',
    `${url}/new`,
    '--product',
    'demat',
    '--expected-version',
    '2',
    '--json',
  ];
  expect(JSON.parse((await folder.lms(moved)).stdout)).toMatchObject({
    ...{ url: `${url}/new`, eventTypes: ['user.*'], productLines: ['demat'], version: 3 },
  });

  expect((await folder.lms(['webhooks', 'enable', id])).exitCode).toBe(0);
  expect((await folder.lms(['webhooks', 'disable', id])).exitCode).toBe(0);
  const rotated = await folder.lms(['webhooks', 'rotate', id, '--overlap', '1h']);
  expect(rotated.stdout).toMatch(/Secret +whsec_/);
  expect(rotated.stdout).toContain('sign too until');
  expect((await folder.lms(['webhooks', 'remove', id])).exitCode).toBe(2);
  expect((await folder.lms(['webhooks', 'remove', id, '--yes'])).exitCode).toBe(0);
  expect(await folder.lms(['webhooks', 'show', id])).toMatchObject({ exitCode: 3 });
});
