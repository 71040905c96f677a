import { readdir, writeFile } from 'node:fs/promises';
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
