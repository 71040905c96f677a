import { chmod, copyFile, mkdir, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChild } from '../../test-support/child.js';
import type { FaultPlan, FaultReport } from '../../test-support/fault-child.js';
import { loanLead, newStore, openStore } from '../../test-support/store.js';
import type { ErrorCode } from '../index.js';
import { fileHeader, headerBytes } from './sql/sqlite/file-header.js';
import { sqlite } from './sqlite.js';

/** Somebody without rights: `nobody` on most systems. */
const nobody = 65_534;

let folder: string;
let template: string;
let copies = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-sqlite-faults-'));
  await chmod(folder, 0o777);
  template = join(folder, 'template.db');
  const { admin, lms } = await newStore(sqlite({ file: template }));
  for (let count = 0; count < 60; count += 1) await admin.leads.create(loanLead());
  await lms.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function copyOfStore(): Promise<string> {
  copies += 1;
  const file = join(folder, `store-${copies}.db`);
  await copyFile(template, file);
  return file;
}

/** What opening the file and reading and writing a little ends with. */
async function failureOf(file: string): Promise<unknown> {
  const { admin, lms } = await openStore(sqlite({ file }));
  try {
    await lms.ready();
    for await (const lead of admin.leads.list()) await admin.leads.get(lead.id);
    await admin.leads.create(loanLead());
    return null;
  } catch (error) {
    return error;
  } finally {
    await lms.close();
  }
}

async function overwrite(file: string, from: number, bytes: number): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(Buffer.alloc(bytes, 0x5a), 0, bytes, from);
  await handle.close();
}

const says = (code: ErrorCode, file: string, message: RegExp) =>
  expect.objectContaining({ code, retryable: false, path: file, message: expect.stringMatching(message) });

function mobiles(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(9_700_000_000 + index));
}

describe('a damaged file is told as STORE_CORRUPT with what to do', () => {
  it('when its header is overwritten', async () => {
    const file = await copyOfStore();
    await overwrite(file, 0, 100);
    expect(await failureOf(file)).toEqual(says('STORE_CORRUPT', file, /restore .*backup/));
  });

  it('when its header tells sizes that cannot be', async () => {
    const file = await copyOfStore();
    await overwrite(file, 16, 84);
    expect(await failureOf(file)).toEqual(says('STORE_CORRUPT', file, /restore .*backup/));
  });

  it('when pages in the middle are overwritten', async () => {
    const file = await copyOfStore();
    const { size } = await stat(file);
    await overwrite(file, 4096 * 4, size - 4096 * 4);
    expect(await failureOf(file)).toEqual(says('STORE_CORRUPT', file, /restore .*backup/));
  });

  it('when it was cut short, before anything is read of it', async () => {
    const file = await copyOfStore();
    await truncate(file, (await stat(file)).size - 4096);
    expect(await failureOf(file)).toEqual(says('STORE_CORRUPT', file, /was cut short: .*backup/));
  });

  it('when a table was dropped by hand, at the start', async () => {
    const file = await copyOfStore();
    const database = new DatabaseSync(file);
    database.exec('DROP TABLE lead_activities');
    database.close();
    expect(await failureOf(file)).toEqual(says('STORE_CORRUPT', file, /table lead_activities is missing; .*backup/));
  });

  it('when a unique index was dropped by hand, at the start', async () => {
    const file = await copyOfStore();
    const database = new DatabaseSync(file);
    database.exec('DROP INDEX leads_by_number');
    database.close();
    expect(await failureOf(file)).toEqual(says('STORE_CORRUPT', file, /index leads_by_number is missing/));
  });

  it('when a table is dropped while the store is open', async () => {
    const file = await copyOfStore();
    const { admin, lms } = await openStore(sqlite({ file }));
    await lms.ready();
    const database = new DatabaseSync(file);
    database.exec('DROP TABLE moves');
    database.close();
    const [lead] = (await admin.leads.list().page({ limit: 1 })).items;
    await expect(admin.leads.move(lead?.id ?? '', { to: 'lost', comment: 'no answer' })).rejects.toEqual(
      says('STORE_CORRUPT', file, /no such table: moves/),
    );
    expect(await admin.leads.get(lead?.id ?? '')).toMatchObject({ stage: 'new', version: 1 });
    await lms.close();
  });

  it.each(['is gone', 'is empty'])('when it %s and its log is left, and the log stays as it is', async (how) => {
    const file = await copyOfStore();
    const { admin, lms } = await openStore(sqlite({ file }));
    await admin.leads.create(loanLead());
    const log = await readFile(`${file}-wal`);
    await lms.close();
    expect(log.length).toBeGreaterThan(0);
    await writeFile(`${file}-wal`, log);
    if (how === 'is gone') await rm(file);
    else await truncate(file, 0);
    expect(await failureOf(file)).toEqual(says('STORE_CORRUPT', file, /gone or empty, but its log .*-wal is there/));
    expect((await readFile(`${file}-wal`)).equals(log)).toBe(true);
  });
});

