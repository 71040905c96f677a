import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loanLine } from '../../../test-support/loan-line.js';
import { allShapes, describeShapes } from '../../../test-support/shapes.js';
import { newStore, root, type TestStore } from '../../../test-support/store.js';
import { createLms, type Lms } from '../../index.js';
import { sqlite } from '../../storage/sqlite.js';
import { testKey } from '../../testing/index.js';
import { type ImportRequest, type ImportResult, mappingUsed, type RowReport, withMapping } from './index.js';

const now = '2026-01-15T04:30:00.000Z';
const marketing = { purpose: 'marketing', wording: { language: 'en' }, column: 'Marketing OK' } as const;
const calls = { purpose: 'contact-by-call', wording: { language: 'en', version: 1 }, source: 'paper' } as const;
const doNotCall = { channel: 'call', column: 'DND' } as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-import-consents-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;

async function request(rows: readonly string[], more: Partial<ImportRequest> = {}): Promise<ImportRequest> {
  files += 1;
  const file = join(folder, `fair-${files}.csv`);
  await writeFile(file, ['Full name,Mobile,Marketing OK,DND', ...rows].join('\n'));
  return { file, productLine: 'personal-loan', consents: [marketing, calls], contactBlocks: [doNotCall], ...more };
}

async function addWordings(admin: ReturnType<Lms['as']>): Promise<void> {
  for (const purpose of ['contact-by-call', 'marketing']) {
    await admin.consents.wordings.add({ purpose, language: 'en', text: `Yes to ${purpose}.` });
  }
}

function countsOf({ counts, consents, contactBlocks }: ImportResult): object {
  const said = (all: readonly { readonly recorded: number; readonly passedOver: number }[]): unknown =>
    all.map(({ recorded, passedOver }) => [recorded, passedOver]);
  return { ...counts, consents: said(consents), blocks: said(contactBlocks) };
}

const rows: readonly string[] = [
  'Asha,9876500001,yes,no',
  'Ravi,9876500002,31/12/2025,',
  'Meena,9876500003,NA,Y',
  'Om,9876500004,maybe,no', // neither yes nor no
  'Neha,9876500005,हाँ,01/01/2026', // a day is no yes
  'Zoya,9876500006,16/01/2026,no', // tomorrow
  'Asha again,9876500001,yes,yes', // the phone of row 2
  'Tara,12345,yes,yes',
];

