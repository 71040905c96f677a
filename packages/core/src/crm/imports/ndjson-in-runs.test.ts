import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { newStore } from '../../../test-support/store.js';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-ndjson-runs-'));
});
afterAll(() => rm(folder, { recursive: true }));

describeShapes((makeStorage) => {
  it('imports lines of JSON, and their reject file once it is mended', async () => {
    const { admin } = await newStore(await makeStorage());
    files += 1;
    const file = join(folder, `${files}.ndjson`);
    const rejectFile = join(folder, `${files}.rejects.ndjson`);
    const lines = [
      '{"Full name":"Asha Rao","Mobile":9876500001,"Loan amount":"5 lakh"}',
      '{"Mobile":"98765 00002","Full name":"रवि","Loan amount":["5"]}',
      '{"Full name":"Om","Mobile":"98765 00003"',
      '{"Full name":"Mobile","Mobile":"98765 00004","Mobile":"98765 00005"}',
    ];
    await writeFile(file, lines.join('\n'));
    const request = { file, productLine: 'personal-loan', rejectFile };
    const result = await admin.imports.run(request);
    expect(result).toMatchObject({ form: { format: 'ndjson', encoding: 'utf-8' }, headerRow: 0, rejectFile });
    expect(result.counts).toMatchObject({ rows: 4, created: 1, rejected: 3 });
    expect(result.firstRejects.map(({ row, problems }) => [row, problems[0]?.rule])).toEqual([
      [2, 'cell-nested'],
      [3, 'cell-not-json'],
      [4, 'cell-repeated-key'],
    ]);
    expect(JSON.stringify(result.firstRejects[2])).not.toContain('00005');

    const rejects = await readFile(rejectFile, 'utf8');
    const mended = rejects
      .replace('["5"]', '"5 lakh"')
      .replace('"LMS line":"{\\"Full name\\":\\"Om\\",\\"Mobile\\":\\"98765 00003\\""', '"LMS line":null')
      .replace('{"Full name":null,"Mobile":null', '{"Full name":"Om","Mobile":"98765 00003"')
      .replace(',"Mobile":"98765 00005"', '');
    const again = join(folder, `${files}.mended.ndjson`);
    await writeFile(again, mended);
    const second = await admin.imports.run({ file: again, productLine: 'personal-loan' });
    expect(second.firstRejects).toEqual([]);
    expect(second.counts).toMatchObject({ rows: 3, created: 3, rejected: 0 });
  });
});
