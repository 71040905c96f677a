import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import excel from 'exceljs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allEngines, describeShapes, testedShapes } from '../../../test-support/shapes.js';
import { newStore, openStore } from '../../../test-support/store.js';
import { type ImportRequest, type ImportResult, type MappingDocument, type RowReport, withMapping } from './index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;

/** A file of its own, and a request to import it. */
async function request(lines: readonly string[], more: Partial<ImportRequest> = {}): Promise<ImportRequest> {
  files += 1;
  const file = join(folder, `leads-${files}.csv`);
  await writeFile(file, lines.join('\n'));
  return { file, productLine: 'personal-loan', ...more };
}

const header = 'Full name,Mobile,Email,PAN,Loan amount,City';

/** Rows of people whom no other call gives. */
function people(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, at) => {
    const serial = String(from + at).padStart(4, '0');
    return `Asha ${serial},987650${serial},asha${serial}@example.com,,"2,50,000",Pune`;
  });
}

const mixed: readonly string[] = [
  'Leads of the Pune branch,,',
  '',
  header,
  ...people(3),
  'Ravi,+91 98765 00001,,,1L,Pune', // the phone of row 5
  ',12345,nobody,ABC,#N/A,',
  'Om,9876511111,,,5 lakh,Pune,Maharashtra',
  'Neha,9876522222,asha0002@EXAMPLE.com,,75000,Pune', // the mail of row 6
  'Meena,9876533333,,,"Rs. 75,000/-",Pune',
];

function summaryOf({ counts, reasons }: ImportResult): object {
  return { ...counts, reasons };
}

const importPlaces = process.env['LMS_TEST_FULL'] === '1' ? allEngines : testedShapes;

