import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { storeShapes, withPersonalLoan } from './stores.js';

const heading = 'Who,Ring,DOB,Amt (in lakhs),Employment Type,Monthly Income,Shoe Size';
const row = (name: string, serial: number, born = '25/12/1990'): string =>
  `${name},98210 0000${serial},${born},${serial},Salaried,"75,000",9`;

const mapping = `productLine: personal-loan
headerRow: 3
source: bank-x
columns:
  Who: fullName
  Ring: mobile
  DOB: { field: dateOfBirth, dateOrder: mdy }
  Amt (in lakhs): { field: loanAmount, unit: lakh }
  Shoe Size: "-"
`;

describe.each(storeShapes)('mappings on $name', { timeout: 120_000 }, (shape) => {
  let folder: LmsFolder;
  const product = ['--product', 'personal-loan'];
  beforeAll(async () => {
    folder = await withPersonalLoan(shape);
    await writeFile(folder.file('bank-x.yaml'), mapping);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('are used from a file, which names the product line too, and kept with the choices made', async () => {
    const rows = [row('Asha', 1, '12/25/1990'), row('Ravi', 2, '05/06/1985'), row('Om', 3, '25/12/1990')];
    await writeFile(folder.file('march.csv'), ['Leads of March', '', heading, ...rows].join('\n'));
    const dry = await folder.lms(['import', 'march.csv', '--mapping', 'bank-x.yaml', '--dry-run']);
    expect(dry.stdout).toMatch(/D +Amt \(in lakhs\) +loanAmount +100 % +you said so +× lakh +1, 2, 3/);
    expect(dry.stdout).toMatch(/C +DOB +dateOfBirth +100 % +you said so +mdy/);
    const words = ['import', 'march.csv', '--mapping', 'bank-x.yaml', '--save-mapping', 'bank-x'];
    const { exitCode, stdout, stderr } = await folder.lms(words);
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/Created +2\n/);
    expect(stderr).toContain('lms mappings show bank-x --product personal-loan');
    expect(stderr).toContain('--product personal-loan --mapping bank-x.yaml --header-row 1');
    const rejects = (await readFile(folder.file('march.rejects.csv'), 'utf8')).replace('25/12/1990', '12/25/1990');
    await writeFile(folder.file('march.rejects.csv'), rejects);
    const again = ['import', 'march.rejects.csv', '--mapping', 'bank-x.yaml', '--header-row', '1', '--json'];
    expect(JSON.parse((await folder.lms(again)).stdout).counts).toMatchObject({ rows: 1, created: 1 });
    const leads = JSON.parse((await folder.lms(['leads', 'list', ...product, '--json'])).stdout).items;
    expect(leads.map((lead: { amountPaise: number }) => lead.amountPaise).sort()).toEqual([
      10_000_000, 20_000_000, 30_000_000,
    ]);
  });

  it('are used by name, and for the source of their name without being asked', async () => {
    await writeFile(
      folder.file('april.csv'),
      ['Leads of April', '', heading, row('Meera', 4, '12/25/1990')].join('\n'),
    );
    const byName = await folder.lms(['import', 'april.csv', ...product, '--mapping', 'bank-x', '--dry-run', '--json']);
    expect(JSON.parse(byName.stdout)).toMatchObject({ counts: { created: 1 }, headerRow: 3 });
    const bySource = await folder.lms(['import', 'april.csv', ...product, '--source', 'bank-x', '--dry-run']);
    expect(bySource.stderr).toContain('the saved mapping "bank-x"');
    expect(bySource.stdout).toContain('you said so');
    const without = await folder.lms([
      'import',
      'april.csv',
      ...product,
      '--source',
      'bank-x',
      '--no-mapping',
      '--dry-run',
    ]);
    expect(without.stdout).not.toContain('you said so');
    expect(without.stdout).toContain('No column for the required:');
  });

  it('that no longer fit are refused with both names, and mended by one flag', async () => {
    await writeFile(
      folder.file('may.csv'),
      ['x', '', heading.replace('Ring', 'Cell'), row('Lata', 5, '12/25/1990')].join('\n'),
    );
    const words = ['import', 'may.csv', ...product, '--mapping', 'bank-x', '--dry-run'];
    const refused = await folder.lms(words);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(/mapping "bank-x" reads a column "Ring" that the file does not have.*"Cell"/);
    const mended = await folder.lms([...words, '--map', 'Cell=mobile', '--json']);
    expect(JSON.parse(mended.stdout).counts).toMatchObject({ created: 1 });
  });

  it('are listed, shown, exported to a file that is saved again, and removed', async () => {
    const list = await folder.lms(['mappings', 'list']);
    expect(list.stdout).toMatch(/bank-x +personal-loan +6 +1 /);
    const shown = await folder.lms(['mappings', 'show', 'bank-x', ...product]);
    expect(shown.stdout).toMatch(
      /headerRow: 3[\s\S]*Ring +mobile[\s\S]*loanAmount +lakh[\s\S]*Shoe Size +\(left out\)/,
    );
    await folder.lms(['mappings', 'export', 'bank-x', ...product, '--output', 'out.yaml']);
    const taken = await folder.lms(['mappings', 'export', 'bank-x', ...product, '--output', 'out.yaml']);
    expect(taken).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('out.yaml cannot be written') });
    const saved = await folder.lms(['mappings', 'save', 'bank-y', 'out.yaml', ...product, '--json']);
    expect(JSON.parse(saved.stdout)).toMatchObject({ name: 'bank-y', version: 1 });
    const [x, y] = JSON.parse((await folder.lms(['mappings', 'list', '--json'])).stdout).items;
    expect(y.document).toEqual(x.document);
    expect((await folder.lms(['mappings', 'list', '--limit', '1'])).stderr).toContain('--cursor personal-loan/bank-x');
    expect((await folder.lms(['mappings', 'remove', 'bank-y', ...product])).exitCode).toBe(0);
    const gone = await folder.lms(['mappings', 'show', 'bank-y', ...product]);
    expect(gone).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('lms mappings list') });
  });

  it('say what is wrong and where', async () => {
    await writeFile(folder.file('bad.yaml'), 'columns:\n  Who: { field: fullName, unit: lacs }\nsheets: x\n');
    const refused = await folder.lms(['import', 'march.csv', ...product, '--mapping', 'bad.yaml']);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(/columns\.Who: expected a field.*\(line 2/);
    expect(refused.stderr).toMatch(/unknown key "sheets"; did you mean "sheet"\? \(line 3/);
    const flag = await folder.lms(['import', 'march.csv', ...product, '--map', 'Amt=loanAmount:lacs']);
    expect(flag).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('lakh') });
    const other = await folder.lms(['import', 'march.csv', '--product', 'demat', '--mapping', 'bank-x.yaml']);
    expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is for "personal-loan"') });
    const none = await folder.lms(['import', 'march.csv']);
    expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--product') });
  });
});
