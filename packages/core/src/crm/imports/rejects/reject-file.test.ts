import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyCell, numberCell } from '../rows/cells.js';
import { type Cell, openRows, type SourceForm, type SourceRow } from '../rows/index.js';
import { RejectFile, type RejectFileOptions } from './reject-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-rejects-'));
});
afterEach(() => rm(folder, { recursive: true }));

const text = (value: string): Cell => (value === '' ? emptyCell : { kind: 'text', text: value, value });

function prepare(
  form: SourceForm,
  headings: readonly string[],
  taken: RejectFileOptions['taken'] = 'refuses',
): Promise<RejectFile> {
  const [file, input] = [join(folder, 'out'), join(folder, 'in')];
  return RejectFile.prepare({ file, input, form, headings, taken, runName: 'run1' });
}

async function readBack(): Promise<string[][]> {
  const source = await openRows(join(folder, 'out'));
  const rows: SourceRow[] = [];
  for await (const row of source.rows({ sheet: source.sheets[0] ?? '' })) rows.push(row);
  return rows.map((row) => row.cells.map((cell) => cell.text));
}

const forms: readonly SourceForm[] = [
  { format: 'csv', delimiter: ',', encoding: 'utf-8' },
  { format: 'csv', delimiter: ';', encoding: 'utf-8' },
  { format: 'csv', delimiter: '\t', encoding: 'utf-8' },
  { format: 'xlsx' },
];

