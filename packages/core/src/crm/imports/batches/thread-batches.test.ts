import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loanLine } from '../../../../test-support/loan-line.js';
import { root } from '../../../../test-support/store.js';
import { createLms, type Lms } from '../../../index.js';
import { sqlite } from '../../../storage/sqlite.js';
import type { ImportRequest, ImportResult, RowReport } from '../index.js';
import { ThreadBatches } from './thread-batches.js';

let folder: string;
let stores = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-thread-'));
});
afterAll(() => rm(folder, { recursive: true }));

const header = 'Full name,Mobile,Email,PAN,Loan amount,City';
const rowCount = 4_000;

/** Rows of all kinds: good ones, repeated people, refused ones; some with an address that makes the file long. */
function rows(): string[] {
  return Array.from({ length: rowCount }, (_, at) => {
    const serial = String(at % 17 === 0 ? Math.floor(at / 34) : at).padStart(5, '0');
    const mobile = at % 23 === 0 ? 'call him' : `98765${serial}`;
    const amount = at % 29 === 0 ? '#N/A' : '"2,50,000"';
    return `आशा Rao ${at},${mobile},asha${serial}@example.com,${at % 31 === 0 ? 'NA' : ''},${amount},Pune`;
  });
}

async function storeWith(imports: { readonly thread: boolean }): Promise<Lms> {
  stores += 1;
  const lms = await createLms({ storage: sqlite({ file: join(folder, `store-${stores}.db`) }), imports });
  await lms.bootstrapAdmin({ id: 'root', name: 'Root' });
  await lms.as(root).schemas.publish(loanLine);
  return lms;
}

interface Run {
  readonly result: ImportResult;
  readonly reports: readonly RowReport[];
}

async function run(lms: Lms, request: ImportRequest): Promise<Run> {
  const reports: RowReport[] = [];
  const result = await lms.as(root).imports.run(request, { onRow: (report) => reports.push(report) });
  return { result, reports };
}

/** Whether a thread for the import is started meanwhile: its program is asked for. */
async function threadsDuring<Result>(work: () => Promise<Result>): Promise<[Result, boolean]> {
  const started = vi.spyOn(ThreadBatches, 'start');
  try {
    const result = await work();
    return [result, started.mock.results.some(({ value }) => value !== null)];
  } finally {
    started.mockRestore();
  }
}

describe('reading on a thread', () => {
  it('gives every verdict, report and lead that reading on the calling thread gives', async () => {
    const file = join(folder, 'mixed.csv');
    await writeFile(file, [header, ...rows()].join('\n'));
    const request = { file, productLine: 'personal-loan' };
    const apart = await storeWith({ thread: true });
    const here = await storeWith({ thread: false });
    const [dry, dryOnThread] = await threadsDuring(() => run(apart, { ...request, dryRun: true }));
    const [real, realOnThread] = await threadsDuring(() => run(apart, request));
    const [local, localOnThread] = await threadsDuring(() => run(here, request));
    expect([dryOnThread, realOnThread, localOnThread]).toEqual([true, true, false]);
    expect(real.reports).toEqual(local.reports);
    expect(real.result.counts).toEqual(local.result.counts);
    expect(real.result.counts.created + real.result.counts.duplicates + real.result.counts.rejected).toBe(rowCount);
    expect(dry.result.counts).toEqual(real.result.counts);
    expect(real.result.emptied).toEqual([
      { letter: 'D', heading: 'PAN', field: 'pan', count: Math.ceil(rowCount / 31) },
    ]);
    expect([dry.result.emptied, local.result.emptied]).toEqual([real.result.emptied, real.result.emptied]);
    expect(dry.result.reasons).toEqual(real.result.reasons);
    expect(await people(apart)).toEqual(await people(here));
    const again = await run(apart, request);
    expect(again.result.counts).toMatchObject({ rows: rowCount, created: 0 });
    await Promise.all([apart.close(), here.close()]);
  }, 60_000);

  it('checks what was read ahead once more when the line is published meanwhile', async () => {
    const file = join(folder, 'published.csv');
    await writeFile(file, [header, ...rows()].join('\n'));
    const lms = await storeWith({ thread: true });
    const admin = lms.as(root);
    let published = false;
    const { fields, ...line } = loanLine;
    const stricter = fields.map((field) => (field.key === 'city' ? { ...field, validation: { maxLength: 3 } } : field));
    const result = await admin.imports.run(
      { file, productLine: 'personal-loan' },
      {
        onProgress: () => {
          if (published) return;
          published = true;
          return void admin.schemas.publish({ ...line, fields: stricter });
        },
      },
    );
    expect(result.counts.created).toBeGreaterThan(0);
    const refused = Object.entries(result.reasons).filter(([reason]) => reason.startsWith('city: '));
    expect(refused.map(([, count]) => count)).toEqual([expect.any(Number)]);
    expect(refused[0]?.[1]).toBeGreaterThan(2_000);
    const newest = await admin.schemas.schema('personal-loan');
    for await (const lead of admin.leads.list({ sort: { by: 'createdAt', direction: 'asc' } })) {
      expect((await admin.leads.get(lead.id)).schemaVersion).toBeLessThan(newest.version);
      break;
    }
    await lms.close();
  }, 60_000);

  it('tells what is wrong with the file as if it were read on the calling thread', async () => {
    const file = join(folder, 'cut.csv');
    const cut = Buffer.concat([Buffer.from([header, ...rows()].join('\n')), Buffer.alloc(17 * 1024 * 1024, 'x')]);
    await writeFile(file, cut);
    const lms = await storeWith({ thread: true });
    await expect(run(lms, { file, productLine: 'personal-loan' })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const [failed] = await lms.as(root).imports.list();
    expect(failed).toMatchObject({ status: 'failed', counts: { rows: expect.any(Number) } });
    await lms.close();
  }, 60_000);
});

async function people(lms: Lms): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const lead of lms.as(root).leads.list({ productLine: 'personal-loan' })) names.push(lead.name ?? '');
  return names.sort();
}