it('takes of a log that was cut the whole commits before the cut, and no half of one', async () => {
  const file = await copyOfStore();
  const { admin, lms } = await openStore(sqlite({ file }));
  await lms.ready();
  const before = await readFile(file);
  const made: string[] = [];
  for (let count = 0; count < 6; count += 1) made.push((await admin.leads.create(loanLead())).number);
  const log = await readFile(`${file}-wal`);
  await lms.close();
  for (const share of [0.35, 0.6, 0.9]) {
    const cut = await copyOfStore();
    await writeFile(cut, before);
    await writeFile(`${cut}-wal`, log.subarray(0, Math.floor(log.length * share)));
    const after = await openStore(sqlite({ file: cut }));
    const found: string[] = [];
    for await (const lead of after.admin.leads.list()) {
      if (made.includes(lead.number)) found.push(lead.number);
    }
    const board = await after.admin.leads.board({ productLine: 'personal-loan' });
    expect(board.columns[0]?.count).toBe(60 + found.length);
    expect(found.sort()).toEqual(made.slice(0, found.length).sort());
    expect(found.length).toBeLessThan(6);
    expect((await after.lms.check()).filter(({ ok }) => !ok)).toEqual([]);
    await after.lms.close();
  }
});

describe.skipIf(process.platform === 'win32')('a process without rights', () => {
  const run = async (file: string): Promise<FaultReport> => {
    const user = process.getuid?.() === 0 ? nobody : null;
    const plan: FaultPlan = {
      address: { shape: 'sqlite', file },
      mobiles: mobiles(1),
      remarksLength: 0,
      user,
    };
    const end = await runChild('./fault-child.ts', plan);
    expect(end, end.stderr).toMatchObject({ code: 0 });
    return end.messages[0] as FaultReport;
  };

  it.each([
    { what: 'a file that may only be read', mode: 0o444, folderMode: 0o777 },
    { what: 'a file that may not even be read', mode: 0o000, folderMode: 0o777 },
    { what: 'a folder that takes no new file', mode: 0o666, folderMode: 0o555 },
  ])('is told of $what, and which permission to give', async ({ mode, folderMode }) => {
    copies += 1;
    const own = join(folder, `own-${copies}`);
    await mkdir(own);
    const file = join(own, 'lms.db');
    await copyFile(template, file);
    await chmod(file, mode);
    await chmod(own, folderMode);
    const { made, error } = await run(file);
    expect(made).toEqual([]);
    expect(error).toMatchObject({
      code: 'STORE_MISCONFIGURED',
      retryable: false,
      message: expect.stringMatching(/give this user permission to read and write/),
    });
    await chmod(own, 0o777);
  });
});

describe.skipIf(process.platform === 'win32')('a disk that is full', () => {
  it('fails the write that does not fit, keeps all before it, and half of none', { timeout: 60_000 }, async () => {
    const file = await copyOfStore();
    const { size } = await stat(file);
    const plan: FaultPlan = {
      address: { shape: 'sqlite', file },
      mobiles: mobiles(400),
      remarksLength: 15_000,
      user: null,
    };
    const end = await runChild('./fault-child.ts', plan, { largestFileBytes: size + 1_000_000 });
    expect(end, end.stderr).toMatchObject({ code: 0 });
    const { made, error } = end.messages[0] as FaultReport;
    expect(made.length).toBeGreaterThan(2);
    expect(made.length).toBeLessThan(400);
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(DISK_FULL|STORE_UNAVAILABLE)$/),
      retryable: true,
      path: file,
      message: expect.stringMatching(/disk/),
    });
    const { admin, lms } = await openStore(sqlite({ file }));
    expect((await admin.leads.board({ productLine: 'personal-loan' })).columns[0]?.count).toBe(60 + made.length);
    expect((await admin.audit.list({ eventType: 'lead.created' })).rows.length).toBeGreaterThan(0);
    expect((await lms.check()).filter(({ ok }) => !ok)).toEqual([]);
    // The number that did not fit is free, and so is its phone.
    await admin.leads.create(loanLead({ mobile: plan.mobiles[made.length] }));
    await lms.close();
  });
});

describe('the header of a file', () => {
  it('tells the pages, or that it does not know them', async () => {
    const bytes = (await readFile(template)).subarray(0, headerBytes);
    const { size } = await stat(template);
    expect(fileHeader(Buffer.from(bytes))).toEqual({ pageBytes: 4096, pages: size / 4096 });
    const older = Buffer.from(bytes);
    older.writeUInt32BE(1, 92);
    expect(fileHeader(older)).toEqual({ pageBytes: 4096, pages: null });
    const large = Buffer.from(bytes);
    large.writeUInt16BE(1, 16);
    expect(fileHeader(large)?.pageBytes).toBe(65_536);
    expect(fileHeader(bytes.subarray(0, 50))).toBeNull();
  });
});
