import { mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sampleSource } from '../conformance/run-conformance.js';
import { sampleLead } from '../conformance/samples.js';
import { newestLayout, newestReadableBy } from './migrations/migrations.js';
import { sqlite } from './sqlite.js';
import type { Storage } from './storage.js';

let folder: string;
let files = 0;
const opened: Storage[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-sqlite-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function newFile(): string {
  files += 1;
  return join(folder, `store-${files}.db`);
}

function storeOn(file: string, busyTimeoutMillis = 2_000): Storage {
  const storage = sqlite({ file, busyTimeoutMillis });
  opened.push(storage);
  return storage;
}

async function madeStore(): Promise<string> {
  const file = newFile();
  const storage = sqlite({ file });
  await storage.open();
  await storage.close();
  return file;
}

function onFile<Result>(file: string, work: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

describe('opening a file', () => {
  it('makes a store where there is none or an empty file, once for callers at once, and finds it again', async () => {
    const file = newFile();
    await writeFile(file, '');
    const [one, two] = [storeOn(file), storeOn(file)];
    await Promise.all([one.open(), two.open(), one.open(), two.open()]);
    expect(await one.users.count()).toBe(0);
    expect(onFile(file, (database) => database.prepare('select name, version from store_schema').all())).toEqual([
      { name: 'lms', version: newestReadableBy },
      { name: 'lms-layout', version: newestLayout },
    ]);
  });

  it('touches no file before the first call, and the first call opens', async () => {
    const file = newFile();
    const storage = storeOn(file);
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await storage.users.count()).toBe(0);
    expect((await stat(file)).isFile()).toBe(true);
  });

  it('writes through to the disk at each commit and checks foreign keys', async () => {
    const { openStore } = await import('./sql/sqlite/open-store.js');
    const { writer, reader } = await openStore(newFile(), 1_000);
    expect(writer.first('PRAGMA synchronous')).toEqual({ synchronous: 2 });
    expect(writer.first('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 });
    expect(writer.first('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(() => reader.exec('create table forbidden (id)')).toThrow(/readonly/);
    reader.close();
    writer.close();
  });

  it('names the missing folder', async () => {
    await expect(storeOn(join(folder, 'nowhere', 'lms.db')).open()).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining(join(folder, 'nowhere')),
    });
  });

  it('refuses a folder, and a file that is not SQLite, and leaves it as it is', async () => {
    const directory = newFile();
    await mkdir(directory);
    await expect(storeOn(directory).open()).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' });
    const notes = newFile();
    await writeFile(notes, 'Monday: call the branch about the spreadsheet.');
    await expect(storeOn(notes).open()).rejects.toMatchObject({ code: 'STORE_CORRUPT', path: notes });
    expect(await readFile(notes, 'utf8')).toBe('Monday: call the branch about the spreadsheet.');
  });

  it('refuses a database of another application without changing a byte', async () => {
    const file = newFile();
    onFile(file, (database) => database.exec('create table invoices (id)'));
    const before = await readFile(file);
    await expect(storeOn(file).open()).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('another application'),
    });
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  it('refuses a store of a newer release, and opens it once the schema is known', async () => {
    const file = await madeStore();
    const setVersion = (version: number) =>
      onFile(file, (database) => database.exec(`update store_schema set version = ${version}`));
    setVersion(99);
    const storage = storeOn(file);
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORE_TOO_NEW',
      details: { found: 99, readableBy: 99, known: newestLayout },
    });
    setVersion(newestLayout);
    await storage.open();
    expect(await storage.users.count()).toBe(0);
  });

  it('says STORE_CORRUPT of a cut or overwritten file', async () => {
    const cut = await madeStore();
    await truncate(cut, 6_000);
    const reading = async () => {
      const storage = storeOn(cut);
      await storage.open();
      await storage.users.count();
    };
    await expect(reading()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    const overwritten = await madeStore();
    const bytes = await readFile(overwritten);
    await writeFile(overwritten, bytes.fill(0x5a, 4_096));
    expect((await storeOn(overwritten).check()).filter((finding) => !finding.ok)).not.toEqual([]);
  });

  it('refuses an empty name and a negative time-out', () => {
    expect(() => sqlite({ file: '' })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => sqlite({ file: 'a.db', busyTimeoutMillis: -1 })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it('keeps a store in memory for tests', async () => {
    const storage = storeOn(':memory:');
    const context = sampleSource();
    const lead = sampleLead(context);
    await storage.unitOfWork.run('documents', (unit) => storage.leads.insert(unit, [lead]));
    expect(await storage.leads.get(null, [lead.id])).toEqual([lead]);
    expect(storage.defaultKeyFile).toBeNull();
  });
});

describe('closing and checking', () => {
  it('finishes the units that wait, then refuses all calls', async () => {
    const storage = storeOn(newFile());
    const drawn = Promise.all(
      Array.from({ length: 5 }, () =>
        storage.unitOfWork.run('documents', (unit) => storage.numbers.draw(unit, 'series', 1)),
      ),
    );
    await storage.close();
    expect([...(await drawn)].sort()).toEqual([1, 2, 3, 4, 5]);
    await expect(storage.users.count()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(storage.unitOfWork.run('ledger', async () => 1)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(storage.open()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await storage.close();
  });

  it('reports a healthy store, and a store that cannot be opened as a finding', async () => {
    const storage = storeOn(newFile());
    const findings = await storage.check();
    expect(findings.filter((finding) => !finding.ok)).toEqual([]);
    expect(findings.map((finding) => finding.name)).toEqual([
      'file',
      'journal-mode',
      'schema',
      'file-system',
      'integrity',
    ]);
    const missing = await storeOn(join(folder, 'nowhere', 'lms.db')).check();
    expect(missing).toEqual([{ name: 'file', ok: false, message: expect.stringContaining('STORE_MISCONFIGURED') }]);
  });
});

describe('a file that another process holds', () => {
  it('gives STORE_LOCKED after the time-out without blocking the event loop, and works once it is free', async () => {
    const file = await madeStore();
    const storage = storeOn(file, 250);
    await storage.open();
    const holder = new DatabaseSync(file);
    holder.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 5);
    const draw = () => storage.unitOfWork.run('documents', (unit) => storage.numbers.draw(unit, 'series', 1));
    await expect(draw()).rejects.toMatchObject({ code: 'STORE_LOCKED', retryable: true });
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
    expect(await storage.users.count(), 'readers do not wait for writers').toBe(0);
    const waiting = draw();
    await sleep(20);
    holder.exec('ROLLBACK');
    expect(await waiting).toBe(1);
    holder.close();
  });

  it('does not count the time that a unit waits behind others of its own process', async () => {
    const file = await madeStore();
    const storage = storeOn(file, 200);
    await storage.open();
    const holder = new DatabaseSync(file);
    const slow = storage.unitOfWork.run('ledger', () => sleep(300));
    const next = storage.unitOfWork.run('ledger', async () => 'ran');
    await slow;
    holder.exec('BEGIN IMMEDIATE');
    await sleep(20);
    holder.exec('ROLLBACK');
    expect(await next).toBe('ran');
    holder.close();
  });
});
