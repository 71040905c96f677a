import { writeFile } from 'node:fs/promises';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { exampleFile, fileStore, withPersonalLoan } from './stores.js';
import { key, Terminal } from './terminal.js';

const heading = 'Who,Mobile No.,DOB,Loan Amt,Employment Type,Monthly Income';
const row = (name: string, mobile: string, born = '15/08/1990'): string =>
  `${name},${mobile},${born},5 lakh,Salaried,"75,000"`;
const leadsOf = async (folder: LmsFolder): Promise<readonly { readonly name: string; readonly number: string }[]> =>
  JSON.parse((await folder.lms(['leads', 'list', '--json'])).stdout).items;

describe('lms import on a terminal', { timeout: 180_000 }, () => {
  let folder: LmsFolder;
  beforeAll(async () => {
    folder = await withPersonalLoan(fileStore);
    await folder.lms(['schema', 'publish', exampleFile('product-lines/demat.yaml')]);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const importing = (...words: readonly string[]): Terminal => new Terminal(folder, ['import', ...words]);

  it('asks for the product line, lets a column be changed and tried out, imports, and keeps the mapping', async () => {
    await writeFile(
      folder.file('fair.csv'),
      [heading, row('Asha Rao', '98200 00001'), row('Ravi Iyer', '12345')].join('\n'),
    );
    await using terminal = importing('fair.csv');
    await terminal.shows('Of which product line are the leads?');
    await terminal.shows('Personal loan (personal-loan)');
    terminal.type(key.down, key.enter);
    await terminal.shows('No column for the required: fullName');
    await terminal.shows('❯ Change what a column holds');
    terminal.type(key.enter);
    await terminal.shows('Which column?');
    terminal.type('who');
    await terminal.shows('❯ A  Who  not read');
    terminal.type(key.enter);
    await terminal.shows('What does column A "Who" hold?');
    terminal.type('customer name');
    await terminal.shows('❯ Full name (fullName)');
    terminal.type(key.enter);
    await terminal.shows('you said so');
    await terminal.shows('❯ Import it');
    terminal.type(key.down, key.down, key.enter);
    await terminal.shows('Dry run of fair.csv');
    await terminal.shows('Rejected    1');
    await terminal.shows('❯ Import it');
    expect(await leadsOf(folder)).toEqual([]);
    terminal.type(key.enter);
    await terminal.shows('Keep how the columns are read');
    terminal.type('y', key.enter);
    await terminal.shows('Under which name?');
    await terminal.shows('(fair)');
    terminal.type(key.enter);
    await terminal.shows('Kept as "fair"');
    await terminal.shows('Created     1');
    await terminal.shows(/then: lms import \S*fair\.rejects\.csv --product personal-loan --map Who=fullName/);
    expect(await terminal.ends()).toBe(4);
    expect((await leadsOf(folder)).map(({ name }) => name)).toEqual(['Asha Rao']);
  });

  it('reads the next file of the source as the kept mapping says, and asks nothing with --yes', async () => {
    await writeFile(folder.file('next.csv'), [heading, row('Meera Nair', '98200 00002')].join('\n'));
    await using terminal = importing('next.csv', '--product', 'personal-loan', '--mapping', 'fair', '--yes');
    await terminal.shows('Created     1');
    expect(await terminal.ends()).toBe(0);
    expect(terminal.screen).not.toContain('What now?');
  });

  it('asks which order dates have only where it cannot be told, and which of several sheets', async () => {
    const workbook = new ExcelJS.Workbook();
    const cells = (text: string): string[] => text.replace('"75,000"', '75000').split(',');
    for (const [name, mobile] of [
      ['North', '9820000011'],
      ['South', '9820000012'],
    ] as const) {
      workbook.addWorksheet(name).addRows([cells(heading), cells(row(`Lead ${name}`, mobile, '05/04/1990'))]);
    }
    workbook.addWorksheet('Notes').addRow(['nothing here']);
    await workbook.xlsx.writeFile(folder.file('zones.xlsx'));
    await using terminal = importing('zones.xlsx', '--product', 'personal-loan', '--map', 'Who=fullName');
    await terminal.shows('Several sheets hold leads. Which one?');
    await terminal.shows('South: headings in row 1, 6 columns read');
    terminal.type(key.down, key.enter);
    await terminal.shows('How is 05/04/1990 in "DOB" to be read?');
    terminal.type(key.down, key.enter);
    await terminal.shows('❯ Import it');
    terminal.type(key.enter);
    await terminal.shows('Created     1');
    expect(await terminal.ends()).toBe(0);
    expect(terminal.screen).not.toContain('Notes:');
    const lead = (await leadsOf(folder)).find(({ name }) => name === 'Lead South');
    const shown = await folder.lms(['leads', 'show', lead?.number ?? '', '--json']);
    expect(JSON.parse(shown.stdout).values.dateOfBirth).toBe('1990-05-04');
  });

  it('asks which of several columns holds a field', async () => {
    const [names, ...others] = [heading.replace('Who', 'Name'), row('Farah Khan', '98200 00021')];
    await writeFile(folder.file('two.csv'), [`Phone,${names}`, `98200 00099,${others[0]}`].join('\n'));
    await using terminal = importing('two.csv', '--product', 'personal-loan');
    await terminal.shows('Several columns may hold "mobile". Which one does?');
    await terminal.shows('C  Mobile No.');
    terminal.type(key.down, key.enter);
    await terminal.shows('left out');
    await terminal.shows('❯ Import it');
    terminal.type(key.down, key.down, key.enter);
    await terminal.shows(/To create +1/);
    await terminal.shows('❯ Import it');
    terminal.type(key.interrupt);
    expect(await terminal.ends()).toBe(130);
  });

  it('imports nothing when it is stopped, and says that a file was imported before', async () => {
    const before = await leadsOf(folder);
    await using stopped = importing('next.csv', '--product', 'personal-loan', '--mapping', 'fair');
    await stopped.shows(/This very file was imported before, .*: 1 lead was created/);
    await stopped.shows('❯ Import it');
    stopped.type(key.up, key.enter);
    await stopped.shows('Nothing was imported');
    expect(await stopped.ends()).toBe(130);
    await using interrupted = importing('next.csv', '--product', 'personal-loan', '--mapping', 'fair');
    await interrupted.shows('❯ Import it');
    interrupted.type(key.interrupt);
    expect(await interrupted.ends()).toBe(130);
    expect(await leadsOf(folder)).toEqual(before);
  });

  it('stops between two batches on Ctrl-C after the questions too, and says how to go on with the answers', async () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => row('Asha Rao', `97${String(index).padStart(8, '0')}`));
    await writeFile(folder.file('many.csv'), [heading, ...rows].join('\n'));
    await using terminal = importing('many.csv', '--map', 'Who=fullName');
    await terminal.shows('Personal loan (personal-loan)');
    terminal.type(key.down, key.enter);
    await terminal.shows('❯ Import it');
    terminal.type(key.enter);
    await terminal.shows(/[1-9]\d* created/);
    terminal.type(key.interrupt);
    await terminal.shows('To go on where it stopped: lms import many.csv --map Who=fullName --product personal-loan');
    expect(await terminal.ends()).toBe(130);
  });

  it('without a terminal needs the product line', async () => {
    const outcome = await folder.lms(['import', 'fair.csv']);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('--product LINE') });
  });
});
