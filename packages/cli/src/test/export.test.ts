import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { applicant, fileStore, storeShapes, withPersonalLoan } from './stores.js';

const line = ['--product', 'personal-loan'];

describe.each(storeShapes)('export, find and bulk changes on $name', { timeout: 180_000 }, (shape) => {
  let folder: LmsFolder;
  const numbers: string[] = [];
  beforeAll(async () => {
    folder = await withPersonalLoan(shape);
    for (const [at, name] of ['Asha Rao', '=1+1', 'Ravi Iyer'].entries()) {
      const person = applicant({ fullName: name, mobile: `98200 1234${at}`, city: at === 2 ? 'Pune' : 'Nagpur' });
      const { stdout } = await folder.lms(['leads', 'create', ...line, ...person]);
      numbers.push(stdout.trim());
    }
    await folder.lms(['users', 'add', 'meera', '--name', 'Meera', '--role', 'agent']);
  }, 180_000);
  afterAll(() => folder[Symbol.asyncDispose]());

  const json = async (words: readonly string[], exitCode = 0) => {
    const outcome = await folder.lms([...words, '--json']);
    expect({ exitCode: outcome.exitCode, stderr: outcome.stderr }, words.join(' ')).toEqual({ exitCode, stderr: '' });
    return JSON.parse(outcome.stdout);
  };

  it('writes a file that only its owner reads, and says what is in it', async () => {
    const words = ['leads', 'export', 'out.csv', ...line, '--columns', 'number,fullName,mobile,loanAmount'];
    const { exitCode, stdout, stderr } = await folder.lms(words);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/fullName, mobile.*audit/),
    });
    expect(stdout).toMatch(/^Exported 3 leads, 4 columns to .*out\.csv \(\d+ bytes, sha256 [0-9a-f]{12}\.\.\.\)\n$/);
    expect((await readFile(folder.file('out.csv'), 'utf8')).split('\r\n')).toEqual([
      '\uFEFFLMS number,Full name,Mobile number,Loan amount',
      `${numbers[0]},Asha Rao,+919820012340,500000`,
      `${numbers[1]},'=1+1,+919820012341,500000`,
      `${numbers[2]},Ravi Iyer,+919820012342,500000`,
      '',
    ]);
    expect((await stat(folder.file('out.csv'))).mode & 0o777).toBe(0o600);

    const again = await folder.lms(words);
    expect(again).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/EXPORT_FILE_EXISTS[\s\S]*--replace/) });
    expect((await json([...words, '--replace', '--masked'])).masked).toBe(true);
    expect(await readFile(folder.file('out.csv'), 'utf8')).not.toContain('Asha');
  });

  it('writes to standard output, in the form asked for, and nothing else', async () => {
    const where = [...line, '--where', 'city=Pune', '--columns', 'number,fullName'];
    const csv = await folder.lms(['leads', 'export', ...where, '--no-bom', '--headings', 'key', '--delimiter', ';']);
    expect(csv).toMatchObject({ exitCode: 0, stdout: `lms.number;fullName\r\n${numbers[2]};Ravi Iyer\r\n` });
    const ndjson = await folder.lms(['leads', 'export', '-', ...where, '--format', 'ndjson', '--quiet']);
    expect(ndjson).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(ndjson.stdout)).toEqual({ 'lms.number': numbers[2], fullName: 'Ravi Iyer' });
  });

  it('makes a workbook that imports as it is: the same rows are duplicates', async () => {
    const made = await json(['leads', 'export', 'all.xlsx', ...line]);
    expect(made).toMatchObject({ leads: 3, format: 'xlsx', personalColumns: expect.arrayContaining(['fullName']) });
    const imported = await json(['import', 'all.xlsx', ...line, '--dry-run']);
    expect(imported.counts).toMatchObject({ rows: 3, created: 0, duplicates: 3, rejected: 0 });
  });

  /** What does not depend on the store is tried on one. */
  const wrongUsage = [
    [['out.pdf', ...line], 2, /\.pdf/],
    [['x.csv', ...line, '--columns', ','], 2, /--columns has an empty name.*number,stage/],
    [['x.csv', ...line, '--format', 'xlsx'], 2, /\.csv file holds csv.*--format says xlsx.*\.xlsx/],
    [['none/', ...line], 2, /names a folder.*none\/leads\.csv/],
    [['no/such/folder.csv', ...line], 7, /no folder \S*no.such; make it first/],
    [['.', ...line], 7, /this is a folder; name a file in it/],
    [['-', ...line, '--json'], 2, /name a file/],
  ] as const;

  it('refuses what cannot be, and leaves nothing behind', async () => {
    const before = await readdir(folder.path);
    for (const [words, exitCode, message] of [
      ...(shape === fileStore ? wrongUsage : []),
      [['x.csv', ...line, '--columns', 'fulName'], 3, /fullName/],
      [['x.csv', '--product', 'nothing'], 3, /LINE_NOT_FOUND/],
      [['x.csv', ...line, '--actor', 'meera'], 6, /leads\.export/],
    ] as const) {
      const outcome = await folder.lms(['leads', 'export', ...words]);
      expect(outcome, words.join(' ')).toMatchObject({ exitCode, stderr: expect.stringMatching(message) });
    }
    expect(await readdir(folder.path)).toEqual(before);
  });

  it('finds a lead by number, phone and last four digits, and says when there is none', async () => {
    for (const text of [numbers[0] ?? '', '+91 98200-12340', '2340']) {
      const { exitCode, stdout } = await folder.lms(['leads', 'find', text]);
      expect({ exitCode, stdout }, text).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Asha Rao') });
    }
    const none = await folder.lms(['leads', 'find', '0000']);
    expect(none).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringMatching(/No lead/) });
    expect((await json(['leads', 'find', '2342'])).leads).toMatchObject([
      { foundBy: 'mobile:last4', lead: { number: numbers[2] } },
    ]);
  });

  it('assigns all leads of a filter, and a repeat changes nothing', async () => {
    const words = ['leads', 'assign', ...line, '--owner', 'none', '--to', 'meera'];
    const asked = await folder.lms(words);
    expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/--yes.*Assign 3 leads to meera/) });
    expect(await json([...words, '--dry-run'])).toMatchObject({ dryRun: true, matched: 3, changed: 3 });
    expect(await json([...words, '--yes'])).toMatchObject({ matched: 3, changed: 3, already: 0, refused: 0 });
    expect(await json([...words, '--yes'])).toMatchObject({ matched: 0, changed: 0 });
    const all = ['leads', 'assign', ...line, '--to', 'meera', '--yes'];
    expect(await json(all)).toMatchObject({ matched: 3, changed: 0, already: 3 });
    const nobody = await folder.lms(['leads', 'assign', ...line, '--to', 'nobody-here', '--yes']);
    expect(nobody).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('USER_NOT_FOUND') });
  });

  it('refuses an assignment alike when it is only asked for, before any lead is looked at', async () => {
    await folder.lms(['users', 'add', 'omar', '--name', 'Omar Ali', '--role', 'auditor']);
    await folder.lms(['users', 'add', 'gone', '--name', 'Ravi Iyer', '--role', 'agent']);
    await folder.lms(['users', 'deactivate', 'gone']);
    const nobodys = ['leads', 'assign', ...line, '--stage', 'disbursed'];
    for (const [words, code] of [
      [['--to', 'gone'], 'USER_INACTIVE'],
      [['--to', 'omar'], 'INPUT_INVALID'],
      [['--to', 'none', '--actor', 'omar'], 'PERMISSION_DENIED'],
    ] as const) {
      const dry = await folder.lms([...nobodys, ...words, '--dry-run']);
      expect(dry.stderr).toContain(code);
      expect(await folder.lms([...nobodys, ...words, '--yes'])).toEqual(dry);
    }
    const one = await folder.lms(['leads', 'assign', numbers[0] ?? '', '--to', 'gone', '--dry-run']);
    expect(one).toMatchObject({ exitCode: 5, stdout: '', stderr: expect.stringContaining('USER_INACTIVE') });
    const fine = await folder.lms(['leads', 'assign', numbers[0] ?? '', '--to', 'none', '--dry-run']);
    expect(fine).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('may be taken from its owner') });
  });

  it('refuses a stage that is none, with the one that was meant', async () => {
    for (const words of [
      ['move', ...line, '--to', 'contcted', '--dry-run'],
      ['move', '--filter', 'stage=contcted', '--to', 'new', '--yes'],
      ['list', '--stage', 'contcted'],
    ]) {
      const refused = await folder.lms(['leads', ...words]);
      expect(refused, words.join(' ')).toMatchObject({ exitCode: 3, stdout: '' });
      expect(refused.stderr).toMatch(/no stage "contcted"; did you mean "contacted"\?/);
    }
  });

  it('takes conditions on amounts, days and fields in one form', async () => {
    const count = async (...filters: string[]): Promise<number> =>
      (await json(['leads', 'list', ...line, ...filters.flatMap((filter) => ['--filter', filter])])).items.length;
    expect(await count('amount>=5 lakh', 'created>=2026-01-01', 'created<2099-01-01', 'city!=Pune')).toBe(2);
    expect(await count('amount>5 lakh')).toBe(0);
    expect(await count('score<50')).toBe(0);
  });

  it('moves all leads of a filter, each or not, and counts the reasons', async () => {
    await folder.lms(['tasks', 'complete', numbers[0] ?? '', 'first-call', '--set', 'outcome=Call back']);
    const words = ['leads', 'move', ...line, '--stage', 'new', '--to', 'contacted'];
    const expected = { matched: 3, changed: 1, already: 0, refused: 2 };
    const dry = await json([...words, '--dry-run'], 4);
    expect(dry).toMatchObject({ ...expected, dryRun: true });
    const moved = await json([...words, '--yes'], 4);
    expect(moved).toMatchObject({ ...expected, reasons: dry.reasons, firstRefused: dry.firstRefused });
    expect(Object.entries(moved.reasons)).toEqual([[expect.stringContaining('First call'), 2]]);
    const repeat = await folder.lms(['leads', 'move', ...line, '--to', 'contacted', '--yes']);
    expect(repeat).toMatchObject({ exitCode: 4, stdout: expect.stringMatching(/There already +1\nRefused +2/) });
  });

  it('changes nothing where nobody says which leads, or says both', async () => {
    for (const words of [
      ['move', '--to', 'contacted', '--yes'],
      ['move', numbers[0] ?? '', '--stage', 'new', '--to', 'contacted'],
      ['assign', '--to', 'meera', '--stage', 'new', '--expected-version', '1'],
    ]) {
      expect(await folder.lms(['leads', ...words]), words.join(' ')).toMatchObject({ exitCode: 2 });
    }
  });

  it('stops an export at Ctrl-C without leaving a file', async () => {
    await writeFile(folder.file('keep.txt'), '');
    const before = await readdir(folder.path);
    const outcome = await folder.lms(['leads', 'export', 'stopped.csv', ...line], {
      started: (child) => void setTimeout(() => child.kill('SIGINT'), 150),
    });
    const after = await readdir(folder.path);
    // The signal may also come before the store is open, or after the file is whole.
    if (outcome.exitCode === 0) expect(after).toEqual([...before, 'stopped.csv'].sort());
    else expect(after.filter((name) => name.includes('stopped'))).toEqual([]);
  });
});
