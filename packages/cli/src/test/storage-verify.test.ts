import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';
import { serverUrl } from './stores.js';

const server = (variable: string) => ({ kind: 'mysql', mysql: { env: variable } });

async function folderFor(environment: Readonly<Record<string, string>> = {}): Promise<LmsFolder> {
  const folder = await LmsFolder.make(environment);
  const both = { kind: 'hybrid', mongo: { env: 'DOCUMENTS' }, mysql: { env: 'LEDGER' } };
  const stores = { dev: { kind: 'sqlite', file: 'lms.db' }, prod: server('LEDGER'), both };
  const configuration = { version: 1, defaultStore: 'dev', stores, key: { file: 'lms.key' } };
  await writeFile(folder.file('lms.config.json'), JSON.stringify(configuration));
  return folder;
}

async function onServer<Result>(work: (sql: (text: string) => Promise<RowDataPacket[]>) => Promise<Result>) {
  const connection = await createConnection(serverUrl('MYSQL_URL'));
  try {
    return await work(async (text) => {
      const [rows] = await connection.query<RowDataPacket[]>(text);
      return rows;
    });
  } finally {
    await connection.end();
  }
}

interface BreakableLink extends AsyncDisposable {
  readonly url: string;
  /** From now on nobody reaches the server by it. */
  cut(): void;
}

/** Another address of a server. */
async function breakableLink(target: string): Promise<BreakableLink> {
  const { port, hostname } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => socket.destroy()));
    client.pipe(upstream).pipe(client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no loopback port');
  const url = new URL(target);
  url.host = `127.0.0.1:${address.port}`;
  const cut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: url.href, cut, [Symbol.asyncDispose]: async () => cut() };
}

/** Until the first cases have left leads in the scratch store. */
async function untilCasesRun(database: string): Promise<void> {
  await onServer(async (sql) => {
    for (;;) {
      const rows = await sql(`SELECT COUNT(*) AS leads FROM ${database}.leads`).catch(() => []);
      if (Number(rows[0]?.['leads'] ?? 0) > 0) return;
      await sleep(50);
    }
  });
}

describe('lms storage verify', () => {
  it('keeps every promise on a file, and leaves nothing behind', async () => {
    await using folder = await folderFor();
    const { exitCode, stdout, stderr } = await folder.lms(['storage', 'verify', '--json']);
    expect(stderr).toBe('');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ ok: true, store: 'dev', kind: 'sqlite', notRun: 0 });
    expect(answer.cases.length).toBeGreaterThan(80);
    expect(answer.cases.filter(({ kept }: { kept: boolean }) => !kept)).toEqual([]);
    expect(exitCode).toBe(0);
    expect((await readdir(folder.path)).filter((name) => name.includes('verify') || name.includes('lms.db'))).toEqual(
      [],
    );
  }, 120_000);

  it('keeps every promise on two servers, and leaves no database behind on either', async () => {
    await using folder = await folderFor({ LEDGER: serverUrl('MYSQL_URL'), DOCUMENTS: serverUrl('MONGO_URL') });
    const { exitCode, stdout, stderr } = await folder.lms(['storage', 'verify', '--store', 'both', '--json']);
    expect(exitCode, stderr).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ ok: true, store: 'both', kind: 'hybrid', notRun: 0, leftBehind: null });
    expect(answer.cases.filter(({ kept }: { kept: boolean }) => !kept)).toEqual([]);
    const [, database = 'none'] = /(lms_verify_[0-9a-f]+)/.exec(stderr) ?? [];
    expect(await onServer((sql) => sql(`SHOW DATABASES LIKE '${database}'`))).toEqual([]);
    await using mongo = new MongoClient(serverUrl('MONGO_URL'));
    const { databases } = await mongo.db('admin').admin().listDatabases();
    expect(databases.map(({ name }) => name)).not.toContain(database);
  }, 240_000);

  it('stopped on a server, leaves no database behind and says what was not run', async () => {
    await using folder = await folderFor({ LEDGER: serverUrl('MYSQL_URL') });
    let isAsked = false;
    const { exitCode, stdout, stderr } = await folder.lms(['storage', 'verify', '--store', 'prod'], {
      started: (child) =>
        child.stderr?.on('data', (data: Buffer) => {
          if (isAsked || !data.toString().includes('Trying')) return;
          isAsked = true;
          child.kill('SIGINT');
        }),
    });
    expect(exitCode, stderr).toBe(130);
    expect(stdout).toMatch(/\d+ not run/);
    const [, database = 'none'] = /(lms_verify_[0-9a-f]+)/.exec(stderr) ?? [];
    expect(await onServer((sql) => sql(`SHOW DATABASES LIKE '${database}'`))).toEqual([]);
  }, 60_000);

  it('tells what it found though the server went away, and what it left there', async () => {
    await using link = await breakableLink(serverUrl('MYSQL_URL'));
    await using folder = await folderFor({ LEDGER: link.url });
    let cutting: Promise<string> | null = null;
    const { exitCode, stdout, stderr } = await folder.lms(['storage', 'verify', '--store', 'prod'], {
      started: (child) =>
        child.stderr?.on('data', (data: Buffer) => {
          const database = /lms_verify_[0-9a-f]+/.exec(data.toString())?.[0];
          if (cutting !== null || database === undefined) return;
          cutting = untilCasesRun(database).then(() => {
            link.cut();
            child.kill('SIGINT');
            return database;
          });
        }),
    });
    const database = await (cutting ?? Promise.reject(new Error(`nothing was tried: ${stderr}`)));
    await onServer((sql) => sql(`DROP DATABASE ${database}`));
    expect(stdout).toMatch(/^create\/\S+ +MUST +(kept|BROKEN)/m);
    expect(stdout).toMatch(/\d+ not run/);
    expect(stderr).toMatch(/warning: the scratch store is left behind: .*cannot be reached/);
    expect([7, 130]).toContain(exitCode);
  }, 120_000);

  it('names the grant that the user lacks', async () => {
    const name = `lms_cli_${process.pid}`;
    await onServer(async (sql) => {
      await sql(`CREATE DATABASE ${name}`);
      await sql(`CREATE USER '${name}'@'127.0.0.1' IDENTIFIED BY ''`);
      await sql(`GRANT ALL PRIVILEGES ON ${name}.* TO '${name}'@'127.0.0.1'`);
    });
    try {
      const url = new URL(serverUrl('MYSQL_URL'));
      url.username = name;
      url.pathname = `/${name}`;
      await using folder = await folderFor({ LEDGER: url.href });
      const { exitCode, stderr } = await folder.lms(['storage', 'verify', '--store', 'prod']);
      expect(stderr).toContain('GRANT ALL PRIVILEGES ON `lms\\_verify\\_%`.* TO');
      expect(exitCode).toBe(2);
    } finally {
      await onServer(async (sql) => {
        await sql(`DROP USER '${name}'@'127.0.0.1'`);
        await sql(`DROP DATABASE ${name}`);
      });
    }
  }, 30_000);
});