describeShapes((makeStorage, { anotherHandle }) => {
  it('makes leads of good rows, skips duplicates, and names every problem of the others', async () => {
    const { admin } = await newStore(await makeStorage());
    const reports: RowReport[] = [];
    const result = await admin.imports.run(await request(mixed), { onRow: (report) => reports.push(report) });
    expect(result).toMatchObject({
      status: 'completed_with_rejects',
      headerRow: 3,
      counts: { rows: 8, created: 4, updated: 0, duplicates: 2, rejected: 2 },
    });
    expect(
      reports.map(({ row, outcome, problems }) => [row, outcome, problems.map((one) => `${one.column}: ${one.rule}`)]),
    ).toEqual([
      [7, 'duplicate', ['Mobile: duplicate']],
      [8, 'rejected', expect.arrayContaining(['Loan amount: cell-formula', 'Full name: required'])],
      [9, 'rejected', ['null: extra-cells']],
      [10, 'duplicate', ['Email: duplicate']],
    ]);
    expect(reports[1]?.problems.map((one) => one.field).sort()).toEqual([
      'email',
      'fullName',
      'loanAmount',
      'mobile',
      'pan',
    ]);
    expect(reports[0]?.of).toMatch(/^LEAD-202601-/);
    const page = await admin.leads.list({ productLine: 'personal-loan' }).page({ limit: 10 });
    expect(page.items.map((lead) => [lead.name, lead.amountPaise, lead.source]).sort()).toEqual([
      ['Asha 0000', 25_000_000, 'import'],
      ['Asha 0001', 25_000_000, 'import'],
      ['Asha 0002', 25_000_000, 'import'],
      ['Meena', 7_500_000, 'import'],
    ]);
  });

  it('promises in a dry run what the real run then does, and writes nothing', async () => {
    const { admin } = await newStore(await makeStorage());
    await admin.imports.run(await request([header, ...people(1)]));
    const wanted = await request(mixed);
    const promised = await admin.imports.run({ ...wanted, dryRun: true });
    expect(promised.runId).toBeNull();
    expect(await admin.imports.list()).toHaveLength(1);
    const done = await admin.imports.run(wanted);
    expect(summaryOf(promised)).toEqual(summaryOf(done));
    expect(promised.firstDuplicates.map(({ row }) => row)).toEqual(done.firstDuplicates.map(({ row }) => row));
    expect(promised.firstDuplicates.map(({ of }) => of)).toEqual([expect.stringMatching(/^LEAD/), 'row 5', 'row 6']);
  });

  it('makes no row twice when a stopped run is repeated, by another process too', async () => {
    const storage = await makeStorage();
    const { admin } = await newStore(storage);
    const wanted = await request([header, ...people(500)]);
    const controller = new AbortController();
    const stopped = await admin.imports.run(wanted, {
      signal: controller.signal,
      onProgress: ({ rows }) => rows >= 200 && controller.abort(),
    });
    expect(stopped).toMatchObject({ status: 'stopped', counts: { rows: 200, created: 200 } });
    const other = await openStore(await anotherHandle(storage));
    const repeated = await other.admin.imports.run(wanted);
    expect(repeated).toMatchObject({ status: 'completed', counts: { rows: 500, created: 300, duplicates: 200 } });
    expect(repeated.firstDuplicates[0]?.problems[0]?.rule).toBe('imported-before');
    expect(repeated.previousRuns.map((run) => [run.id, run.status])).toEqual([[stopped.runId, 'stopped']]);
  });

  it('records a run that failed half-way, leaves no reject file, and goes on when repeated', async () => {
    const { admin } = await newStore(await makeStorage());
    const rejectFile = join(folder, `failed-rejects-${files}.csv`);
    const wanted = await request([header, ',,,,,Pune', ...people(300)], { rejectFile });
    const breaking = ({ rows }: { rows: number }): void => {
      if (rows === 200) throw new Error('the screen is gone');
    };
    await expect(admin.imports.run(wanted, { onProgress: breaking })).rejects.toThrow('the screen is gone');
    const [failed] = await admin.imports.list({ productLine: 'personal-loan' });
    expect(failed).toMatchObject({ status: 'failed', counts: { rows: 200, created: 199, rejected: 1 } });
    expect((await readdir(folder)).filter((name) => name.includes(`failed-rejects-${files - 1}.`))).toEqual([]);
    const repeated = await admin.imports.run(wanted);
    expect(repeated.counts).toMatchObject({ rows: 301, created: 101, duplicates: 199, rejected: 1 });
    expect(repeated.rejectFile).toBe(rejectFile);
  });

  it('takes rows of a file a second time only when told to', async () => {
    const { admin } = await newStore(await makeStorage());
    const wanted = await request([header, ...people(3)]);
    await admin.imports.run(wanted);
    const { items } = await admin.leads.list().page({ limit: 10 });
    for (const lead of items) await admin.leads.delete(lead.id);
    expect((await admin.imports.run(wanted)).counts).toMatchObject({ created: 0, duplicates: 3 });
    expect((await admin.imports.run({ ...wanted, again: true })).counts).toMatchObject({ created: 3, duplicates: 0 });
  });

  it('takes the sheet whose header names the most fields, or the one named, and tells the others', async () => {
    const { admin } = await newStore(await makeStorage());
    const book = new excel.Workbook();
    book.addWorksheet('Summary').addRows([['Leads of the week'], ['City', 'Pune'], ['total', 2]]);
    for (const [name, mobile] of [
      ['North', 9876500001],
      ['South', 9876500002],
    ] as const) {
      const born = new Date(Date.UTC(1990, 4, 17));
      const sheet = book.addWorksheet(name);
      sheet.addRows([
        ['Full name', 'Mobile', 'Loan amount', 'Date of birth'],
        [`Om ${name}`, mobile, 250_000, born],
      ]);
      sheet.getCell('D2').numFmt = 'dd/mm/yyyy';
    }
    const file = join(folder, 'sheets.xlsx');
    await book.xlsx.writeFile(file);
    const wanted: ImportRequest = { file, productLine: 'personal-loan' };
    const first = await admin.imports.run(wanted);
    expect(first).toMatchObject({ sheet: 'North', headerRow: 1, counts: { created: 1 } });
    expect(first.notes[0]).toMatchObject({ kind: 'other-sheets', count: 2 });
    expect(first.notes[0]?.message).toContain('"Summary", "South"');
    expect(await admin.imports.run({ ...wanted, sheet: 'South' })).toMatchObject({ counts: { created: 1 } });
    await expect(admin.imports.run({ ...wanted, sheet: 'Suoth' })).rejects.toThrow(/did you mean "South"/);
    const { items } = await admin.leads.list().page({ limit: 10 });
    const byName = items.map((lead) => [lead.name, lead.phone, lead.amountPaise, lead.values['birthDate']]).sort();
    expect(byName).toEqual([
      ['Om North', '+919876500001', 25_000_000, '1990-05-17'],
      ['Om South', '+919876500002', 25_000_000, '1990-05-17'],
    ]);
  });

  it('writes a reject file that can be mended and imported', async () => {
    const { admin } = await newStore(await makeStorage());
    const rejectFile = join(folder, `rejects-${files}.csv`);
    const lines = [header, ...people(2), 'Om,98765,,,50k,Pune', 'Raj,9876544444,,,50,Pune'];
    const result = await admin.imports.run(await request(lines, { rejectFile }));
    expect(result.rejectFile).toBe(rejectFile);
    const text = await readFile(rejectFile, 'utf8');
    expect(text.split('\r\n')[0]).toBe(`\uFEFF${header},LMS reasons,LMS row`);
    const mended = text.replace('Om,98765,', 'Om,9876555555,').replace(',50,', ',"50,000",');
    await writeFile(rejectFile, mended);
    await expect(admin.imports.run(await request(lines, { rejectFile }))).rejects.toMatchObject({
      code: 'REJECT_FILE_EXISTS',
    });
    const again = await admin.imports.run({ file: rejectFile, productLine: 'personal-loan' });
    expect(again).toMatchObject({ status: 'completed', counts: { rows: 2, created: 2, rejected: 0 } });
    expect(again.unmatched).toEqual([]);
  });

  it('shows no personal value of a refused row in the clear', async () => {
    const { admin } = await newStore(await makeStorage());
    const result = await admin.imports.run(
      await request([header, 'Asha Kulkarni,98765012345678,asha kulkarni,ABCDE12345,5,Pune']),
    );
    const shown = JSON.stringify(result.firstRejects);
    expect(shown).not.toMatch(/98765012345678|asha kulkarni|ABCDE12345/i);
    expect(shown).toMatch(/"typed":"5"/);
  });

  it('refuses before anything is written: no header, no rows, bad mapping, no permission', async () => {
    const { admin, user } = await newStore(await makeStorage());
    const rejectFile = join(folder, `none-${files}.csv`);
    await expect(admin.imports.run(await request(['a,b', '1,2'], { rejectFile }))).rejects.toMatchObject({
      code: 'IMPORT_HEADER_NOT_FOUND',
    });
    await expect(admin.imports.run(await request([header], { rejectFile }))).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
      path: 'row 2',
    });
    await expect(
      admin.imports.run(await request([header, ...people(1)], { mapping: { Town: 'city' } })),
    ).rejects.toMatchObject({
      code: 'IMPORT_MAPPING_INVALID',
    });
    await expect(admin.imports.run(await request(mixed, { productLine: 'nothing' }))).rejects.toMatchObject({
      code: 'LINE_NOT_FOUND',
    });
    const agent = await user('asha', ['agent']);
    await expect(agent.imports.run(await request([header, ...people(1)]))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    await expect(admin.imports.get('nothing')).rejects.toMatchObject({ code: 'IMPORT_NOT_FOUND' });
    expect(await readdir(folder)).not.toContain(`none-${files}.csv`);
    expect((await admin.leads.list().page({ limit: 1 })).items).toEqual([]);
  });

  it('refuses a file without a column for a required field before its first row, in a dry run too', async () => {
    const { admin } = await newStore(await makeStorage());
    const lines = ['Full name,Ring,City', 'Asha,9876500001,Pune'];
    const wanted = await request(lines);
    const preview = await admin.imports.plan(wanted);
    expect(preview).toMatchObject({ missing: ['mobile'], refused: expect.stringContaining('B "Ring" (not read') });
    for (const dryRun of [true, false]) {
      await expect(admin.imports.run({ ...wanted, dryRun })).rejects.toMatchObject({
        code: 'IMPORT_COLUMN_MISSING',
        message: preview.refused,
        details: {
          problems: [{ path: 'mobile', rule: 'no-column', message: expect.stringContaining('Mobile is required') }],
          columns: [{ field: 'fullName' }, { letter: 'B', heading: 'Ring', field: null }, { field: 'city' }],
        },
      });
    }
    expect(await admin.imports.list()).toEqual([]);
    const mapped = { ...wanted, mapping: { Ring: 'mobile' } };
    expect((await admin.imports.plan(mapped)).refused).toBeNull();
    // A lead to update is found by unique values alone.
    await admin.imports.run(mapped);
    const city = await request(['Mobile,City', '9876500001,Nagpur'], { duplicates: 'update' });
    expect((await admin.imports.run(city)).counts).toMatchObject({ updated: 1 });
    const nameless = await request(['Full name,City', 'Asha,Nagpur'], { duplicates: 'update' });
    await expect(admin.imports.run(nameless)).rejects.toMatchObject({ code: 'IMPORT_COLUMN_MISSING' });
  });

  it('refuses a sheet or header row that the file does not have, unless a mapping for other files says it', async () => {
    const { admin } = await newStore(await makeStorage());
    const csv = await request([header, ...people(1)], { sheet: 'North' });
    await expect(admin.imports.run(csv)).rejects.toMatchObject({ code: 'USAGE_INVALID', path: 'sheet' });
    const ndjson = await request(['{"fullName":"Asha","mobile":"9876500001"}']);
    for (const said of [{ sheet: 'North' }, { headerRow: 1 }]) {
      await expect(admin.imports.plan({ ...ndjson, ...said })).rejects.toMatchObject({
        code: 'USAGE_INVALID',
        path: Object.keys(said)[0],
      });
    }
    const mapping: MappingDocument = { productLine: 'personal-loan', sheet: 'North', headerRow: 3, columns: {} };
    expect((await admin.imports.run(withMapping(ndjson, mapping, 'bank'))).counts).toMatchObject({ created: 1 });
  });

  it('is stopped while the file is still being checked, and leaves no run', async () => {
    const { admin } = await newStore(await makeStorage());
    await expect(
      admin.imports.run(await request([header, ...people(3)]), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'COMMAND_ABORTED' });
    expect(await admin.imports.list()).toEqual([]);
  });

  it('lets others have their turn between batches of a hundred rows, so that nobody waits for a file', async () => {
    const { admin } = await newStore(await makeStorage());
    const wanted = await request([header, ...people(2_000)]);
    let turns = 0;
    const rowsAtTurn: number[] = [];
    let rows = 0;
    const others = setInterval(() => {
      turns += 1;
      rowsAtTurn.push(rows);
    });
    await admin.imports.run(wanted, {
      onProgress: (progress) => {
        rows = progress.rows;
      },
    });
    clearInterval(others);
    expect(turns).toBeGreaterThan(20);
    const gaps = rowsAtTurn.map((at, index) => at - (rowsAtTurn[index - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(200);
  });
}, importPlaces);
