import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { newStore } from '../../../test-support/store.js';
import type { ImportRequest, ImportResult } from './index.js';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-update-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function update(lines: readonly string[], more: Partial<ImportRequest> = {}): Promise<ImportRequest> {
  files += 1;
  const file = join(folder, `update-${files}.csv`);
  await writeFile(file, lines.join('\n'));
  return { file, productLine: 'personal-loan', duplicates: 'update', ...more };
}

function verdicts({ counts, reasons, firstRejects, firstDuplicates, status }: ImportResult): object {
  return { counts, reasons, status, rejects: firstRejects, duplicates: firstDuplicates.map(({ row }) => row) };
}

const header = 'Full name,Mobile,Email,PAN,Loan amount,City';

describeShapes((makeStorage) => {
  it('writes the filled cells of a duplicate into the lead that it repeats; empty cells change nothing', async () => {
    const { admin } = await newStore(await makeStorage());
    const fields = { fullName: 'Asha Rao', mobile: '9876500001', city: 'Pune', loanAmount: '2 lakh' };
    const lead = await admin.leads.create({ productLine: 'personal-loan', fields });
    const request = await update([
      header,
      'Asha R. Rao,98765 00001,asha@example.com,,,Mumbai',
      'Ravi Iyer,9876500002,,,,Nagpur',
      'Ravi Iyer,9876500002,,,"3,00,000",',
    ]);
    const promised = await admin.imports.run({ ...request, dryRun: true });
    expect((await admin.leads.get(lead.id)).version).toBe(lead.version);
    const done = await admin.imports.run(request);
    expect(verdicts(promised)).toEqual(verdicts(done));
    expect(done.counts).toEqual({ rows: 3, created: 1, updated: 2, duplicates: 0, rejected: 0 });
    const changed = await admin.leads.get(lead.id);
    expect(changed.entered).toMatchObject({ fullName: 'Asha R. Rao', city: 'Mumbai', loanAmount: '2 lakh' });
    const found = (await admin.leads.list({ productLine: 'personal-loan' }).page()).items;
    const ravi = await admin.leads.get(found.find(({ name }) => name === 'Ravi Iyer')?.id ?? '');
    expect(ravi.entered).toMatchObject({ city: 'Nagpur', loanAmount: '3,00,000' });
  });

  it('lets a row lack required values when a lead has its unique ones, and refuses it otherwise', async () => {
    const { admin } = await newStore(await makeStorage());
    const fields = { fullName: 'Asha Rao', mobile: '9876500001' };
    const lead = await admin.leads.create({ productLine: 'personal-loan', fields });
    const request = await update(['Mobile,City', '9876500001,Mumbai', '9876500009,Mumbai', ',Delhi']);
    const promised = await admin.imports.run({ ...request, dryRun: true });
    const done = await admin.imports.run(request);
    expect(verdicts(promised)).toEqual(verdicts(done));
    expect(done.counts).toEqual({ rows: 3, created: 0, updated: 1, duplicates: 0, rejected: 2 });
    expect((await admin.leads.get(lead.id)).entered['city']).toBe('Mumbai');
  });

  it('refuses a row that fits two leads, or whose values the lead cannot take, into a reject file', async () => {
    const { admin } = await newStore(await makeStorage());
    const productLine = 'personal-loan';
    await admin.leads.create({ productLine, fields: { fullName: 'Asha Rao', mobile: '9876500001' } });
    const ravi = { fullName: 'Ravi Iyer', mobile: '9876500002', email: 'ravi@example.com' };
    await admin.leads.create({ productLine, fields: ravi });
    const rejectFile = join(folder, `rejects-${files}.csv`);
    const request = await update(
      [header, 'Asha Rao,9876500001,ravi@example.com,,,Pune', 'Asha Rao,9876500001,,,500,Pune'],
      { rejectFile },
    );
    const promised = await admin.imports.run({ ...request, dryRun: true, rejectFile: `${rejectFile}.dry` });
    const done = await admin.imports.run(request);
    expect(verdicts(promised)).toEqual(verdicts(done));
    expect(done.counts).toMatchObject({ rows: 2, updated: 0, rejected: 2 });
    expect(done.firstRejects[0]?.problems[0]).toMatchObject({ rule: 'fits-two-leads' });
    expect(await readFile(rejectFile, 'utf8')).toMatch(
      /Mobile belongs to LEAD-\d+-00001, Email belongs to LEAD-\d+-00002/,
    );
  });

  it('tells a row that has a lead nothing of required values, whatever else refuses it', async () => {
    const { admin } = await newStore(await makeStorage());
    const fields = { fullName: 'Asha Rao', mobile: '9876500001', email: 'asha@example.com', city: 'Pune' };
    const lead = await admin.leads.create({ productLine: 'personal-loan', fields });
    const request = await update([
      'Mobile,Email,Loan amount,City,PAN',
      '9876500001,,plenty,Mumbai,',
      '9876500001,,#N/A,Mumbai,',
      ',asha@example.com,,Nagpur,NA',
      '9876500007,,plenty,Thane,-',
      'NA,nobody,,Thane,',
    ]);
    const promised = await admin.imports.run({ ...request, dryRun: true });
    const done = await admin.imports.run(request);
    expect(verdicts(promised)).toEqual(verdicts(done));
    expect(done.counts).toEqual({ rows: 5, created: 0, updated: 1, duplicates: 0, rejected: 4 });
    const told = done.firstRejects.map(({ row, problems }) => [
      row,
      problems.map(({ field, rule }) => `${field} ${rule}`),
    ]);
    expect(told).toEqual([
      [2, ['loanAmount type']],
      [3, ['loanAmount cell-formula']],
      [5, ['loanAmount type', 'fullName required']],
      [6, ['email type', 'fullName required', 'mobile required']],
    ]);
    expect(done.firstRejects[3]?.problems[2]?.message).toMatch(/^Mobile is required, and the cell is empty/);
    const count = { letter: 'E', heading: 'PAN', field: 'pan', count: 2 };
    expect(done.emptied).toEqual([{ letter: 'A', heading: 'Mobile', field: 'mobile', count: 1 }, count]);
    expect(promised.emptied).toEqual(done.emptied);
    expect((await admin.leads.get(lead.id)).entered).toMatchObject({ city: 'Nagpur', mobile: '9876500001' });
  });

  it('updates no row twice when the file comes again, so that what people changed since stays', async () => {
    const { admin } = await newStore(await makeStorage());
    const productLine = 'personal-loan';
    const lead = await admin.leads.create({ productLine, fields: { fullName: 'Asha Rao', mobile: '9876500001' } });
    const request = await update([header, 'Asha Rao,9876500001,,,,Mumbai']);
    await admin.imports.run(request);
    await admin.leads.update(lead.id, { fields: { city: 'Chennai' } });
    const again = await admin.imports.run(request);
    expect(again.counts).toMatchObject({ updated: 0, duplicates: 1 });
    expect(again.firstDuplicates[0]).toMatchObject({ of: lead.number, problems: [{ rule: 'imported-before' }] });
    expect((await admin.leads.get(lead.id)).entered['city']).toBe('Chennai');
  });

  it('leaves alone what the actor may not change, and names it only to who may see it', async () => {
    const { admin, user } = await newStore(await makeStorage());
    const productLine = 'personal-loan';
    const lead = await admin.leads.create({ productLine, fields: { fullName: 'Asha Rao', mobile: '9876500001' } });
    const manager = await user('meera', ['manager'], ['north']);
    await user('anil', ['agent'], ['north']);
    await admin.leads.assign(lead.id, { to: 'anil' });
    const other = await user('zoya', ['manager'], ['south']);
    const request = await update([header, 'Asha Rao,9876500001,,,,Mumbai']);
    for (const [services, updated] of [
      [other, 0], // its phone is taken
      [manager, 1],
      [other, 0], // the row was imported before
      [admin, 0],
    ] as const) {
      const dry = await services.imports.run({ ...request, dryRun: true });
      const done = await services.imports.run(request);
      expect(verdicts(dry)).toEqual(verdicts(done));
      expect(done.counts).toMatchObject({ updated, duplicates: 1 - updated });
      if (services === other) expect(JSON.stringify([dry, done])).not.toContain(lead.number);
      if (services === admin) expect(done.firstDuplicates[0]).toMatchObject({ of: lead.number });
    }
  });
});
