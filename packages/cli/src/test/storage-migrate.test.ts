import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { storeShapes } from './stores.js';

/** Makes the store one of the first layout: it says no other, and what later steps bring is found to be there. */
async function setBack(folder: LmsFolder): Promise<void> {
  const statements = [
    "DELETE FROM store_schema WHERE name = 'lms-layout'",
    "UPDATE store_schema SET version = 1 WHERE name = 'lms'",
  ];
  const { MONGO_URL: mongoUrl, MYSQL_URL: mysqlUrl } = folder.environment;
  if (mongoUrl === undefined || mysqlUrl === undefined) {
    using database = new DatabaseSync(folder.file('lms.db'));
    for (const sql of statements) database.exec(sql);
    return;
  }
  const connection = await createConnection(mysqlUrl);
  for (const sql of statements) await connection.query(sql);
  await connection.end();
  await using client = new MongoClient(mongoUrl);
  await client
    .db()
    .collection<{ _id: string }>('lms_meta')
    .updateOne({ _id: 'layout' }, { $set: { version: 1 }, $unset: { layout: '' } });
}

const pending = /took ([\d, ]+), layout (\d+)/;

describe('lms storage on two servers', { timeout: 60_000 }, () => {
  let folder: LmsFolder;
  beforeAll(async () => {
    folder = await madeOn('hybrid');
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('is named by every command while a migration must come first', async () => {
    const users = await folder.lms(['users', 'list']);
    expect(users).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/STORE_OUTDATED[\s\S]*next: lms storage migrate --dry-run/),
    });
  });

  it('shows what is to come, and what each step would do, and does it when it is told to', async () => {
    const { databases } = JSON.parse((await folder.lms(['storage', 'status', '--json'])).stdout);
    expect(databases).toMatchObject([
      {
        part: 'documents',
        layout: { version: 1, readableBy: 1 },
        pending: expect.arrayContaining([expect.objectContaining({ version: 2 })]),
      },
      {
        part: 'ledger',
        layout: { version: 1, readableBy: 1 },
        pending: expect.arrayContaining([expect.objectContaining({ version: 2 })]),
      },
    ]);
    const dry = await folder.lms(['storage', 'migrate', '--dry-run']);
    expect(dry).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2  import receipts, saved mappings') });
    const table = await folder.lms(['storage', 'status']);
    expect(table.stdout).toMatch(/documents .* 1 of \d+ +layout 1 or later/);
    expect(table.stderr).toContain('lms storage migrate --dry-run');
    const done = await folder.lms(['storage', 'migrate']);
    expect(done.exitCode).toBe(0);
    const [documents = '', ledger = ''] = done.stdout.split('\n');
    expect(documents).toMatch(pending);
    expect(pending.exec(ledger)?.[1]).toBe(pending.exec(documents)?.[1]);
    expect((await folder.lms(['storage', 'migrate'])).stdout).toContain('nothing to do');
  });
});

it('is migrated in a file by the first command, and doctor says so', { timeout: 60_000 }, async () => {
  await using folder = await madeOn('sqlite');
  const { exitCode, stdout } = await folder.lms(['doctor']);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('migrated from 1') });
});

/** A store that says it is of the first layout. */
async function madeOn(name: 'sqlite' | 'hybrid'): Promise<LmsFolder> {
  const shape = storeShapes.find((each) => each.name === name);
  if (shape === undefined) throw new Error(`there is no shape ${name}`);
  const folder = await shape.make();
  expect(await folder.lms(['init'])).toMatchObject({ exitCode: 0 });
  await setBack(folder);
  return folder;
}
