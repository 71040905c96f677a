import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';

let folder: LmsFolder;
let server: Server;

async function listening(): Promise<number> {
  server = createServer((request, response) => {
    response.writeHead(request.headers['x-api-key'] === 'made-up' ? 200 : 401).end('up');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function configure(outbound: object): Promise<void> {
  const file = folder.file('lms.config.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), outbound }));
}

describe('calls to other systems', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await LmsFolder.make({ ACME_KEY: 'made-up' });
    const port = await listening();
    await folder.lms(['init', '--yes']);
    const network = { allowInsecure: true, ports: [port], privateHosts: ['127.0.0.1'] };
    await configure({
      targets: {
        acme: {
          baseUrl: `http://127.0.0.1:${port}`,
          network,
          headers: { 'x-api-key': { secret: { env: 'ACME_KEY' } } },
          budgets: [{ per: 'day', limit: 1 }],
        },
      },
    });
  });
  afterAll(async () => {
    server.close();
    await folder[Symbol.asyncDispose]();
  });

  it('are tried by hand, kept, listed and shown, and counted', async () => {
    const tried = await folder.lms(['exchanges', 'try', 'acme', '--path', '/health']);
    expect(tried).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^acme answered 200 in \d+ ms, 2 bytes\n/),
    });
    const { items, nextCursor } = JSON.parse((await folder.lms(['exchanges', 'list', '--json'])).stdout);
    expect({ items, nextCursor }).toMatchObject({
      items: [{ target: 'acme', purpose: 'try', path: '/health', state: 'answered', status: 200 }],
      nextCursor: null,
    });
    const shown = await folder.lms(['exchanges', 'show', items[0].id]);
    expect(shown.stdout).toMatch(/Outcome +answered, status 200\n/);
    expect(shown.stdout).toMatch(/Content +not kept/);
    expect((await folder.lms(['exchanges', 'budgets'])).stdout).toMatch(/acme +day \d{4}-\d\d-\d\d +1 +1/);
    const spent = await folder.lms(['exchanges', 'try', 'acme']);
    expect(spent).toMatchObject({ exitCode: 7, stderr: expect.stringContaining('lms exchanges budgets') });
    expect((await folder.lms(['exchanges', 'list', '--state', 'open'])).stderr).toContain('No call');
  });

  it('refuse what is not there, naming what is', async () => {
    const unknown = await folder.lms(['exchanges', 'try', 'other']);
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('acme') });
    expect(await folder.lms(['exchanges', 'list', '--state', 'gone'])).toMatchObject({ exitCode: 2 });
    expect(await folder.lms(['exchanges', 'show', 'gone'])).toMatchObject({ exitCode: 3 });
    await configure({ targets: { acme: { baseUrl: 'https://a.example', headers: { authorization: 'hunter2' } } } });
    const wrong = await folder.lms(['exchanges', 'budgets']);
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('outbound.targets.acme.headers') });
    expect(wrong.stderr).not.toContain('hunter2');
  });
});