describeShapes((makeStorage) => {
  let store: TestStore;

  beforeAll(async () => {
    store = await newStore(await makeStorage(), now);
    await addWordings(store.admin);
  });

  async function saidOf(mobile: string): Promise<object> {
    const { leads, consents } = store.admin;
    const [found] = (await leads.find(mobile)).leads;
    if (found === undefined) return {};
    const given = (await consents.list(found.lead.id)).consents;
    const blocks = await consents.blocks(found.lead.id);
    return {
      consents: given.map(({ purpose, givenAt, source }) => `${purpose} ${givenAt} ${source}`).sort(),
      blocks: blocks.map(({ channel }) => channel),
    };
  }

  it('records with each lead what its row says, refuses rows that say it wrongly, and counts', async () => {
    const asked = await request(rows);
    const dry = await store.admin.imports.run({ ...asked, dryRun: true });
    const reports: RowReport[] = [];
    const rejectFile = `${asked.file}.rejects.csv`;
    const result = await store.admin.imports.run({ ...asked, rejectFile }, { onRow: (report) => reports.push(report) });
    expect(countsOf(result)).toEqual({
      ...{ rows: 8, created: 3, updated: 0, duplicates: 1, rejected: 4 },
      consents: [
        [2, 1],
        [3, 1],
      ],
      blocks: [[1, 1]],
    });
    expect(countsOf(dry)).toEqual(countsOf(result));
    expect(result.unmatched).toEqual([]);
    expect(result.consents[0]).toMatchObject({
      purpose: 'marketing',
      wording: { language: 'en', version: 1 },
      column: { letter: 'C', heading: 'Marketing OK' },
    });
    expect(
      reports.map(({ row, outcome, problems }) => [
        row,
        outcome,
        ...problems.map((one) => `${one.column}: ${one.rule}`),
      ]),
    ).toEqual([
      [5, 'rejected', 'Marketing OK: consent-cell'],
      [6, 'rejected', 'DND: consent-cell'],
      [7, 'rejected', 'Marketing OK: consent-date'],
      [8, 'duplicate', 'Mobile: duplicate'],
      [9, 'rejected', expect.stringMatching(/^Mobile: /)],
    ]);
    expect(await readFile(rejectFile, 'utf8')).toContain('Marketing OK: expected yes, no, or the day');
    const ofAll = `contact-by-call ${now} paper`;
    expect(await saidOf('9876500001')).toEqual({ consents: [ofAll, `marketing ${now} import`], blocks: [] });
    expect(await saidOf('9876500002')).toEqual({
      // The beginning of that day in India.
      consents: [ofAll, 'marketing 2025-12-30T18:30:00.000Z import'],
      blocks: [],
    });
    expect(await saidOf('9876500003')).toEqual({ consents: [ofAll], blocks: ['call'] });
    expect(await saidOf('9876500004')).toEqual({});
    const [found] = (await store.admin.leads.find('9876500001')).leads;
    const [given] = (await store.admin.consents.list(found?.lead.id ?? '')).consents;
    expect(given?.evidence).toEqual({ document: expect.stringMatching(/^fair-\d+\.csv, row 2$/) });

    const again = await store.admin.imports.run(asked);
    expect(countsOf(again)).toMatchObject({
      created: 0,
      duplicates: 4,
      consents: [
        [0, 1],
        [0, 1],
      ],
      blocks: [[0, 1]],
    });
    expect(await saidOf('9876500001')).toEqual({ consents: [ofAll, `marketing ${now} import`], blocks: [] });
    await store.lms.settle();
    const { rows: told } = await store.admin.audit.list({ eventType: 'consent.given', limit: 200 });
    expect(told).toHaveLength(5);
    const run = await store.admin.imports.get(result.runId ?? '');
    expect(run.mapping).toMatchObject({
      consents: [{ purpose: 'marketing', heading: 'Marketing OK' }, { heading: null }],
      contactBlocks: [{ channel: 'call', heading: 'DND' }],
    });
  });
}, allShapes);