describe.each(forms)('reject file as %j', (form) => {
  it('reads back as the same cells, with the reasons and the row number', async () => {
    const rejects = await prepare(form, ['Name', 'Note', 'Amount', 'Born']);
    const born: Cell = { kind: 'date', text: '1990-05-17', value: new Date(Date.UTC(1990, 4, 17)) };
    const cells = [text('आशा "A"'), text('two\nlines; a, b\tc'), numberCell(0.1), born];
    await rejects.add({ rowNumber: 7, cells }, 'Name: bad');
    await rejects.add({ rowNumber: 9, cells: [text('=1+1')] }, '=2+5');
    expect(await rejects.finish()).toBe(join(folder, 'out'));
    const rows = await readBack();
    expect(rows[0]).toEqual(['Name', 'Note', 'Amount', 'Born', 'LMS reasons', 'LMS row']);
    expect(rows[1]).toEqual(['आशा "A"', 'two\nlines; a, b\tc', '0.1', '1990-05-17', 'Name: bad', '7']);
    expect(rows[2]?.[0]).toBe('=1+1');
    expect(rows[2]?.[4]).toBe('=2+5');
  });

  it('replaces the columns that an earlier reject file added', async () => {
    const rejects = await prepare(form, ['LMS row', 'Name', 'LMS reasons']);
    await rejects.add({ rowNumber: 3, cells: [text('7'), text('Asha'), text('old reason')] }, 'new reason');
    await rejects.finish();
    expect(await readBack()).toEqual([
      ['Name', 'LMS reasons', 'LMS row'],
      ['Asha', 'new reason', '3'],
    ]);
  });

  it('is for its owner only, appears when it is complete, and leaves nothing else', async () => {
    const rejects = await prepare(form, ['Name']);
    await rejects.add({ rowNumber: 2, cells: [text('Asha')] }, 'bad');
    expect(await readdir(folder)).not.toContain('out');
    await rejects.finish();
    expect(await readdir(folder)).toEqual(['out']);
    expect((await stat(join(folder, 'out'))).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing when it is discarded or no row was refused', async () => {
    const rejects = await prepare(form, ['Name']);
    expect(await rejects.finish()).toBeNull();
    await rejects.add({ rowNumber: 2, cells: [text('Asha')] }, 'bad');
    await rejects.discard();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('reject file', () => {
  it('runs nothing that somebody typed when a spreadsheet program opens it, and leaves phones as they are', async () => {
    const rejects = await prepare({ format: 'csv', delimiter: ';', encoding: 'utf-8' }, ['Name', 'Phone']);
    const typed = ['=HYPERLINK("http://x")', '@SUM(A1)', '+1+cmd|x', '-A1', '+91 98200-12345', '-5.50', '＝A1', ' =A1'];
    for (const one of typed) await rejects.add({ rowNumber: 2, cells: [text('Asha'), text(one)] }, '-bad');
    await rejects.finish();
    const cells = (await readFile(join(folder, 'out'), 'utf8')).split('\r\n').map((line) => line.split(';')[1]);
    expect(cells.slice(1, 9)).toEqual([
      `"'=HYPERLINK(""http://x"")"`,
      "'@SUM(A1)",
      `"'+1+cmd|x"`,
      "'-A1",
      '+91 98200-12345',
      '-5.50',
      "'＝A1",
      "' =A1",
    ]);
    expect((await readBack()).slice(1)).toEqual(typed.map((one) => ['Asha', one, '-bad', '2']));
  });

  it('refuses to overwrite the input', async () => {
    await writeFile(join(folder, 'in'), 'x');
    const form: SourceForm = { format: 'csv', delimiter: ',', encoding: 'utf-8' };
    const file = join(folder, '.', 'in');
    await expect(
      RejectFile.prepare({ file, input: file, form, headings: [], taken: 'refuses', runName: 'r' }),
    ).rejects.toMatchObject({
      code: 'USAGE_INVALID',
    });
    expect(await readFile(file, 'utf8')).toBe('x');
  });

  it('refuses a place that cannot be written to before any row is taken', async () => {
    const form: SourceForm = { format: 'csv', delimiter: ',', encoding: 'utf-8' };
    const input = join(folder, 'in');
    for (const file of [folder, join(folder, 'nowhere', 'out.csv')]) {
      await expect(
        RejectFile.prepare({ file, input, form, headings: [], taken: 'refuses', runName: 'r' }),
      ).rejects.toMatchObject({
        code: 'USAGE_INVALID',
        path: file,
      });
    }
  });

  it('takes a name as long as names may be, also beside one that is taken, and refuses a longer one before any row', async () => {
    const form: SourceForm = { format: 'csv', delimiter: ',', encoding: 'utf-8' };
    const input = join(folder, 'in');
    const prepared = (name: string): Promise<RejectFile> =>
      RejectFile.prepare({
        file: join(folder, name),
        input,
        form,
        headings: ['Name'],
        taken: 'refuses',
        runName: 'run-of-36-characters',
      });
    // 3 bytes each: 83 characters of 249 bytes, and 6 more.
    const longest = `${'अ'.repeat(83)}ab.csv`;
    const rejects = await prepared(longest);
    await rejects.add({ rowNumber: 2, cells: [text('Asha')] }, 'bad');
    await writeFile(join(folder, longest), 'made meanwhile');
    expect(await rejects.finish()).toBe(join(folder, `${'अ'.repeat(83)}-2.csv`));
    expect((await readdir(folder)).length).toBe(2);
    await expect(prepared(`a${longest}`)).rejects.toMatchObject({
      code: 'USAGE_INVALID',
      message: expect.stringMatching(/longer than 255 bytes; name another reject file/),
    });
  });

  it('replaces a file only where that is said, and is refused before any row is taken otherwise', async () => {
    const form: SourceForm = { format: 'csv', delimiter: ',', encoding: 'utf-8' };
    await writeFile(join(folder, 'out'), 'half corrected');
    await expect(prepare(form, ['Name'])).rejects.toMatchObject({
      code: 'REJECT_FILE_EXISTS',
      path: join(folder, 'out'),
    });
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('half corrected');
    const rejects = await prepare(form, ['Name'], 'is-replaced');
    await rejects.add({ rowNumber: 2, cells: [text('Asha')] }, 'bad');
    expect(await rejects.finish()).toBe(join(folder, 'out'));
    expect((await readBack())[1]).toEqual(['Asha', 'bad', '2']);
  });

  it('loses no row where somebody made such a file meanwhile: it stands beside it', async () => {
    const form: SourceForm = { format: 'csv', delimiter: ',', encoding: 'utf-8' };
    const file = join(folder, 'out.csv');
    const options = { file, input: join(folder, 'in'), form, headings: ['Name'] };
    const runs = await Promise.all(
      ['a', 'b', 'c'].map((runName) =>
        RejectFile.prepare({ ...options, taken: runName === 'c' ? 'is-replaced' : 'refuses', runName }),
      ),
    );
    for (const [at, rejects] of runs.entries()) {
      await rejects.add({ rowNumber: at, cells: [text(`Asha ${at}`)] }, 'bad');
    }
    const [first, second, replacing] = runs;
    await writeFile(file, 'half corrected');
    expect(await first?.finish()).toBe(join(folder, 'out-2.csv'));
    expect(await second?.finish()).toBe(join(folder, 'out-3.csv'));
    await rm(file);
    await mkdir(file);
    expect(await replacing?.finish()).toBe(join(folder, 'out-4.csv'));
    expect((await readdir(folder)).sort()).toEqual(['out-2.csv', 'out-3.csv', 'out-4.csv', 'out.csv']);
    expect(await readFile(join(folder, 'out-3.csv'), 'utf8')).toContain('Asha 1');
  });

  it.each(forms)(
    'as %j is not written twice by a later try of its run, and never over what somebody has corrected',
    async (form) => {
      const write = async (reasons: string): Promise<string | null> => {
        const rejects = await prepare(form, ['Name'], 'is-kept');
        await rejects.add({ rowNumber: 2, cells: [text('Asha')] }, reasons);
        return rejects.finish();
      };
      expect(await write('bad')).toBe(join(folder, 'out'));
      expect(await write('bad')).toBe(join(folder, 'out'));
      expect(await readdir(folder)).toEqual(['out']);
      await writeFile(join(folder, 'out'), 'half corrected');
      expect(await write('bad')).toBe(join(folder, 'out-2'));
      expect(await write('bad')).toBe(join(folder, 'out-2'));
      expect((await readdir(folder)).sort()).toEqual(['out', 'out-2']);
      expect(await readFile(join(folder, 'out'), 'utf8')).toBe('half corrected');
    },
  );

  it('of a try that was killed leaves nothing behind once the next one writes, and cannot be finished after all', async () => {
    const form: SourceForm = { format: 'csv', delimiter: ',', encoding: 'utf-8' };
    const options = { file: join(folder, 'out'), input: join(folder, 'in'), form, headings: ['Name'] } as const;
    const tryOf = async (tryName: string, runName = 'run1'): Promise<RejectFile> => {
      const rejects = await RejectFile.prepare({ ...options, taken: 'is-kept', runName, tryName });
      await rejects.add({ rowNumber: 2, cells: [text('Asha')] }, 'bad');
      return rejects;
    };
    const killed = await tryOf('try1');
    const other = await tryOf('try1', 'run2');
    const next = await tryOf('try2');
    expect(await next.finish()).toBe(join(folder, 'out'));
    expect(await readdir(folder)).toEqual(['.out.run2.try1.partial', 'out']);
    await expect(killed.finish()).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(folder)).toEqual(['.out.run2.try1.partial', 'out']);
    await other.discard();
  });

  it('keeps values beyond the header, behind the added columns', async () => {
    const rejects = await prepare({ format: 'csv', delimiter: ',', encoding: 'utf-8' }, ['Name']);
    await rejects.add({ rowNumber: 2, cells: [text('Asha'), text('stray')] }, 'bad');
    await rejects.finish();
    expect((await readBack())[1]).toEqual(['Asha', 'bad', '2', 'stray']);
  });
});
