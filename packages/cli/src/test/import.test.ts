import type { ChildProcess } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { fileStore, storeShapes, withPersonalLoan } from './stores.js';

const heading = 'Customer Name,Mobile No.,DOB,Loan Amt,Employment Type,Monthly Income,Shoe Size';
const row = (name: string, mobile: string, loan = '5 lakh', born = '15/08/1990'): string =>
  `${name},${mobile},${born},${loan},Salaried,"75,000",9`;

describe.each(storeShapes)('lms import on $name', { timeout: 120_000 }, (shape) => {
  let folder: LmsFolder;
  beforeAll(async () => {
    folder = await withPersonalLoan(shape);
    const rows = [
      row('आशा राव', '98200 00001'),
      row('Ravi Kumar', '+91-98200-00002', '₹ 2.5 lakh'),
      row('Ravi Kumar', '09820000002'),
      row('Meera Nair', '12345'),
      row('Imran Shaikh', '9820000004', 'plenty', '31/02/1990'),
    ];
    await writeFile(folder.file('leads.csv'), [heading, ...rows].join('\n'));
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const words = ['import', 'leads.csv', '--product', 'personal-loan'];
  const counts = { rows: 5, created: 2, duplicates: 1, rejected: 2, updated: 0 };

  it('says in a dry run what would happen, and writes nothing', async () => {
    const dry = await folder.lms([...words, '--dry-run', '--json']);
    expect(dry.exitCode).toBe(4);
    expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, counts, runId: null });
    const leads = await folder.lms(['leads', 'list', '--json']);
    expect(JSON.parse(leads.stdout).items).toEqual([]);
    await expect(stat(folder.file('leads.rejects.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
    const told = await folder.lms([...words, '--dry-run']);
    expect(told.stderr).toContain('To import: lms import leads.csv --product personal-loan\n');
  });

  it('makes leads, names every refused row, and exits 4', async () => {
    const { exitCode, stdout, stderr } = await folder.lms(words);
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/Rows +5\nCreated +2\nDuplicates +1\nRejected +2/);
    expect(stdout).toMatch(/Not read\nCol +Heading[^\n]*\nG +Shoe Size +unknown/);
    expect(stdout).toMatch(/B +Mobile No\. +mobile +95 % +a synonym +\*\*\*\*\*\*/);
    expect(stdout).toMatch(/row 5, Mobile No\./);
    expect(stdout).toMatch(/row 6, Loan Amt[\s\S]*row 6, DOB|row 6, DOB[\s\S]*row 6, Loan Amt/);
    expect(stderr).not.toContain('\r');
    expect(stderr).toMatch(/leads\.rejects\.csv, then: lms import \S*leads\.rejects\.csv --product personal-loan/);
    const rejects = await readFile(folder.file('leads.rejects.csv'), 'utf8');
    expect(rejects.split('\n')[0]).toMatch(/^\uFEFF?"?Customer Name/);
    expect(rejects).toMatch(/Meera Nair,"?12345/);
  });

  it('makes no row twice when repeated, and keeps a record of each run', async () => {
    await writeFile(folder.file('leads.rejects.csv'), 'half corrected');
    const again = await folder.lms([...words, '--json']);
    expect(JSON.parse(again.stdout).rejectFile).toMatch(/leads\.rejects-2\.csv$/);
    expect(await readFile(folder.file('leads.rejects.csv'), 'utf8')).toBe('half corrected');
    expect(JSON.parse(again.stdout).counts).toMatchObject({ rows: 5, created: 0, rejected: 2, duplicates: 3 });
    expect(JSON.parse((await folder.lms(['leads', 'list', '--json'])).stdout).items).toHaveLength(2);
    const runs = JSON.parse((await folder.lms(['imports', 'list', '--json'])).stdout).items;
    expect(runs).toHaveLength(2);
    const shown = await folder.lms(['imports', 'show', runs[1].id]);
    expect(shown.stdout).toMatch(/Rows +5\nCreated +2\nDuplicates +1\nRejected +2\nReasons\n/);
  });

  it('takes the corrected reject file', async () => {
    const rejects = await readFile(folder.file('leads.rejects-2.csv'), 'utf8');
    const corrected = rejects
      .replace('12345', '9820000003')
      .replace('plenty', '3L')
      .replace('31/02/1990', '28/02/1990');
    await writeFile(folder.file('corrected.csv'), corrected);
    const { exitCode, stdout } = await folder.lms(['import', 'corrected.csv', '--product', 'personal-loan', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).counts).toMatchObject({ rows: 2, created: 2, rejected: 0 });
  });

  it('reads columns as --map says, and refuses a map that names nothing', async () => {
    await writeFile(folder.file('odd.csv'), `Who,${heading.slice(14)}\n${row('Farah Khan', '9820000009')}\n`);
    const mapped = await folder.lms([
      'import',
      'odd.csv',
      '--product',
      'personal-loan',
      '--map',
      'Who=fullName',
      '--json',
    ]);
    expect(JSON.parse(mapped.stdout).counts).toMatchObject({ created: 1 });
    await writeFile(
      folder.file('bad.csv'),
      `Who,${heading.slice(14).replace('Mobile No.', 'Phone')}\n${row('Asha', '12')}\n`,
    );
    const refused = await folder.lms([
      'import',
      'bad.csv',
      '--product',
      'personal-loan',
      '--map',
      'Who=fullName',
      '--source',
      'fair',
      '--date-order',
      'dmy',
    ]);
    expect(refused.stderr).toContain(
      `bad.rejects.csv --product personal-loan --source fair --date-order dmy --map Who=fullName`,
    );
    const wrong = await folder.lms(['import', 'odd.csv', '--product', 'personal-loan', '--map', 'Whom=fullName']);
    expect(wrong).toMatchObject({ exitCode: 3, stdout: '', stderr: expect.stringContaining('IMPORT_MAPPING_INVALID') });
    const noPair = await folder.lms(['import', 'odd.csv', '--product', 'personal-loan', '--map', 'Who']);
    expect(noPair.exitCode).toBe(2);
  });

  it('shows the board and the funnel of what came in', async () => {
    const board = await folder.lms(['board', '--product', 'personal-loan'], { environment: { COLUMNS: '100' } });
    expect(board.exitCode).toBe(0);
    expect(board.stdout).toMatch(/^New +Contacted/);
    expect(board.stdout).toMatch(/5 leads · ₹/);
    expect(board.stdout).toContain('आशा राव');
    const funnel = await folder.lms(['report', 'funnel', '--product', 'personal-loan']);
    expect(funnel).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/New +█+ +5/) });
  });
});

describe('what an import is told and tells', { timeout: 120_000 }, () => {
  let folder: LmsFolder;
  beforeAll(async () => {
    folder = await withPersonalLoan(fileStore);
    await writeFile(folder.file('leads.csv'), [heading, row('Asha', '9820000001'), row('Meera', '12345')].join('\n'));
  });
  afterAll(() => folder[Symbol.asyncDispose]());
  const words = ['import', 'leads.csv', '--product', 'personal-loan'];

  it('replaces the file that --rejects names only where that is said, as what it prints does', async () => {
    const named = [...words, '--rejects', 'refused.csv'];
    const dry = await folder.lms([...named, '--dry-run']);
    expect(dry.stderr).toContain(`To import: lms ${named.join(' ')} --replace`);
    const refused = await folder.lms(named);
    expect(refused).toMatchObject({
      exitCode: 5,
      stdout: '',
      stderr: expect.stringContaining('repeat with --replace'),
    });
    expect((await folder.lms([...named, '--replace', '--json'])).exitCode).toBe(4);
    const alone = await folder.lms([...words, '--replace']);
    expect(alone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--rejects') });
  });

  it('shows the columns, and how to map one, where no column holds a required field', async () => {
    await writeFile(
      folder.file('ring.csv'),
      `${heading.replace('Mobile No.', 'Ring')}\n${row('Asha', '9820000031')}\n`,
    );
    const ring = ['import', 'ring.csv', '--product', 'personal-loan'];
    const dry = await folder.lms([...ring, '--dry-run']);
    expect(dry.exitCode).toBe(3);
    expect(dry.stdout).toMatch(
      /^Dry run of ring.csv[\s\S]*A +Customer Name +fullName[\s\S]*No column for the required: mobile/,
    );
    expect(dry.stderr).toMatch(/B "Ring" \(not read[\s\S]*mobile: Mobile[\s\S]*such as --map 'column B=mobile'/);
    const real = await folder.lms(ring);
    expect(real).toMatchObject({ exitCode: 3, stdout: '' });
    expect(real.stderr).toContain('No column for the required: mobile');
    const json = await folder.lms([...ring, '--json']);
    expect(JSON.parse(json.stderr).error).toMatchObject({ code: 'IMPORT_COLUMN_MISSING', path: 'mobile' });
    const sheet = await folder.lms([...ring, '--sheet', 'North']);
    expect(sheet.stderr).toContain('has no sheets');
  });

  it('tells how many cells of a column are taken as empty', async () => {
    const lines = ['NA', '-', 'nil', 'asha@example.com'].map(
      (email, at) => `${row('Asha', `982000004${at}`)},${email}`,
    );
    await writeFile(folder.file('na.csv'), [`${heading},Email`, ...lines].join('\n'));
    const { stdout } = await folder.lms(['import', 'na.csv', '--product', 'personal-loan', '--dry-run']);
    expect(stdout).toContain('H "Email": 3 cells are taken as empty');
  });
});

describe('stopping an import', { timeout: 120_000 }, () => {
  it('stops between batches on Ctrl-C, says how to go on, exits 130, and goes on from there', async () => {
    const [sqlite] = storeShapes;
    if (sqlite === undefined) throw new Error('no shape');
    await using folder = await withPersonalLoan(sqlite);
    const rows = Array.from({ length: 6000 }, (_, index) => row('Asha Rao', `98${String(index).padStart(8, '0')}`));
    await writeFile(folder.file('many.csv'), [heading, ...rows].join('\n'));
    const words = ['import', 'many.csv', '--product', 'personal-loan'];
    const total = async (): Promise<number> => {
      const { stdout } = await folder.lms(['report', 'funnel', '--product', 'personal-loan', '--json']);
      return JSON.parse(stdout).stages[0].entered;
    };
    let importing: ChildProcess | undefined;
    const run = folder.lms(words, {
      started: (child) => {
        importing = child;
      },
    });
    // A process that has not begun would end before its first batch.
    await untilLeadsAreIn(folder.file('lms.db'));
    importing?.kill('SIGINT');
    const stopped = await run;
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toContain(`To go on where it stopped: lms ${words.join(' ')}`);
    const before = await total();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(6000);
    const finished = await folder.lms([...words, '--json']);
    expect(finished.exitCode).toBe(0);
    expect(await total()).toBe(6000);
  });
});

async function untilLeadsAreIn(file: string): Promise<void> {
  const database = new DatabaseSync(file, { readOnly: true });
  const leads = database.prepare('SELECT count(*) AS number FROM leads');
  while (leads.get()?.['number'] === 0) await setTimeout(20);
  database.close();
}