describe('the consents of a file', () => {
  let lms: Lms;
  let admin: ReturnType<Lms['as']>;

  beforeEach(async () => {
    files += 1;
    const imports = { batchSize: 100, workers: 1 };
    lms = await createLms({ storage: sqlite({ file: join(folder, `lms-${files}.db`) }), key: testKey, imports });
    await lms.bootstrapAdmin({ id: 'root', name: 'Root' });
    admin = lms.as(root);
    await admin.schemas.publish(loanLine);
    await addWordings(admin);
    return () => lms.close();
  });

  const refused: readonly (readonly [string, Partial<ImportRequest>, string, string])[] = [
    [
      'an unknown purpose',
      { consents: [{ ...marketing, purpose: 'selling' }] },
      'CONSENT_PURPOSE_UNKNOWN',
      'consents.0.purpose',
    ],
    [
      'a text that there is not',
      { consents: [calls, { ...marketing, wording: { language: 'hi' } }] },
      'CONSENT_WORDING_NOT_FOUND',
      'consents.1.wording',
    ],
    [
      'a column that there is not',
      { consents: [{ ...marketing, column: 'Marketing' }] },
      'IMPORT_MAPPING_INVALID',
      'consents.0.column',
    ],
    [
      'the future',
      { consents: [{ ...calls, givenAt: '2199-01-01T00:00:00.000Z' }] },
      'INPUT_INVALID',
      'consents.0.givenAt',
    ],
    ['the same twice', { consents: [calls, { ...calls, column: 'DND' }] }, 'IMPORT_MAPPING_INVALID', 'consents.1'],
    [
      'two blocks of a channel',
      { contactBlocks: [doNotCall, { channel: 'call' }] },
      'IMPORT_MAPPING_INVALID',
      'contactBlocks.1',
    ],
  ];

  it.each(refused)('refuse the file before its first row where they name %s', async (_what, wrong, code, path) => {
    const asked = await request(['Asha,9876500001,yes,no'], wrong);
    for (const begin of [admin.imports.run, admin.imports.plan, admin.imports.detach]) {
      await expect(begin(asked)).rejects.toMatchObject({ code, path });
    }
    expect((await admin.leads.count()).leads).toBe(0);
  });

  it('are read from a workbook, and on a thread as on the calling one', async () => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('Leads');
    sheet.addRow(['Full name', 'Mobile', 'Marketing OK', 'DND', 'Remarks']);
    for (let at = 0; at < 4; at += 1) {
      sheet.addRow(['Asha', `98765010${at}0`, at === 0 ? new Date('2025-12-31') : at === 1, at === 2 ? true : 'n']);
    }
    const file = join(folder, 'fair.xlsx');
    await book.xlsx.writeFile(file);
    const said = { consents: [marketing], contactBlocks: [doNotCall] };
    const small = await admin.imports.run({ file, productLine: 'personal-loan', ...said });
    expect(countsOf(small)).toMatchObject({ created: 4, consents: [[2, 0]], blocks: [[1, 0]] });

    const large = Array.from({ length: 500 }, (_, at) => {
      return `Ravi ${'x'.repeat(600)},98766${String(at).padStart(5, '0')},yes,`;
    });
    const result = await admin.imports.run(await request([...large, 'Om,9876700000,perhaps,no']));
    expect(countsOf(result)).toMatchObject({
      created: 500,
      rejected: 1,
      consents: [
        [500, 0],
        [500, 0],
      ],
    });
  });

  it('stand in a mapping, which keeps no moment, and go with what flags say', async () => {
    const asked = await request(['Asha,9876500001,yes,no'], {
      consents: [{ ...calls, givenAt: '2026-01-01T00:00:00.000Z' }, marketing],
    });
    const result = await admin.imports.run(asked);
    const document = mappingUsed(asked, result);
    expect(document).toMatchObject({ consents: [calls, marketing], contactBlocks: [doNotCall] });
    expect(JSON.stringify(document)).not.toContain('givenAt');
    await admin.imports.mappings.save({ productLine: 'personal-loan', name: 'fair', document });
    const saved = await admin.imports.mappings.get({ productLine: 'personal-loan', name: 'fair' });
    const { file } = await request(['Ravi,9876500002,no,yes']);
    const bare = { file, productLine: 'personal-loan' };
    const next = await admin.imports.run(withMapping(bare, saved.document, 'fair'));
    expect(countsOf(next)).toMatchObject({
      created: 1,
      consents: [
        [1, 0],
        [0, 0],
      ],
      blocks: [[1, 0]],
    });
    const { consents } = withMapping({ ...bare, consents: [marketing] }, saved.document, 'fair');
    expect(consents).toEqual([marketing]);
    // Who names one more channel does not lose the others.
    const bySms = { channel: 'sms', column: 'Marketing OK' } as const;
    const { contactBlocks } = withMapping({ ...bare, contactBlocks: [bySms] }, saved.document, 'fair');
    expect(contactBlocks).toEqual([bySms, doNotCall]);
    const byOther = withMapping({ ...bare, contactBlocks: [{ channel: 'call', column: 'B' }] }, saved.document, 'fair');
    expect(byOther.contactBlocks).toEqual([{ channel: 'call', column: 'B' }]);
  });

  it('are those of the text that was the newest as the import was left to a worker', async () => {
    const asked = await request(['Asha,9876500001,yes,no', 'Ravi,9876500002,perhaps,no']);
    const { id } = await admin.imports.detach(asked);
    await admin.consents.wordings.add({ purpose: 'marketing', language: 'en', text: 'Another text.' });
    await lms.tick();
    const { result } = await admin.imports.detached(id);
    expect(result).toMatchObject({
      counts: { created: 1, rejected: 1 },
      consents: [{ purpose: 'marketing', recorded: 1, wording: { version: 1 } }, { recorded: 1 }],
      contactBlocks: [{ channel: 'call', recorded: 0 }],
    });
    const [found] = (await admin.leads.find('9876500001')).leads;
    const { consents } = await admin.consents.list(found?.lead.id ?? '', { purpose: 'marketing' });
    expect(consents.map(({ wording }) => wording.version)).toEqual([1]);
  });
});
