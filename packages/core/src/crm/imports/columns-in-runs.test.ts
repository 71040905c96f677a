import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import excel from 'exceljs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { newStore } from '../../../test-support/store.js';
import type { ImportRequest } from './index.js';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-columns-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function request(lines: readonly string[], more: Partial<ImportRequest> = {}): Promise<ImportRequest> {
  files += 1;
  const file = join(folder, `leads-${files}.csv`);
  await writeFile(file, lines.join('\n'));
  return { file, productLine: 'personal-loan', ...more };
}

describeShapes((makeStorage) => {
  it('counts bare numbers in the unit of their column, tells so, and keeps what that means', async () => {
    const { admin } = await newStore(await makeStorage());
    const wanted = await request([
      'Cust. Name,Mob #,Loan Amt (in lakhs)',
      'Asha,98765 00001,5',
      'Ravi,98765 00002,₹ 2.5',
      'Meera,98765 00003,75 k',
      ...Array.from({ length: 8 }, (_, at) => `Om ${at},987650001${at},3`),
      'Imran,98765 00004,500000',
    ]);
    const result = await admin.imports.run(wanted);
    expect(result.columns.map(({ heading, field, reason, unit }) => [heading, field, reason, unit])).toEqual([
      ['Cust. Name', 'fullName', 'known heading', undefined],
      ['Mob #', 'mobile', 'known heading', undefined],
      ['Loan Amt (in lakhs)', 'loanAmount', expect.anything(), 'lakh'],
    ]);
    expect(result.columns[2]?.notes.join()).toContain('numbers count lakhs');
    expect(result.counts).toMatchObject({ rows: 12, created: 11, rejected: 1 });
    expect(result.firstRejects[0]?.problems).toMatchObject([
      { column: 'Loan Amt (in lakhs)', field: 'loanAmount', rule: 'unit', typed: '500000' },
    ]);
    const page = await admin.leads.list({ productLine: 'personal-loan' }).page({ limit: 50 });
    const amounts = new Map(page.items.map((lead) => [lead.name, lead.amountPaise]));
    expect([amounts.get('Asha'), amounts.get('Ravi'), amounts.get('Meera')]).toEqual([
      50_000_000, 25_000_000, 7_500_000,
    ]);
    const asha = page.items.find((lead) => lead.name === 'Asha');
    const lead = await admin.leads.get(asha?.id ?? '');
    expect(lead.entered).toMatchObject({ loanAmount: '5 lakh' });
  });

  it('refuses numbers of a workbook whose digits are lost, and reads the others as they are meant', async () => {
    const { admin } = await newStore(await makeStorage());
    const book = new excel.Workbook();
    const sheet = book.addWorksheet('Leads');
    sheet.addRow(['Full name', 'Mobile', 'Loan amount', 'City', 'PIN code', 'Date of birth']);
    sheet.addRow(['Asha', 9_876_500_001, 250_000, Number('12345678901234567'), 400_053, new Date('1990-08-15')]);
    sheet.addRow(['Ravi', 9_876_500_002, 2.5e5, 'Pune', 400_053, new Date('1990-08-15')]);
    const file = join(folder, `numbers-${crypto.randomUUID()}.xlsx`);
    await book.xlsx.writeFile(file);
    const result = await admin.imports.run({ file, productLine: 'personal-loan' });
    expect(result.counts).toMatchObject({ rows: 2, created: 1, rejected: 1 });
    expect(result.firstRejects).toMatchObject([
      { row: 2, problems: [{ column: 'City', rule: 'digits-lost', message: expect.stringMatching(/15 digits/) }] },
    ]);
    const page = await admin.leads.list({ productLine: 'personal-loan' }).page({ limit: 5 });
    const lead = await admin.leads.get(page.items[0]?.id ?? '');
    expect(lead.values).toMatchObject({ mobile: '+919876500002', pincode: '400053', birthDate: '1990-08-15' });
  });

  it('takes the row that is said to be the header, and refuses one that is not there', async () => {
    const { admin } = await newStore(await makeStorage());
    const lines = ['Full name,Mobile', 'x,y', 'Full name,Mobile', 'Asha,98765 00001'];
    const result = await admin.imports.run(await request(lines, { headerRow: 3, dryRun: true }));
    expect(result).toMatchObject({ headerRow: 3, counts: { rows: 1 } });
    await expect(admin.imports.run(await request(lines, { headerRow: 9 }))).rejects.toMatchObject({
      code: 'IMPORT_HEADER_NOT_FOUND',
      path: 'row 9',
    });
    await expect(admin.imports.run(await request(lines, { headerRow: 0 }))).rejects.toMatchObject({
      code: 'USAGE_INVALID',
    });
  });

  it('knows the header of lines of JSON without looking for one', async () => {
    const { admin } = await newStore(await makeStorage());
    const line = JSON.stringify({ a1: 'Asha', a2: '98765 00001', a3: 'Full name' });
    const wanted = await request([line]);
    expect(await admin.imports.plan(wanted)).toMatchObject({ headerRow: 0, columns: [], unmatched: { length: 3 } });
    const mapping = { a1: 'fullName', a2: 'mobile', a3: '-' };
    const result = await admin.imports.run({ ...wanted, mapping });
    expect(result).toMatchObject({ headerRow: 0, counts: { rows: 1, created: 1 } });
  });

  it('names every problem of a row with its column, what was typed, and what was expected', async () => {
    const { admin } = await newStore(await makeStorage());
    const result = await admin.imports.run(
      await request(['Full name,Mobile,Loan amount,City', 'Asha,9.87654E+09,"1,23,45",9.87654E+09'], { dryRun: true }),
    );
    expect(result.firstRejects).toMatchObject([
      {
        row: 2,
        problems: [
          {
            column: 'Mobile',
            field: 'mobile',
            message: expect.stringMatching(/spreadsheet has dropped.*such as 98765 43210/),
          },
          { column: 'Loan amount', typed: '1,23,45', message: expect.stringMatching(/grouped.*such as 5,00,000/) },
          { column: 'City', rule: 'digits-lost', typed: expect.stringContaining('E+09') },
        ],
      },
    ]);
    expect(JSON.stringify(result.firstRejects[0]?.problems[0])).not.toContain('9.87654');
  });
});
